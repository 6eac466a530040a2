/// What OpenSSL says of the chain from the node's certificate to an authority, in both roles.
public struct Verification: Equatable, Sendable {
  /// The chain that was found, from the node's certificate upwards.
  public var chain: [Certificate]
  /// What libpq objects to, which meets the node as a server; in the order in which OpenSSL found it.
  public var faultsAsServer: [Fault]
  /// What PostgreSQL objects to, which meets the node as a client.
  public var faultsAsClient: [Fault]

  /// A chain, and what is wrong with it in either role.
  public init(chain: [Certificate], faultsAsServer: [Fault], faultsAsClient: [Fault]) {
    self.chain = chain
    self.faultsAsServer = faultsAsServer
    self.faultsAsClient = faultsAsClient
  }

  /// One thing that is wrong with a chain.
  public struct Fault: Equatable, Sendable {
    /// OpenSSL's number for it; see X509_STORE_CTX_get_error(3).
    public var code: Int32
    /// OpenSSL's words for it.
    public var text: String
    /// How far up the chain it is; 0 is the node's own certificate.
    public var depth: Int
    /// The certificate that it is about.
    public var certificate: Certificate
    /// When the revocation list that was looked at was to be replaced, if that is what is wrong.
    public var listUpdate: Int?

    /// A fault.
    public init(
      code: Int32,
      text: String,
      depth: Int,
      certificate: Certificate,
      listUpdate: Int? = nil
    ) {
      self.code = code
      self.text = text
      self.depth = depth
      self.certificate = certificate
      self.listUpdate = listUpdate
    }

    /// The errors of X509_STORE_CTX_get_error(3) that have messages of their own here.
    public enum Kind: Int32, Sendable {
      case unableToGetIssuer = 2
      case unableToGetRevocationList = 3
      case signature = 7
      case revocationListSignature = 8
      case notYetValid = 9
      case expired = 10
      case revocationListNotYetValid = 11
      case revocationListExpired = 12
      case selfSigned = 18
      case selfSignedInChain = 19
      case unableToGetIssuerLocally = 20
      case unableToVerifyLeaf = 21
      case revoked = 23
      case pathTooLong = 25
      case purpose = 26
      case untrusted = 27
      case rejected = 28
      case keyUsageLacksCertSign = 32
      case keyTooSmall = 66
      case authorityKeyTooSmall = 67
      case digestTooWeak = 68
      case noAuthority = 79
    }

    /// The error, when it is one of those that have messages of their own.
    public var kind: Kind? { Kind(rawValue: code) }
  }
}
