import CCrypto
import TestSupport

// Time, names, and lists of what is no longer good.
extension CertificateSet {
  static let times: [CertificateSet] = [
    CertificateSet("expired") {
      $0.leaf.notBefore = Moment.in2020
      $0.leaf.notAfter = Moment.in2021
    },
    CertificateSet("not-yet-valid") {
      $0.leaf.notBefore = Moment.in2098
      $0.leaf.notAfter = Moment.in2099
    },
    CertificateSet("valid-backwards") {
      $0.leaf.notBefore = Moment.in2099
      $0.leaf.notAfter = Moment.in2020
    },
  ]

  static let names: [CertificateSet] = [
    CertificateSet("no-common-name") {
      $0.leaf.commonNames = []
      $0.leaf.organization = "Example"
    },
    CertificateSet("name-of-no-node") { $0.environment["NODE_CERT_NAMES"] = "nodes,*.node" },
    CertificateSet("name-in-other-case") { $0.environment["NODE_CERT_NAMES"] = "Node" },
    CertificateSet("name-does-not-match") { $0.environment["NODE_CERT_NAMES"] = "/^no.$" },
    CertificateSet("name-matches-nothing-valid") {
      $0.environment["NODE_CERT_NAMES"] = "/^node(-[0-9]+$"
      $0.ident = ["cnmap \"/^node(-[0-9]+$\" postgres"]
    },
    CertificateSet("second-common-name-is-a-nodes") {
      $0.leaf.commonNames = ["other", "node"]
      $0.environment["NODE_CERT_NAMES"] = "node"
    },
    CertificateSet("common-name-in-utf-16") { $0.leaf.hasUTF16CommonName = true },
    CertificateSet("common-name-like-an-expression") { $0.leaf.commonNames = ["/node"] },
    CertificateSet("host-not-covered") { $0.leaf.names = "DNS:localhost" },
    CertificateSet("localhost-not-covered") {
      $0.leaf.names = "DNS:*.demo.default.svc.cluster.local"
    },
    CertificateSet("wildcard-in-the-middle") {
      $0.leaf.names = "DNS:node-0.*.default.svc.cluster.local,DNS:localhost"
    },
    CertificateSet("wildcard-for-two-labels") {
      $0.leaf.names = "DNS:*.default.svc.cluster.local,DNS:localhost"
    },
    CertificateSet("no-names-at-all") { $0.leaf.names = nil },
    CertificateSet("name-in-cn-beside-other-names") {
      $0.leaf.commonNames = ["node-0.demo.default.svc.cluster.local"]
      $0.leaf.names = "DNS:localhost"
    },
    CertificateSet("address-not-covered") {
      $0.leaf.names = "IP:192.0.2.9,DNS:localhost"
      $0.environment["CONNECT_BY"] = "ip"
    },
    CertificateSet("address-as-a-name") {
      $0.leaf.names = "DNS:127.0.0.1,DNS:localhost"
      $0.environment["CONNECT_BY"] = "ip"
    },
  ]

  static let revocations: [CertificateSet] = [
    CertificateSet("revoked") {
      $0.edit { folder, made in
        folder.revocationList = .init(text: try made.issuer.revocationList(of: [0x1234]))
      }
    },
    CertificateSet("list-expired") {
      $0.edit { folder, made in
        folder.revocationList = .init(
          text: try made.issuer.revocationList(
            lastUpdate: Moment.in2020,
            nextUpdate: Moment.in2021
          )
        )
      }
    },
    CertificateSet("list-not-yet-valid") {
      $0.edit { folder, made in
        folder.revocationList = .init(
          text: try made.issuer.revocationList(
            lastUpdate: Moment.in2098,
            nextUpdate: Moment.in2099
          )
        )
      }
    },
    CertificateSet("list-of-another-authority") {
      $0.edit { folder, _ in
        let other = try TestCertificate(.authority("other"), key: KeyRing.otherAuthority)
        folder.revocationList = .init(text: try other.revocationList())
      }
    },
    CertificateSet("list-signed-with-another-key") {
      $0.edit { folder, _ in
        let other = try TestCertificate(.authority("authority"), key: KeyRing.otherAuthority)
        folder.revocationList = .init(text: try other.revocationList())
      }
    },
    CertificateSet("list-of-the-root-missing") {
      $0.intermediate = .authority("intermediate")
      $0.edit { folder, made in
        folder.revocationList = .init(text: try made.issuer.revocationList())
      }
    },
    CertificateSet("intermediate-revoked") {
      $0.intermediate = CertificateRecipe.authority("intermediate").with { $0.serial = 77 }
      $0.edit { folder, made in
        folder.revocationList = .init(
          text: try made.authority.revocationList(of: [77]) + made.issuer.revocationList()
        )
      }
    },
    CertificateSet("list-missing") {
      $0.environment["PGSSLCRL"] = "DIR/ca.crl"
    },
    CertificateSet("list-is-a-certificate") {
      $0.edit { folder, made in folder.revocationList = .init(text: made.authority.pem) }
    },
    CertificateSet("list-damaged") {
      $0.edit { folder, made in
        folder.revocationList = .init(
          text: try made.issuer.revocationList().replacing(
            "-----\nMI",
            with: "-----\nAA",
            maxReplacements: 1
          )
        )
      }
    },
  ]
}
