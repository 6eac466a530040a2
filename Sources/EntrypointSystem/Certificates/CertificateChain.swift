import CCrypto
import EntrypointCore

/// The node's certificate and the intermediate ones behind it.
struct CertificateChain {
  private(set) var certificates: [OpaquePointer] = []

  /// Loads `file` as SSL_CTX_use_certificate_chain_file(3) does, and notes in `facts` what is wrong.
  init(_ file: CertificateReader.LoadedFile, _ facts: inout FileFacts) {
    guard facts.requireContent(.certificate, in: file.bytes) else { return }
    var isComplete = false
    withBIO(file.bytes) { bio in
      var next = PEM_read_bio_X509_AUX(bio, nil, refusePassphrase, nil)
      while let certificate = next {
        certificates.append(certificate)
        next = PEM_read_bio_X509(bio, nil, refusePassphrase, nil)
      }
      isComplete = OpenSSLError.wasEndOfFile()
    }
    // A line can look like the beginning of a block, and be none for OpenSSL.
    if isComplete, !certificates.isEmpty {
      ERR_clear_error()
    } else {
      facts.noteUndecodable(certificates.count + 1)
      free()
      certificates = []
    }
  }

  func free() {
    for certificate in certificates { X509_free(certificate) }
  }

  /// What the peers would say of the chain.
  ///
  /// Both trust the same authorities. A peer gets the intermediate certificates with the node's own.
  func verification(
    trusting files: [TrustedFile],
    checksRevocation: Bool,
    at now: Int
  ) -> Verification? {
    guard let leaf = certificates.first, let store = X509_STORE_new(),
      let others = ccrypto_sk_x509_new()
    else { return nil }
    defer {
      X509_STORE_free(store)
      ccrypto_sk_x509_free(others)
      ERR_clear_error()
    }
    for file in files {
      for certificate in file.certificates { X509_STORE_add_cert(store, certificate) }
      for list in file.revocationLists { X509_STORE_add_crl(store, list) }
    }
    for certificate in certificates.dropFirst() {
      _ = ccrypto_sk_x509_push(others, certificate)
    }
    let handshake = Handshake(
      leaf: leaf,
      others: others,
      store: store,
      checksRevocation: checksRevocation,
      now: now
    )
    let asServer = handshake.outcome("ssl_server")
    var asClient = handshake.outcome("ssl_client", signaturesAreChecked: true)
    if asClient.chain != asServer.chain { asClient = handshake.outcome("ssl_client") }
    return Verification(
      chain: asServer.chain.map { Certificate($0) },
      faultsAsServer: asServer.faults,
      faultsAsClient: asClient.faults
    )
  }
}

/// What libssl verifies a peer's certificate with.
private struct Handshake {
  let leaf: OpaquePointer
  /// The intermediate certificates that the peer sends along.
  let others: OpaquePointer
  let store: OpaquePointer
  let checksRevocation: Bool
  let now: Int

  /// The chain that OpenSSL built, and what it found wrong with it.
  struct Outcome {
    var chain: [OpaquePointer] = []
    var faults: [Verification.Fault] = []
  }

  /// Debian's OpenSSL, and from 3.2 on everybody's, refuses keys below 112 bits of security.
  ///
  /// See SSL_CTX_set_security_level(3).
  private static let securityLevel: Int32 = 2

  /// Verifies as libssl does during a handshake, and goes on after a fault to find the others.
  ///
  /// Signatures and dates of a chain do not depend on its purpose, and signatures take most of the
  /// time: of a chain for which they are checked already, the rest is.
  func outcome(_ purpose: String, signaturesAreChecked: Bool = false) -> Outcome {
    var outcome = Outcome()
    let context = X509_STORE_CTX_new()
    defer { X509_STORE_CTX_free(context) }
    guard context != nil, X509_STORE_CTX_init(context, store, leaf, others) == 1,
      X509_STORE_CTX_set_default(context, purpose) == 1
    else {
      outcome.faults = [Verification.Fault(X509_V_ERR_OUT_OF_MEM, about: leaf)]
      return outcome
    }
    let parameters = X509_STORE_CTX_get0_param(context)
    X509_VERIFY_PARAM_set_auth_level(parameters, Self.securityLevel)
    X509_VERIFY_PARAM_set_time(parameters, now)
    if checksRevocation {
      let flags = X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL
      X509_VERIFY_PARAM_set_flags(parameters, UInt(flags))
    }
    X509_STORE_CTX_set_verify_cb(context, noteFault)
    if signaturesAreChecked { X509_STORE_CTX_set_verify(context) { _ in 1 } }
    let isAccepted = withUnsafeMutablePointer(to: &outcome.faults) { faults in
      _ = ccrypto_x509_store_ctx_set_app_data(context, faults)
      return X509_verify_cert(context) == 1
    }
    if !isAccepted, outcome.faults.isEmpty {
      outcome.faults = [Verification.Fault(X509_STORE_CTX_get_error(context), about: leaf)]
    }
    // The store and the chain file keep the certificates for longer than the context does.
    if let chain = X509_STORE_CTX_get0_chain(context) {
      outcome.chain = (0..<ccrypto_sk_x509_num(chain)).compactMap {
        ccrypto_sk_x509_value(chain, $0)
      }
    }
    return outcome
  }
}

/// OpenSSL calls this for every certificate: with 1 when it is right, with 0 for each fault.
private func noteFault(_ isRight: Int32, _ context: OpaquePointer?) -> Int32 {
  guard isRight == 0, let data = ccrypto_x509_store_ctx_get_app_data(context),
    let current = X509_STORE_CTX_get_current_cert(context) ?? X509_STORE_CTX_get0_cert(context)
  else { return isRight }
  let list = X509_STORE_CTX_get0_current_crl(context)
  var fault = Verification.Fault(X509_STORE_CTX_get_error(context), about: current)
  fault.depth = Int(X509_STORE_CTX_get_error_depth(context))
  fault.listUpdate = list.flatMap { seconds(X509_CRL_get0_nextUpdate($0)) }
  data.assumingMemoryBound(to: [Verification.Fault].self).pointee.append(fault)
  return 1
}

extension Verification.Fault {
  /// The error `code` of X509_STORE_CTX_get_error(3).
  fileprivate init(_ code: Int32, about certificate: OpaquePointer) {
    self.init(
      code: code,
      text: String(cString: X509_verify_cert_error_string(Int(code))),
      depth: 0,
      certificate: Certificate(certificate)
    )
  }
}
