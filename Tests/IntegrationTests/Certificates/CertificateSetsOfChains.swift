import CCrypto
import TestSupport

// Authorities that did not sign, or had no right to; uses that a certificate is not for.
extension CertificateSet {
  static let chains: [CertificateSet] = [
    CertificateSet("other-authority") {
      $0.edit { folder, _ in
        let other = try TestCertificate(.authority("other"), key: KeyRing.otherAuthority)
        folder.authority?.text = other.pem
      }
    },
    CertificateSet("other-authority-of-the-same-name") {
      $0.edit { folder, _ in
        let other = try TestCertificate(.authority("authority"), key: KeyRing.otherAuthority)
        folder.authority?.text = other.pem
      }
    },
    CertificateSet("other-authority-without-identifiers") {
      $0.leaf.hasIdentifiers = false
      $0.edit { folder, _ in
        let recipe = CertificateRecipe.authority("authority").with { $0.hasIdentifiers = false }
        let other = try TestCertificate(recipe, key: KeyRing.otherAuthority)
        folder.authority?.text = other.pem
      }
    },
    CertificateSet("intermediate-missing") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in folder.certificate?.text = made.leaf.pem }
    },
    CertificateSet("root-sent-and-not-trusted") {
      $0.edit { folder, made in
        let other = try TestCertificate(.authority("other"), key: KeyRing.otherAuthority)
        folder.authority?.text = other.pem
        folder.certificate?.text += made.authority.pem
      }
    },
    CertificateSet("intermediate-trusted-without-root") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in folder.authority?.text = made.intermediate?.pem ?? "" }
    },
    CertificateSet("self-signed") { draft in
      let recipe = draft.leaf
      draft.edit { folder, _ in
        folder.certificate?.text = try TestCertificate(recipe, key: KeyRing.leaf).pem
      }
      draft.leaf.serial += 1
    },
    CertificateSet("authority-without-ca-true") { $0.authority.basicConstraints = "CA:FALSE" },
    CertificateSet("authority-without-certsign") { $0.authority.keyUsage = "critical,cRLSign" },
    CertificateSet("intermediate-without-ca-true") {
      $0.intermediate = CertificateRecipe.authority("intermediate").with {
        $0.basicConstraints = "CA:FALSE"
      }
    },
    CertificateSet("authority-expired") {
      $0.authority.notBefore = Moment.in2020
      $0.authority.notAfter = Moment.in2021
    },
    CertificateSet("authority-not-yet-valid") {
      $0.authority.notBefore = Moment.in2098
      $0.authority.notAfter = Moment.in2099
    },
    CertificateSet("intermediate-expired") {
      $0.intermediate = CertificateRecipe.authority("intermediate").with {
        $0.notBefore = Moment.in2020
        $0.notAfter = Moment.in2021
      }
    },
    CertificateSet("path-too-long") {
      $0.authority.basicConstraints = "critical,CA:TRUE,pathlen:0"
      $0.intermediate = .authority("intermediate")
    },
    CertificateSet("name-not-permitted") {
      $0.authority.others = [(NID_name_constraints, "critical,permitted;DNS:example.org")]
    },
    CertificateSet("rsa-too-small") { $0.leafKey = KeyRing.smallRSA },
    CertificateSet("authority-rsa-too-small") { $0.authorityKey = KeyRing.smallRSA },
    CertificateSet("signed-with-sha1") { $0.leaf.digest = .sha1 },
    CertificateSet("signed-with-md5") {
      $0.authorityKey = KeyRing.rsa
      $0.leaf.digest = .md5
    },
    // OpenSSL has no opinion on how strong ECDSA is with this one, and takes that for the worst.
    CertificateSet("signed-with-sha3") { $0.leaf.digest = .sha3 },
    CertificateSet("intermediate-signed-with-sha1") {
      $0.intermediate = CertificateRecipe.authority("intermediate").with {
        $0.digest = .sha1
      }
    },
    CertificateSet("unknown-critical-extension") {
      $0.leaf.others = [(NID_netscape_comment, "critical,hello")]
    },
  ]

  static let usages: [CertificateSet] = [
    CertificateSet("no-client-use") { $0.leaf.extendedKeyUsage = "serverAuth" },
    CertificateSet("no-server-use") { $0.leaf.extendedKeyUsage = "clientAuth" },
    CertificateSet("neither-use") { $0.leaf.extendedKeyUsage = "codeSigning" },
    CertificateSet("any-use") { $0.leaf.extendedKeyUsage = "anyExtendedKeyUsage" },
    CertificateSet("no-digital-signature") {
      $0.leaf.keyUsage = "critical,keyEncipherment,dataEncipherment"
    },
    CertificateSet("rsa-no-digital-signature") {
      $0.leafKey = KeyRing.rsa
      $0.leaf.keyUsage = "keyEncipherment"
    },
    CertificateSet("key-usage-of-no-use") { $0.leaf.keyUsage = "nonRepudiation" },
    CertificateSet("authority-for-servers-only") {
      $0.authority.extendedKeyUsage = "serverAuth"
    },
    CertificateSet("intermediate-for-clients-only") {
      $0.intermediate = CertificateRecipe.authority("intermediate").with {
        $0.extendedKeyUsage = "clientAuth"
      }
    },
    CertificateSet("netscape-type-of-a-server") {
      $0.leaf.others = [(NID_netscape_cert_type, "server")]
    },
  ]
}
