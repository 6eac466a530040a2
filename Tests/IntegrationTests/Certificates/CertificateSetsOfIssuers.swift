import CCrypto
import Foundation
import TestSupport

// Names that do not tell who signed.
extension CertificateSet {
  static let issuers: [CertificateSet] = [
    CertificateSet("two-authorities-of-one-name") {
      $0.hasNoIdentifiers()
      $0.edit { folder, made in folder.authority?.text = try namesake() + made.authority.pem }
    },
    CertificateSet("good-two-authorities-of-one-name-in-order") {
      $0.hasNoIdentifiers()
      $0.edit { folder, made in folder.authority?.text += try namesake() }
    },
    CertificateSet("two-authorities-of-one-name-and-only-one-with-identifier") {
      $0.leaf.hasIdentifiers = false
      $0.edit { folder, made in folder.authority?.text = try namesake() + made.authority.pem }
    },
    CertificateSet("two-intermediates-of-one-name") {
      $0.hasNoIdentifiers()
      $0.intermediate = recipe("intermediate")
      $0.edit { folder, made in
        let other = try TestCertificate(
          recipe("intermediate"),
          key: KeyRing.other,
          issuer: made.authority
        )
        folder.certificate?.text = made.leaf.pem + other.pem + (made.intermediate?.pem ?? "")
      }
    },
    CertificateSet("authority-of-the-same-name-behind-certificate") {
      $0.hasNoIdentifiers()
      $0.edit { folder, made in
        folder.authority?.text = try namesake()
        folder.certificate?.text += made.authority.pem
      }
    },
    CertificateSet("root-behind-certificate-and-intermediate-trusted") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in
        folder.certificate?.text += made.authority.pem
        folder.authority?.text = made.intermediate?.pem ?? ""
      }
    },
    CertificateSet("good-root-behind-certificate") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in folder.certificate?.text += made.authority.pem }
    },
    CertificateSet("name-of-the-authority") {
      $0.hasNoIdentifiers()
      $0.leaf.commonNames = ["authority"]
    },
    CertificateSet("good-name-of-the-authority-with-identifiers") {
      $0.leaf.commonNames = ["authority"]
    },
    CertificateSet("name-of-the-authority-and-another-trusted") {
      $0.leaf.commonNames = ["authority"]
      $0.edit { folder, _ in
        folder.authority?.text =
          try TestCertificate(.authority("authority"), key: KeyRing.otherAuthority).pem
      }
    },
    CertificateSet("intermediate-named-like-its-root") {
      $0.hasNoIdentifiers()
      $0.intermediate = recipe("authority")
    },
    CertificateSet("good-intermediate-named-like-its-root-with-identifiers") {
      $0.intermediate = .authority("authority")
    },
    CertificateSet("identifier-of-another-key") {
      $0.leaf.hasIdentifiers = false
      $0.leaf.others = [
        (NID_authority_key_identifier, "DER:30168014" + String(repeating: "11", count: 20))
      ]
    },
    CertificateSet("identifier-of-another-serial-number") {
      $0.leaf.hasIdentifiers = false
      $0.leaf.others = [(NID_authority_key_identifier, "DER:3003820103")]
    },
    CertificateSet("changed-after-it-was-signed") {
      $0.edit { folder, made in
        var bytes = made.leaf.der
        bytes[bytes.count - 1] ^= 1
        let text = Data(bytes).base64EncodedString(options: [
          .lineLength64Characters, .endLineWithLineFeed,
        ])
        folder.certificate?.text =
          "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
      }
    },
  ]

  private static func recipe(_ name: String) -> CertificateRecipe {
    .authority(name).with { $0.hasIdentifiers = false }
  }

  /// Another authority with the name of the one that signs.
  private static func namesake() throws -> String {
    try TestCertificate(recipe("authority"), key: KeyRing.otherAuthority).pem
  }
}

extension CertificateDraft {
  fileprivate mutating func hasNoIdentifiers() {
    leaf.hasIdentifiers = false
    authority.hasIdentifiers = false
  }
}
