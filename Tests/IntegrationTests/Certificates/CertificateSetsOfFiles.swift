import TestSupport

// Files that are not there, cannot be read, or hold something else; keys that nobody may use.
extension CertificateSet {
  static let files: [CertificateSet] = [
    CertificateSet("authority-missing") { $0.edit { folder, _ in folder.authority = nil } },
    CertificateSet("certificate-missing") { $0.edit { folder, _ in folder.certificate = nil } },
    CertificateSet("key-missing") { $0.edit { folder, _ in folder.key = nil } },
    CertificateSet("nothing-mounted") {
      $0.edit { folder, _ in
        folder = CertificateFolder(authority: nil, certificate: nil, key: nil)
      }
    },
    CertificateSet("authority-empty") { $0.edit { folder, _ in folder.authority?.bytes = [] } },
    CertificateSet("certificate-empty") {
      $0.edit { folder, _ in folder.certificate?.bytes = [] }
    },
    CertificateSet("key-empty") { $0.edit { folder, _ in folder.key?.bytes = [] } },
    CertificateSet("authority-not-readable") {
      $0.edit { folder, _ in
        folder.authority?.owner = "root:root"
        folder.authority?.mode = 0o600
      }
    },
    CertificateSet("certificate-not-readable") {
      $0.edit { folder, _ in
        folder.certificate?.owner = "root:root"
        folder.certificate?.mode = 0o600
      }
    },
    CertificateSet("authority-in-der") {
      $0.edit { folder, made in folder.authority?.bytes = made.authority.der }
    },
    CertificateSet("certificate-in-der") {
      $0.edit { folder, made in folder.certificate?.bytes = made.leaf.der }
    },
    CertificateSet("key-in-der") {
      $0.edit { folder, made in folder.key?.bytes = made.leaf.key.der }
    },
    CertificateSet("files-swapped") {
      $0.edit { folder, _ in
        let text = folder.key?.text ?? ""
        folder.key?.text = folder.certificate?.text ?? ""
        folder.certificate?.text = text
      }
    },
    // What a text editor or a template puts behind a label makes it none.
    CertificateSet("certificate-label-damaged") {
      $0.edit { folder, made in
        folder.certificate?.text = made.leaf.pem.replacing(
          "CERTIFICATE-----",
          with: "CERTIFICATE-----x",
          maxReplacements: 1
        )
      }
    },
    CertificateSet("authority-label-damaged") {
      $0.edit { folder, made in
        folder.authority?.text = made.authority.pem.replacing(
          "CERTIFICATE-----",
          with: "CERTIFICATE-----x",
          maxReplacements: 1
        )
      }
    },
    CertificateSet("certificate-with-null-bytes") {
      $0.edit { folder, made in folder.certificate?.text = "a\0b\n" + made.leaf.pem }
    },
    CertificateSet("certificate-cut-off") {
      $0.edit { folder, made in
        folder.certificate = .init(text: String(made.leaf.pem.dropLast(100)))
      }
    },
    CertificateSet("certificate-damaged") {
      $0.edit { folder, made in folder.certificate = .init(text: damaged(made.leaf.pem)) }
    },
    CertificateSet("second-certificate-damaged") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in
        folder.certificate?.text = made.leaf.pem + damaged(made.intermediate?.pem)
      }
    },
    CertificateSet("second-authority-damaged") {
      $0.edit { folder, made in folder.authority?.text += damaged(made.authority.pem) }
    },
    CertificateSet("key-damaged") {
      $0.edit { folder, made in folder.key?.text = damaged(made.leaf.key.pkcs8) }
    },
  ]

  /// The same PEM with other bytes at its beginning.
  private static func damaged(_ text: String?) -> String {
    (text ?? "").replacing("-----\nMI", with: "-----\nAA", maxReplacements: 1)
  }

  static let keys: [CertificateSet] = [
    // Nobody offers these curves for TLS, unless told to.
    CertificateSet("key-on-secp256k1") { $0.leafKey = KeyRing.secp256k1 },
    CertificateSet("key-on-p224") { $0.leafKey = KeyRing.p224 },
    CertificateSet("key-encrypted") {
      $0.edit { folder, made in folder.key?.text = try made.leaf.key.encrypted(isTraditional: false)
      }
    },
    CertificateSet("key-encrypted-traditional") {
      $0.edit { folder, made in
        folder.key?.text = try made.leaf.key.encrypted(isTraditional: true)
      }
    },
    CertificateSet("key-readable-by-all") { $0.edit { folder, _ in folder.key?.mode = 0o644 } },
    CertificateSet("key-readable-by-own-group") {
      $0.edit { folder, _ in folder.key?.mode = 0o640 }
    },
    CertificateSet("key-readable-by-own-group-only") {
      $0.edit { folder, _ in folder.key?.mode = 0o440 }
    },
    CertificateSet("key-of-root-not-readable") {
      $0.edit { folder, _ in folder.key?.owner = "root:postgres" }
    },
    CertificateSet("key-of-root-readable-by-all") {
      $0.edit { folder, _ in
        folder.key?.owner = "root:postgres"
        folder.key?.mode = 0o644
      }
    },
    CertificateSet("key-of-root-writable-by-group") {
      $0.edit { folder, _ in
        folder.key?.owner = "root:postgres"
        folder.key?.mode = 0o660
      }
    },
    CertificateSet("key-of-another-user") {
      $0.edit { folder, _ in
        folder.key?.owner = "nobody:postgres"
        folder.key?.mode = 0o640
      }
    },
    CertificateSet("key-of-another-certificate") {
      $0.edit { folder, _ in folder.key?.text = KeyRing.other.pkcs8 }
    },
    CertificateSet("key-of-another-certificate-rsa") {
      $0.leafKey = KeyRing.rsa
      $0.edit { folder, _ in folder.key?.text = KeyRing.otherRSA.pkcs8 }
    },
    CertificateSet("key-of-another-kind") {
      $0.edit { folder, _ in folder.key?.text = KeyRing.rsa.pkcs8 }
    },
    CertificateSet("certificates-in-wrong-order") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in
        folder.certificate?.text = (made.intermediate?.pem ?? "") + made.leaf.pem
      }
    },
  ]
}
