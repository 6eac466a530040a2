import CCrypto
import TestSupport

// Extensions that cannot be decoded, or say what nobody expects.
extension CertificateSet {
  static let extensions: [CertificateSet] =
    [
      CertificateSet("names-malformed") { $0.leaf.names = "DER:0500" },
      CertificateSet("constraints-malformed") { $0.leaf.basicConstraints = "DER:0500" },
      CertificateSet("usage-malformed") { $0.leaf.keyUsage = "DER:0500" },
      CertificateSet("usage-empty") { $0.leaf.keyUsage = "DER:030100" },
      CertificateSet("extended-usage-malformed") { $0.leaf.extendedKeyUsage = "DER:0500" },
      CertificateSet("identifier-malformed") {
        $0.leaf.hasIdentifiers = false
        $0.leaf.others = [(NID_authority_key_identifier, "DER:0500")]
      },
      CertificateSet("distribution-points-malformed") {
        $0.leaf.others = [(NID_crl_distribution_points, "DER:0500")]
      },
      CertificateSet("names-twice") {
        $0.leaf.others = [(NID_subject_alt_name, "DNS:localhost")]
      },
      CertificateSet("authority-constraints-malformed") {
        $0.authority.basicConstraints = "DER:0500"
      },
      CertificateSet("intermediate-names-malformed") {
        $0.intermediate = .authority("intermediate").with { $0.names = "DER:0500" }
      },
      CertificateSet("authority-name-constraints-malformed") {
        $0.authority.others = [(NID_name_constraints, "DER:0500")]
      },
      constrained("name-excluded", "excluded;DNS:localhost"),
      constrained("good-name-permitted", "permitted;DNS:local,permitted;DNS:localhost"),
      constrained("address-not-permitted", "permitted;IP:10.0.0.0/255.0.0.0") {
        $0.leaf.names = "DNS:*.demo.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1"
      },
      constrained("constraint-of-unknown-type", "permitted;RID:1.2.3.4") {
        $0.leaf.names = "DNS:*.demo.default.svc.cluster.local,DNS:localhost,RID:1.2.3.4"
      },
      constrained("constrained-name-malformed", "permitted;URI:example.org") {
        $0.leaf.names = "DNS:*.demo.default.svc.cluster.local,DNS:localhost,URI:nowhere"
      },
      // permitted, base localhost, minimum 1
      constrained(
        "constraint-with-minimum",
        "DER:3012A010300E82096C6F63616C686F7374800101"
      ),
      CertificateSet("intermediate-constrains-names") {
        $0.intermediate = .authority("intermediate").with {
          $0.others = [(NID_name_constraints, "critical,excluded;DNS:localhost")]
        }
      },
      CertificateSet("proxy") { draft in
        draft.edit { folder, made in
          let recipe = CertificateRecipe().with {
            $0.commonNames = ["node", "proxy"]
            $0.keyUsage = "digitalSignature"
            $0.extendedKeyUsage = nil
            $0.others = [(NID_proxyCertInfo, "critical,DER:300C300A06082B06010505071501")]
          }
          let proxy = try TestCertificate(recipe, key: KeyRing.other, issuer: made.leaf)
          folder.certificate?.text = proxy.pem + made.leaf.pem
          folder.key?.text = KeyRing.other.pkcs8
        }
      },
      CertificateSet("signed-by-a-node") {
        $0.edit { folder, made in
          let other = try TestCertificate(
            CertificateDraft().leaf,
            key: KeyRing.other,
            issuer: made.leaf
          )
          folder.certificate?.text = other.pem + made.leaf.pem
          folder.key?.text = KeyRing.other.pkcs8
        }
      },
      list(
        "list-for-authorities-only",
        [(NID_issuing_distribution_point, "critical,DER:30038201FF")]
      ),
      list(
        "list-for-some-reasons",
        [(NID_issuing_distribution_point, "critical,DER:300483020560")]
      ),
      list("list-indirect", [(NID_issuing_distribution_point, "critical,DER:30038401FF")]),
      list("list-with-unknown-critical-extension", [(NID_netscape_comment, "critical,hello")]),
      CertificateSet("list-of-an-authority-that-may-not") {
        $0.authority.keyUsage = "critical,keyCertSign"
        $0.edit { folder, made in
          folder.revocationList = .init(text: try made.authority.revocationList())
        }
      },
      CertificateSet("list-hidden-by-one-of-another-key") {
        $0.edit { folder, made in
          let other = try TestCertificate(.authority("authority"), key: KeyRing.otherAuthority)
          folder.revocationList = .init(
            text: try other.revocationList() + made.authority.revocationList()
          )
        }
      },
      CertificateSet("list-names-another-key") {
        $0.edit { folder, _ in
          let other = try TestCertificate(.authority("authority"), key: KeyRing.otherAuthority)
          folder.revocationList = .init(
            text: try other.revocationList(extensions: [(NID_authority_key_identifier, "keyid")])
          )
        }
      },
    ]

  private static func constrained(
    _ name: String,
    _ constraints: String,
    _ change: @escaping @Sendable (inout CertificateDraft) -> Void = { _ in }
  ) -> CertificateSet {
    CertificateSet(name) {
      $0.authority.others = [(NID_name_constraints, constraints)]
      change(&$0)
    }
  }

  private static func list(_ name: String, _ extensions: [(Int32, String)]) -> CertificateSet {
    CertificateSet(name) {
      $0.edit { folder, made in
        folder.revocationList = .init(
          text: try made.authority.revocationList(extensions: extensions)
        )
      }
    }
  }
}
