import PostgresConfig

@testable import EntrypointCore

/// Facts about a node's certificates with nothing wrong, to change in tests.
enum NodeFacts {
  static let now = 1_795_000_000

  static let certificate = Certificate(
    subject: "CN=node",
    issuer: "CN=authority",
    commonName: Array("node".utf8),
    alternativeNames: [],
    serial: "01",
    notBefore: now - 86_400,
    notAfter: now + 365 * 86_400,
    usage: Certificate.Usage(signs: true, serves: true, connects: true),
    keyAlgorithm: "EC 256",
    curve: "prime256v1",
    signatureAlgorithm: "ecdsa-with-SHA256",
    signatureDigest: .named,
    isAuthority: false
  )

  static func facts(_ leaf: Certificate = certificate, user: UInt32 = 999) -> CertificateFacts {
    func file(_ name: String) -> FileFacts {
      FileFacts(
        path: "/tls/" + name,
        reading: .read,
        permissions: FileFacts.Permissions(mode: 0o600, owner: 999, group: 0)
      )
    }
    return CertificateFacts(
      files: CertificateFiles(
        authority: file("ca.crt"),
        certificate: file("tls.crt"),
        key: file("tls.key"),
        revocationList: nil
      ),
      user: user,
      authorities: [leaf],
      chain: [leaf],
      key: .open(algorithm: leaf.keyAlgorithm, fits: [0]),
      verification: Verification(chain: [leaf], faultsAsServer: [], faultsAsClient: [])
    )
  }

  /// What the settings of a pod with these variables make of the facts.
  static func checkedSettings(
    _ variables: [String: String],
    _ facts: CertificateFacts
  ) -> CheckedSettings {
    let base = [
      "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one", "POD_IP": "192.0.2.1",
      "PATRONI_ETCD3_HOSTS": "etcd:2379", "PATRONI_SUPERUSER_PASSWORD": "Sup3r-pw",
      "PATRONI_REPLICATION_PASSWORD": "R3pl-pw", "PGSSLMODE": "verify-ca",
    ]
    let entries = base.merging(variables) { $1 }.map { Array("\($0.key)=\($0.value)".utf8) }
    return Settings.read(
      Environment(entries: entries),
      PodFiles(hostName: "one", contents: [:], existing: [], certificates: facts),
      needsStore: true
    )
  }

  /// What the checks say, one by one.
  static func results(
    _ facts: CertificateFacts,
    _ variables: [String: String] = [:]
  ) -> [CheckResult] {
    CertificateChecks.results(facts, checkedSettings(variables, facts).expectations, now: now)
  }
}
