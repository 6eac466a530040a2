import CCrypto

/// What libssl verifies a peer's certificate with.
struct Handshake {
  let leaf: OpaquePointer
  /// The intermediate certificates that the peer sends along.
  let others: OpaquePointer
  let store: OpaquePointer
  let checksRevocation: Bool
  let now: Int

  /// The chain that OpenSSL built, and what it found wrong with it.
  ///
  /// The store and the chain file keep the certificates and lists for longer than a verification takes.
  struct Result {
    var chain: [OpaquePointer] = []
    var faults: [Fault] = []
  }

  /// An error of X509_STORE_CTX_get_error(3).
  struct Fault {
    var code: Int32
    /// How far up the chain; 0 is the node's own certificate.
    var depth = 0
    var certificate: OpaquePointer
    var list: OpaquePointer?
  }

  /// Debian's OpenSSL, and from 3.2 on everybody's, refuses keys below 112 bits of security.
  ///
  /// See SSL_CTX_set_security_level(3).
  private static let securityLevel: Int32 = 2

  /// Verifies as libssl does during a handshake, and goes on after a fault to find the others.
  ///
  /// Signatures and dates of a chain do not depend on its purpose, and signatures take most of the
  /// time: of a chain for which they are checked already, the rest is.
  func verify(_ purpose: String, signaturesAreChecked: Bool = false) -> Result {
    var result = Result()
    let context = X509_STORE_CTX_new()
    defer { X509_STORE_CTX_free(context) }
    guard context != nil, X509_STORE_CTX_init(context, store, leaf, others) == 1,
      X509_STORE_CTX_set_default(context, purpose) == 1
    else {
      result.faults = [Fault(code: X509_V_ERR_OUT_OF_MEM, certificate: leaf)]
      return result
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
    let isAccepted = withUnsafeMutablePointer(to: &result.faults) { faults in
      _ = ccrypto_x509_store_ctx_set_app_data(context, faults)
      return X509_verify_cert(context) == 1
    }
    if !isAccepted, result.faults.isEmpty {
      result.faults = [Fault(code: X509_STORE_CTX_get_error(context), certificate: leaf)]
    }
    if let chain = X509_STORE_CTX_get0_chain(context) {
      result.chain = (0..<ccrypto_sk_x509_num(chain)).compactMap {
        ccrypto_sk_x509_value(chain, $0)
      }
    }
    return result
  }
}

/// OpenSSL calls this for every certificate: with 1 when it is right, with 0 for each fault.
private func noteFault(_ isRight: Int32, _ context: OpaquePointer?) -> Int32 {
  guard isRight == 0, let data = ccrypto_x509_store_ctx_get_app_data(context),
    let current = X509_STORE_CTX_get_current_cert(context) ?? X509_STORE_CTX_get0_cert(context)
  else { return isRight }
  let fault = Handshake.Fault(
    code: X509_STORE_CTX_get_error(context),
    depth: Int(X509_STORE_CTX_get_error_depth(context)),
    certificate: current,
    list: X509_STORE_CTX_get0_current_crl(context)
  )
  data.assumingMemoryBound(to: [Handshake.Fault].self).pointee.append(fault)
  return 1
}
