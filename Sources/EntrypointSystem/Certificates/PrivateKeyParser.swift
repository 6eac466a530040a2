import CCrypto
import EntrypointCore

extension PrivateKey {
  /// Reads the key of `file` as SSL_CTX_use_PrivateKey_file(3) does.
  ///
  /// Notes in `facts` what is wrong with it. `chain` are the certificates that it may belong to.
  init?(
    _ file: CertificateReader.LoadedFile,
    _ facts: inout FileFacts,
    chain: [OpaquePointer]
  ) {
    guard facts.requireContent(.key, in: file.bytes) else { return nil }
    guard !PEMLabels.firstKeyIsEncrypted(in: file.bytes) else {
      self = .encrypted
      return
    }
    let key = withBIO(file.bytes) { PEM_read_bio_PrivateKey($0, nil, refusePassphrase, nil) }
    guard let key else {
      facts.noteUndecodable(1)
      return nil
    }
    defer {
      EVP_PKEY_free(key)
      ERR_clear_error()
    }
    let fits = chain.indices.filter { EVP_PKEY_eq(X509_get0_pubkey(chain[$0]), key) == 1 }
    self = .open(algorithm: algorithm(of: key), fits: Array(fits))
  }
}
