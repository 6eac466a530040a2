import PostgresConfig
import Testing

@testable import EntrypointCore

/// The policy, on facts that nobody had to gather.
@Suite struct CertificateChecksTests {
  private static let now = NodeFacts.now

  private func certificate(notAfter: Int = now + 365 * 86_400) -> Certificate {
    var certificate = NodeFacts.certificate
    certificate.notAfter = notAfter
    return certificate
  }

  private func facts(
    _ leaf: Certificate? = nil,
    mode: UInt32 = 0o600,
    owner: UInt32 = 999,
    user: UInt32 = 999
  ) -> CertificateFacts {
    var facts = NodeFacts.facts(leaf ?? certificate(), user: user)
    facts.files.key.permissions = .init(mode: mode, owner: owner, group: 0)
    return facts
  }

  private func missing() -> CertificateFacts {
    let files = CertificateFiles(
      authority: "/tls/ca.crt",
      certificate: "/tls/tls.crt",
      key: "/tls/tls.key",
      revocationList: nil
    )
    return CertificateFacts(
      files: files.map { FileFacts(path: $0, reading: .missing, permissions: nil) },
      user: 999
    )
  }

  private func problems(
    _ variables: [String: String],
    _ facts: CertificateFacts,
    now: Int = now
  ) -> [String] {
    let checked = NodeFacts.checkedSettings(variables, facts)
    return CertificateChecks.results(facts, checked.expectations, now: now)
      .flatMap { $0.problems }.map { "\($0.severity.rawValue): \($0.subject): \($0.message)" }
  }

  @Test(
    arguments: [
      (0o600, 999, 999, true), (0o400, 999, 999, true), (0o700, 999, 999, true),
      (0o640, 999, 999, false), (0o604, 999, 999, false), (0o440, 999, 999, false),
      (0o640, 0, 999, true), (0o440, 0, 999, true), (0o600, 0, 999, true),
      (0o644, 0, 999, false), (0o660, 0, 999, false), (0o650, 0, 999, false),
      (0o600, 5, 999, false), (0o600, 0, 0, true), (0o640, 0, 0, false),
      (0o640, 0, 1_000_660_000, true), (0o600, 1_000_660_000, 1_000_660_000, true),
    ] as [(UInt32, UInt32, UInt32, Bool)]
  )
  func knowsWhichKeysPostgreSQLTakes(
    _ mode: UInt32,
    _ owner: UInt32,
    _ user: UInt32,
    _ isTaken: Bool
  ) {
    let found = problems(
      ["PGSSLMODE": "verify-ca", "CERTIFICATE_RELOAD": "off"],
      facts(mode: mode, owner: owner, user: user)
    )
    #expect(found.isEmpty == isTaken, "\(found)")
    // A copy of our own has the right mode.
    #expect(
      problems(["PGSSLMODE": "verify-ca"], facts(mode: mode, owner: owner, user: user)).isEmpty
    )
  }

  @Test(arguments: [
    ("verify-full", "error"), ("verify-ca", "error"), ("require", "warning"),
    ("prefer", "warning"), ("allow", "warning"),
  ])
  func isAsSevereAsTheMode(_ mode: String, _ severity: String) {
    let end = Self.now - 1
    let found = problems(
      ["PGSSLMODE": mode, "CONNECT_BY": "ip", "PATRONI_CITUS_GROUP": "0"],
      facts(certificate(notAfter: end))
    )
    #expect(
      found.contains("\(severity): PGSSLCERT: certificate \"CN=node\" expired on \(timestamp(end))")
    )
  }

  @Test func looksAtNothingWithoutTLS() {
    #expect(problems(["PGSSLMODE": "disable"], missing()).isEmpty)
  }

  @Test(arguments: [(31, 0), (29, 1), (1, 1)])
  func warnsThirtyDaysBeforeTheEnd(_ days: Int, _ count: Int) {
    let end = Self.now + days * 86_400
    let found = problems(["PGSSLMODE": "verify-ca"], facts(certificate(notAfter: end)))
    #expect(found.count == count)
    #expect(found.allSatisfy { $0.hasPrefix("warning: ") && $0.contains("expires on") })
  }

  @Test(arguments: ["allow", "prefer", "require"])
  func makesACertificateWhereNobodyVerifies(_ mode: String) throws {
    let variables = ["PGSSLMODE": mode]
    #expect(problems(variables, missing()).count == 1)
    #expect(problems(variables, missing())[0].hasPrefix("note: PGSSLCERT: "))
    let settings = try #require(NodeFacts.checkedSettings(variables, missing()).settings)
    #expect(settings.certificatesInUse == .selfSigned)
    let complete = settings.namingCertificates(beside: "/home/postgres/patroni.yml")
    #expect(complete.tls.certificate == "/home/postgres/.postgresql-tls/self-signed.pem")
    #expect(complete.tls.key == complete.tls.certificate)
    let mounted = try #require(NodeFacts.checkedSettings(variables, facts()).settings)
    #expect(mounted.certificatesInUse == .mounted)
  }

  @Test(
    arguments: [
      ["NODE_AUTH": "cert"], ["CLIENT_AUTH": "cert"], ["CLIENT_CERT": "verify-ca"],
      ["RESTAPI_TLS": "on"],
    ]
  )
  func makesNoneWhereSomebodyVerifies(_ demand: [String: String]) throws {
    let variables = demand.merging(["PGSSLMODE": "require"]) { $1 }
    #expect(
      problems(variables, missing()) == [
        "error: PGSSLCERT: file \"/tls/tls.crt\" does not exist"
      ]
    )
    let settings = try #require(NodeFacts.checkedSettings(variables, missing()).settings)
    #expect(settings.certificatesInUse == .mounted)
  }

  @Test func takesTheNameOfTheMountedCertificate() throws {
    let settings = try #require(
      NodeFacts.checkedSettings(["PGSSLMODE": "verify-ca"], facts()).settings
    )
    #expect(settings.nodes.certNames == [.exactly("node")])
    let derived = try #require(
      NodeFacts.checkedSettings(["PGSSLMODE": "verify-ca"], missing()).settings
    )
    #expect(derived.nodes.certNames == [.exactly("*.demo.default.svc.cluster.local")])
  }

  @Test func checksCertificatesEvenWhenOtherSettingsAreFaulty() {
    let found = problems(
      ["PGSSLMODE": "verify-ca", "POD_IP": "nowhere", "CERTIFICATE_RELOAD": "off"],
      facts(mode: 0o644)
    )
    #expect(
      found == ["error: PGSSLKEY: private key file \"/tls/tls.key\" has group or world access"]
    )
  }

  @Test(arguments: [
    (0, "1970-01-01 00:00:00 UTC"), (951_782_400, "2000-02-29 00:00:00 UTC"),
    (-1, "1969-12-31 23:59:59 UTC"), (253_402_300_799, "9999-12-31 23:59:59 UTC"),
    (4_107_542_399, "2100-02-28 23:59:59 UTC"), (1_795_236_345, "2026-11-21 04:45:45 UTC"),
  ])
  func writesTimes(_ seconds: Int, _ text: String) {
    #expect(timestamp(seconds) == text)
  }

  @Test func countsSecondsAsItWritesThem() {
    for day in stride(from: -800_000, through: 2_900_000, by: 997) {
      let text = timestamp(day * 86_400).split(separator: " ")[0].split(separator: "-")
      let numbers = text.compactMap { Int($0) }
      guard numbers.count == 3, day > -719_000 else { continue }
      #expect(
        secondsSince1970(year: numbers[0], month: numbers[1], day: numbers[2], second: 0)
          == day * 86_400
      )
    }
  }
}
