import CCrypto
import TestSupport

// What works, although it looks different from what a first-time reader would make.
extension CertificateSet {
  static let good: [CertificateSet] = [
    CertificateSet("good") { _ in },
    CertificateSet("good-rsa") { $0.leafKey = KeyRing.rsa },
    CertificateSet("good-rsa-authority") { $0.authorityKey = KeyRing.rsa },
    CertificateSet("good-ed25519") { $0.leafKey = KeyRing.ed25519 },
    CertificateSet("good-ed25519-authority") { $0.authorityKey = KeyRing.ed25519 },
    CertificateSet("good-ed448") { $0.leafKey = KeyRing.ed448 },
    CertificateSet("good-ed448-authority") { $0.authorityKey = KeyRing.ed448 },
    CertificateSet("good-rsa-pss") { $0.leafKey = KeyRing.rsaPSS },
    CertificateSet("good-rsa-pss-authority") { $0.authorityKey = KeyRing.rsaPSS },
    CertificateSet("good-signed-with-sha512") { $0.leaf.digest = .sha512 },
    CertificateSet("good-rsa-signed-with-sha3") {
      $0.authorityKey = KeyRing.rsa
      $0.leaf.digest = .sha3
    },
    CertificateSet("good-pkcs1-key") {
      $0.leafKey = KeyRing.rsa
      $0.edit { folder, _ in folder.key?.text = KeyRing.rsa.traditional }
    },
    CertificateSet("good-sec1-key") {
      $0.edit { folder, _ in folder.key?.text = KeyRing.leaf.traditional }
    },
    CertificateSet("good-sec1-key-behind-parameters") {
      $0.edit { folder, _ in
        folder.key?.text =
          "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
          + KeyRing.leaf.traditional
      }
    },
    CertificateSet("good-mounted-by-kubernetes") {
      $0.edit { folder, _ in
        folder.isMounted = true
        folder.key?.owner = "root:postgres"
        folder.key?.mode = 0o440
      }
    },
    CertificateSet("good-key-of-root-0640") {
      $0.edit { folder, _ in
        folder.key?.owner = "root:postgres"
        folder.key?.mode = 0o640
      }
    },
    CertificateSet("good-key-0400") { $0.edit { folder, _ in folder.key?.mode = 0o400 } },
    CertificateSet("good-intermediate-behind-certificate") {
      $0.intermediate = .authority("intermediate")
    },
    CertificateSet("good-intermediate-among-authorities") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in
        folder.certificate?.text = made.leaf.pem
        folder.authority?.text += made.intermediate?.pem ?? ""
      }
    },
    CertificateSet("good-authority-being-replaced") {
      $0.edit { folder, made in
        let old = try TestCertificate(.authority("authority"), key: KeyRing.otherAuthority)
        folder.authority?.text = old.pem + made.authority.pem
      }
    },
    CertificateSet("good-self-signed-and-trusted") {
      $0.edit { folder, made in
        let own = try TestCertificate(CertificateDraft().leaf, key: KeyRing.leaf)
        folder.certificate?.text = own.pem
        folder.authority?.text = own.pem
      }
    },
    CertificateSet("good-certificate-and-key-in-one-file") {
      $0.edit { folder, made in
        folder.certificate?.text = KeyRing.leaf.pkcs8 + made.leaf.pem
        folder.certificate?.mode = 0o600
        folder.key?.text = folder.certificate?.text ?? ""
      }
    },
    CertificateSet("good-text-and-windows-line-ends") {
      $0.edit { folder, made in
        folder.certificate?.text =
          "Certificate:\r\n  Data:\r\n" + made.leaf.pem.replacing("\n", with: "\r\n")
      }
    },
    CertificateSet("good-without-usage-extensions") {
      $0.leaf.keyUsage = nil
      $0.leaf.extendedKeyUsage = nil
    },
    CertificateSet("good-key-agreement-only") { $0.leaf.keyUsage = "keyAgreement" },
    CertificateSet("good-ends-soon") { $0.leaf.notAfter = Moment.soon },
    CertificateSet("good-authority-ends-soon") { $0.authority.notAfter = Moment.soon },
    CertificateSet("good-names-of-hosts-in-cn") {
      $0.leaf.commonNames = ["*.demo.default.svc.cluster.local"]
      $0.leaf.names = nil
      $0.environment = ["CITUS_GROUP": ""]
    },
    CertificateSet("good-by-address") {
      $0.leaf.names = "IP:127.0.0.1,DNS:localhost"
      $0.environment = ["CONNECT_BY": "ip"]
    },
    CertificateSet("good-name-given") {
      $0.environment = ["NODE_CERT_NAMES": "spare,node"]
    },
    CertificateSet("good-name-matches") {
      $0.leaf.commonNames = ["node-12"]
      $0.environment = ["NODE_CERT_NAMES": "/^node-[0-9]+$"]
    },
    CertificateSet("good-name-not-understood") {
      $0.leaf.commonNames = ["node-12"]
      $0.environment = ["NODE_CERT_NAMES": "/^(?=node)"]
    },
    CertificateSet("good-two-common-names") { $0.leaf.commonNames = ["node", "other"] },
    CertificateSet("good-revocation-list") {
      $0.edit { folder, made in
        folder.revocationList = .init(text: try made.authority.revocationList(of: [7]))
      }
    },
    CertificateSet("good-revocation-lists-of-a-chain") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in
        folder.revocationList = .init(
          text: try made.authority.revocationList()
            + (made.intermediate?.revocationList() ?? "")
        )
      }
    },
  ]
}
