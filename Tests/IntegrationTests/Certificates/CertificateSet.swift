import Testing

/// One node's certificates with something wrong, or with something that is right and looks odd.
struct CertificateSet: Sendable, CustomTestStringConvertible {
  /// What is special about it.
  let name: String
  /// How the program and the real judges differ, and why; nil where they agree.
  let difference: String?
  private let changes: [@Sendable (inout CertificateDraft) -> Void]

  init(
    _ name: String,
    butDiffers difference: String? = nil,
    _ change: @escaping @Sendable (inout CertificateDraft) -> Void
  ) {
    self.init(name: name, difference: difference, changes: [change])
  }

  private init(
    name: String,
    difference: String?,
    changes: [@Sendable (inout CertificateDraft) -> Void]
  ) {
    self.name = name
    self.difference = difference
    self.changes = changes
  }

  var testDescription: String { name }

  /// What is wrong with both.
  static func + (left: CertificateSet, right: CertificateSet) -> CertificateSet {
    CertificateSet(
      name: left.name + "+" + right.name,
      difference: nil,
      changes: left.changes + right.changes
    )
  }

  /// The draft of the node's files.
  var draft: CertificateDraft {
    var draft = CertificateDraft()
    for change in changes { change(&draft) }
    return draft
  }

  /// Every set.
  static let all: [CertificateSet] =
    good + singles + pairs

  /// With one thing that is special.
  private static let singles: [CertificateSet] =
    files + formats + keys + loading + chains + issuers + usages + extensions + times + names
    + revocations

  /// Broken in two ways.
  static let pairs: [CertificateSet] = [
    ("expired", "key-of-another-certificate"), ("expired", "no-client-use"),
    ("expired", "name-of-no-node"), ("expired", "other-authority"), ("expired", "revoked"),
    ("not-yet-valid", "no-server-use"), ("key-readable-by-all", "expired"),
    ("key-readable-by-all", "other-authority"), ("key-encrypted", "certificate-empty"),
    ("key-encrypted", "no-digital-signature"), ("authority-missing", "key-missing"),
    ("authority-missing", "expired"), ("authority-empty", "key-of-another-certificate"),
    ("no-server-use", "host-not-covered"), ("no-digital-signature", "host-not-covered"),
    ("name-of-no-node", "host-not-covered"), ("no-client-use", "localhost-not-covered"),
    ("authority-expired", "expired"), ("authority-without-certsign", "no-client-use"),
    ("list-expired", "name-of-no-node"), ("list-of-another-authority", "expired"),
    ("list-missing", "key-readable-by-all"), ("intermediate-missing", "no-common-name"),
    ("rsa-too-small", "expired"), ("self-signed", "no-common-name"),
  ].map { one, other in named(one) + named(other) }

  private static func named(_ name: String) -> CertificateSet {
    guard let set = singles.first(where: { $0.name == name }) else {
      return CertificateSet("no set is called \(name)") { _ in }
    }
    return set
  }
}
