import PostgresConfig

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

/// What was found at a path.
public struct FileFacts: Equatable, Sendable {
  /// What became of reading it.
  public enum Reading: Equatable, Sendable {
    /// There is nothing at the path.
    case missing
    /// It could not be read, for the reason that the system gave.
    case failed(String)
    /// It was read, and what was expected stands in it.
    case read
    /// It was read, and nothing stands in it.
    case empty
    /// It holds PEM blocks with these labels, or none, and not the one that was expected.
    case lacking(labels: [String], isDER: Bool)
    /// It holds the PEM blocks that were expected, and null bytes.
    case binary
    /// The block of this number, of those that were expected, cannot be decoded; OpenSSL's reason.
    case undecodable(number: Int, reason: String)
  }

  /// The path, as it was given.
  public var path: String
  /// What became of reading it.
  public var reading: Reading
  /// Who may use it, when the system told; symbolic links were followed.
  public var permissions: Permissions?

  /// Facts about a file.
  public init(path: String, reading: Reading, permissions: Permissions?) {
    self.path = path
    self.reading = reading
    self.permissions = permissions
  }

  /// Who may use a file.
  public struct Permissions: Equatable, Sendable {
    /// The twelve bits that chmod(1) sets.
    public var mode: UInt32
    /// The user it belongs to.
    public var owner: UInt32
    /// The group it belongs to.
    public var group: UInt32

    /// The rights on a file.
    public init(mode: UInt32, owner: UInt32, group: UInt32) {
      self.mode = mode
      self.owner = owner
      self.group = group
    }
  }
}

/// A certificate, as far as it matters here.
public struct Certificate: Equatable, Sendable {
  /// The subject, on one line.
  public var subject: String
  /// Who signed it, on one line.
  public var issuer: String
  /// The bytes of the subject's first CN: the one that PostgreSQL looks at.
  public var commonName: [UInt8]?
  /// The names and addresses of the subjectAltName extension, in their order.
  public var alternativeNames: [ServerIdentity.Name]
  /// In hexadecimal.
  public var serial: String
  /// The first second of its life, since 1970.
  public var notBefore: Int
  /// The last second of its life, since 1970.
  public var notAfter: Int
  /// What it may be used for.
  public var usage: Usage
  /// The kind and size of its key, such as `RSA 2048`.
  public var keyAlgorithm: String
  /// OpenSSL's name for the key's elliptic curve, when it is a key on one that has a name.
  public var curve: String?
  /// How it was signed, in OpenSSL's words.
  public var signatureAlgorithm: String
  /// What its signature is made over.
  public var signatureDigest: SignatureDigest
  /// Whether it says that it is an authority's.
  public var isAuthority: Bool

  /// What a signature is made over.
  public enum SignatureDigest: Equatable, Sendable {
    /// A digest that the signature's algorithm names.
    case named
    /// The certificate itself, as Ed25519 and Ed448 do.
    case none
    /// OpenSSL does not know the signature's algorithm.
    case unknown
  }

  /// What the keyUsage and extendedKeyUsage extensions allow, of what TLS asks for.
  public struct Usage: Equatable, Sendable {
    /// digitalSignature, or no keyUsage extension.
    public var signs: Bool
    /// serverAuth, or no extendedKeyUsage extension.
    public var serves: Bool
    /// clientAuth, or no extendedKeyUsage extension.
    public var connects: Bool

    /// What is allowed.
    public init(signs: Bool, serves: Bool, connects: Bool) {
      self.signs = signs
      self.serves = serves
      self.connects = connects
    }
  }

  /// A certificate.
  public init(
    subject: String,
    issuer: String,
    commonName: [UInt8]?,
    alternativeNames: [ServerIdentity.Name],
    serial: String,
    notBefore: Int,
    notAfter: Int,
    usage: Usage,
    keyAlgorithm: String,
    curve: String? = nil,
    signatureAlgorithm: String,
    signatureDigest: SignatureDigest,
    isAuthority: Bool
  ) {
    self.subject = subject
    self.issuer = issuer
    self.commonName = commonName
    self.alternativeNames = alternativeNames
    self.serial = serial
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.usage = usage
    self.keyAlgorithm = keyAlgorithm
    self.curve = curve
    self.signatureAlgorithm = signatureAlgorithm
    self.signatureDigest = signatureDigest
    self.isAuthority = isAuthority
  }
}

/// A private key, as far as anybody but its owner may know it.
public enum PrivateKey: Equatable, Sendable {
  /// It asks for a passphrase.
  case encrypted
  /// It is of this algorithm, and fits the certificates with these indexes in the chain.
  case open(algorithm: String, fits: [Int])
}

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
