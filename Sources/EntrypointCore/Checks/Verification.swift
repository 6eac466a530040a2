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
    /// The certificates with the name of the one that should have signed `certificate`, where the fault is
    /// that it was not found, or did not sign.
    public var namesakes: [Namesake] = []
    /// The revocation lists of the authority that signed `certificate`, where the fault is that none
    /// serves.
    public var lists: [List] = []
    /// The authority whose nameConstraints `certificate` violates, where that is the fault.
    public var constrainer: Certificate?
    /// The critical extension that OpenSSL does not know, where that is the fault.
    public var unknownExtension: String?

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

    /// The error, when it is one that can occur.
    public var kind: VerificationError? { VerificationError(rawValue: code) }
  }

  /// A certificate with the name of the one that should have signed another.
  public struct Namesake: Equatable, Sendable {
    /// The certificate.
    public var certificate: Certificate
    /// Whether it stands in the file of the authorities, which are trusted, and not behind the node's own.
    public var isTrusted: Bool
    /// Its number in its file, from 1.
    public var number: Int
    /// Whether its key made the signature.
    public var isSigner: Bool
    /// Whether its key made its own signature, too.
    public var isRoot: Bool
    /// Whether the signed certificate's authorityKeyIdentifier names its key.
    public var isIdentified: Bool
    /// Whether the signed certificate's authorityKeyIdentifier, or the kind of its signature, rules it out.
    public var isRuledOut: Bool

    /// A certificate of that name.
    public init(
      certificate: Certificate,
      isTrusted: Bool,
      number: Int,
      isSigner: Bool,
      isRoot: Bool,
      isIdentified: Bool,
      isRuledOut: Bool
    ) {
      self.certificate = certificate
      self.isTrusted = isTrusted
      self.number = number
      self.isSigner = isSigner
      self.isRoot = isRoot
      self.isIdentified = isIdentified
      self.isRuledOut = isRuledOut
    }
  }

  /// A revocation list of an authority.
  public struct List: Equatable, Sendable {
    /// Its number in its file, from 1.
    public var number: Int
    /// Whether the authority's key made its signature.
    public var isSigned: Bool
    /// Whether it is for some certificates or reasons only, or has only what is new, by an
    /// issuingDistributionPoint or a deltaCRLIndicator.
    public var isPartial: Bool

    /// A list.
    public init(number: Int, isSigned: Bool, isPartial: Bool) {
      self.number = number
      self.isSigned = isSigned
      self.isPartial = isPartial
    }
  }
}
