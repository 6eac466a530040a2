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
  /// Both trust the same authorities. A peer gets the intermediate certificates with the node's own. Those that were
  /// looked at before are `known`.
  func verification(
    trusting files: [TrustedFile],
    known: [(OpaquePointer, Certificate)],
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
    let asServer = handshake.verify("ssl_server")
    var asClient = handshake.verify("ssl_client", signaturesAreChecked: true)
    if asClient.chain != asServer.chain { asClient = handshake.verify("ssl_client") }
    let files = FaultFinder(
      authorities: files.flatMap { $0.certificates },
      chain: certificates,
      lists: files.flatMap { $0.revocationLists }
    )
    return Verification(
      chain: asServer.chain.map { certificate in
        known.first { $0.0 == certificate }?.1 ?? Certificate(certificate)
      },
      faultsAsServer: asServer.faults.map { files.fault($0, in: asServer.chain) },
      faultsAsClient: asClient.faults.map { files.fault($0, in: asClient.chain) }
    )
  }
}
