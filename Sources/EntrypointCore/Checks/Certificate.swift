import PostgresConfig

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
  /// Whether its key is restricted to signatures that TLS does not make: one of kind RSA-PSS for a digest
  /// or a length of salt that is not TLS's.
  public var hasRestrictedKey: Bool
  /// How it was signed, in OpenSSL's words.
  public var signatureAlgorithm: String
  /// What its signature is made over.
  public var signatureDigest: SignatureDigest
  /// Whether it says that it is an authority's.
  public var isAuthority: Bool
  /// How strong its key and its signature are.
  public var strength: Strength
  /// Why OpenSSL refuses to read its extensions, when it does.
  public var extensionFault: ExtensionFault?

  /// How strong a certificate is, in bits of security as OpenSSL counts them.
  public struct Strength: Equatable, Sendable {
    /// Of the key; -1 when OpenSSL cannot use it.
    public var key: Int
    /// Of the signature; nil when nobody asks, because the certificate signed itself.
    public var signature: Int?

    /// A strength.
    public init(key: Int, signature: Int?) {
      self.key = key
      self.signature = signature
    }
  }

  /// What OpenSSL finds wrong with extensions that it has to understand.
  public enum ExtensionFault: Equatable, Sendable {
    /// The one of this name cannot be decoded.
    case undecodable(String)
    /// The one of this name stands there twice.
    case repeated(String)
    /// One has a value that is not allowed, or they contradict each other.
    case invalid
  }

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
    hasRestrictedKey: Bool = false,
    signatureAlgorithm: String,
    signatureDigest: SignatureDigest,
    isAuthority: Bool,
    strength: Strength = Strength(key: 128, signature: 128),
    extensionFault: ExtensionFault? = nil
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
    self.hasRestrictedKey = hasRestrictedKey
    self.signatureAlgorithm = signatureAlgorithm
    self.signatureDigest = signatureDigest
    self.isAuthority = isAuthority
    self.strength = strength
    self.extensionFault = extensionFault
  }
}

/// A private key, as far as anybody but its owner may know it.
public enum PrivateKey: Equatable, Sendable {
  /// It asks for a passphrase.
  case encrypted
  /// It is of this algorithm, and fits the certificates with these indexes in the chain.
  case open(algorithm: String, fits: [Int])
}
