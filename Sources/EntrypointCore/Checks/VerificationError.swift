/// The errors of X509_STORE_CTX_get_error(3) that PostgreSQL and libpq can come to, by OpenSSL's numbers.
///
/// They set no flags but those for revocation lists, and no purpose, depth or policy of their own.
public enum VerificationError: Int32, CaseIterable, Sendable {
  case unspecified = 1
  case unableToGetIssuer = 2
  case unableToGetRevocationList = 3
  case issuerKeyUnreadable = 6
  case signature = 7
  case revocationListSignature = 8
  case notYetValid = 9
  case expired = 10
  case revocationListNotYetValid = 11
  case revocationListExpired = 12
  case notBeforeUnreadable = 13
  case notAfterUnreadable = 14
  case lastUpdateUnreadable = 15
  case nextUpdateUnreadable = 16
  case outOfMemory = 17
  case selfSigned = 18
  case selfSignedInChain = 19
  case unableToGetIssuerLocally = 20
  case unableToVerifyLeaf = 21
  case chainTooLong = 22
  case revoked = 23
  case pathTooLong = 25
  case purpose = 26
  case untrusted = 27
  case rejected = 28
  case keyUsageLacksCertSign = 32
  case unableToGetRevocationListIssuer = 33
  case unknownCriticalExtension = 34
  case keyUsageLacksCRLSign = 35
  case unknownCriticalExtensionOfList = 36
  case authorityBehindProxy = 37
  case proxyPathTooLong = 38
  case keyUsageLacksDigitalSignature = 39
  case proxy = 40
  case invalidExtension = 41
  case revocationListScope = 44
  case resourcesNotNested = 46
  case nameNotPermitted = 47
  case nameExcluded = 48
  case constraintWithMinimum = 49
  case constraintOfUnknownType = 51
  case constraintUnreadable = 52
  case nameUnreadable = 53
  case revocationListPath = 54
  case keyTooSmall = 66
  case authorityKeyTooSmall = 67
  case digestTooWeak = 68
  case storeLookup = 70
  case proxyName = 72
  case noAuthority = 79
  case explicitCurve = 94

  /// Whether it is about revocation lists.
  var isAboutRevocation: Bool {
    switch self {
    case .unableToGetRevocationList, .revocationListSignature, .revocationListNotYetValid,
      .revocationListExpired, .lastUpdateUnreadable, .nextUpdateUnreadable, .revoked,
      .unableToGetRevocationListIssuer, .keyUsageLacksCRLSign, .unknownCriticalExtensionOfList,
      .revocationListScope, .revocationListPath:
      true
    default: false
    }
  }

  /// Whether it is about what a certificate may be used for.
  var isAboutUse: Bool { self == .purpose || self == .rejected }

  /// Whether it is that the one that signed a certificate was not found, or is another one.
  public var isAboutIssuer: Bool {
    switch self {
    case .unableToGetIssuer, .unableToGetIssuerLocally, .selfSigned, .selfSignedInChain, .signature:
      true
    default: false
    }
  }

  /// Whether it is that nameConstraints leave a name out, or cannot be applied.
  public var isAboutConstraints: Bool {
    switch self {
    case .nameNotPermitted, .nameExcluded, .constraintWithMinimum, .constraintOfUnknownType,
      .constraintUnreadable, .nameUnreadable:
      true
    default: false
    }
  }

  /// Whether it only says that a proxy certificate, which is an error itself, is not used as one.
  var followsFromProxy: Bool {
    switch self {
    case .authorityBehindProxy, .proxyPathTooLong, .keyUsageLacksDigitalSignature, .proxyName: true
    default: false
    }
  }
}
