/// Everything that was found out about the certificate files, without any judgement.
public struct CertificateFacts: Equatable, Sendable {
  /// What became of reading each file.
  public var files: CertificateFiles<FileFacts>
  /// The user whose rights count.
  public var user: UInt32
  /// The certificates of the authorities' file, in its order.
  public var authorities: [Certificate]
  /// The certificates of the certificate file: the node's own, then intermediate ones.
  public var chain: [Certificate]
  /// The key, when there is one that could be looked at.
  public var key: PrivateKey?
  /// The revocation lists, in their order.
  public var revocationLists: [RevocationList]
  /// What is wrong with the chain in the eyes of the peers; nil when there is no certificate.
  public var verification: Verification?

  /// The node's own certificate.
  public var leaf: Certificate? { chain.first }

  /// Facts.
  public init(
    files: CertificateFiles<FileFacts>,
    user: UInt32,
    authorities: [Certificate] = [],
    chain: [Certificate] = [],
    key: PrivateKey? = nil,
    revocationLists: [RevocationList] = [],
    verification: Verification? = nil
  ) {
    self.files = files
    self.user = user
    self.authorities = authorities
    self.chain = chain
    self.key = key
    self.revocationLists = revocationLists
    self.verification = verification
  }
}

/// One thing for each of the files that TLS needs.
public struct CertificateFiles<Element> {
  /// For the certificate authorities, `ssl_ca_file` and `sslrootcert`.
  public var authority: Element
  /// For the node's certificate, `ssl_cert_file` and `sslcert`.
  public var certificate: Element
  /// For its key, `ssl_key_file` and `sslkey`.
  public var key: Element
  /// For the revocation list, `ssl_crl_file` and `sslcrl`, when there should be one.
  public var revocationList: Element?

  /// One thing for each file.
  public init(authority: Element, certificate: Element, key: Element, revocationList: Element?) {
    self.authority = authority
    self.certificate = certificate
    self.key = key
    self.revocationList = revocationList
  }

  /// Something else for each file.
  public func map<Other>(_ transform: (Element) -> Other) -> CertificateFiles<Other> {
    CertificateFiles<Other>(
      authority: transform(authority),
      certificate: transform(certificate),
      key: transform(key),
      revocationList: revocationList.map(transform)
    )
  }
}

extension CertificateFiles: Equatable where Element: Equatable {}
extension CertificateFiles: Sendable where Element: Sendable {}

/// A list of revoked certificates.
public struct RevocationList: Equatable, Sendable {
  /// Who signed it, on one line.
  public var issuer: String
  /// When it was made, in seconds since 1970.
  public var lastUpdate: Int
  /// When the next one was promised.
  public var nextUpdate: Int?
  /// The number of certificates on it.
  public var count: Int

  /// A list.
  public init(issuer: String, lastUpdate: Int, nextUpdate: Int?, count: Int) {
    self.issuer = issuer
    self.lastUpdate = lastUpdate
    self.nextUpdate = nextUpdate
    self.count = count
  }
}
