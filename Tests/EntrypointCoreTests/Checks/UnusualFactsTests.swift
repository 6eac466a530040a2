import Testing

@testable import EntrypointCore

/// Facts that are hard to bring about with files.
@Suite struct UnusualFactsTests {
  private func problems(
    _ facts: CertificateFacts,
    _ variables: [String: String] = [:]
  ) -> [String] {
    NodeFacts.results(facts, variables).flatMap { $0.problems }.map {
      "\($0.subject): \($0.message)"
    }
  }

  @Test func nothingIsWrongWithTheFacts() {
    #expect(problems(NodeFacts.facts()) == [])
  }

  @Test(arguments: [
    ("EC 256", "secp256k1", "a key on curve secp256k1"),
    ("EC 224", "secp224r1", "a key on curve secp224r1"), ("DSA 2048", nil, "a DSA key"),
  ])
  func aKeyThatNoConnectionUsesIsAFault(_ algorithm: String, _ curve: String?, _ key: String) {
    var leaf = NodeFacts.certificate
    (leaf.keyAlgorithm, leaf.curve) = (algorithm, curve)
    #expect(
      problems(NodeFacts.facts(leaf)) == [
        "PGSSLCERT: certificate \"CN=node\" has \(key), which TLS connections do not use"
      ]
    )
  }

  @Test(arguments: [
    ("EC 384", "secp384r1"), ("EC 521", "secp521r1"), ("RSA 2048", nil), ("ED448", nil),
  ])
  func otherKeysAreTaken(_ algorithm: String, _ curve: String?) {
    var leaf = NodeFacts.certificate
    (leaf.keyAlgorithm, leaf.curve) = (algorithm, curve)
    #expect(problems(NodeFacts.facts(leaf)) == [])
  }

  @Test func nullBytesAreNamed() {
    var facts = NodeFacts.facts()
    facts.files.authority.reading = .binary
    #expect(
      problems(facts).contains("PGSSLROOTCERT: file \"/tls/ca.crt\" holds null bytes")
    )
  }

  @Test func noAuthorityIsNeededWhereNobodyVerifies() {
    var facts = NodeFacts.facts()
    facts.files.authority.reading = .missing
    facts.authorities = []
    let results = NodeFacts.results(facts, ["PGSSLMODE": "require"])
    let skipped = results.filter {
      $0.reasonToSkip?.hasPrefix("certificates are not verified") == true
    }
    #expect(skipped.map { $0.check } == [.authorityFile, .chain, .serverUse, .clientUse])
    #expect(results.flatMap { $0.problems } == [])
  }

  @Test func aPartialRevocationListIsNamed() {
    var facts = NodeFacts.facts()
    facts.files.revocationList = facts.files.authority
    facts.revocationLists = [
      RevocationList(issuer: "CN=authority", lastUpdate: 0, nextUpdate: nil, count: 0)
    ]
    var fault = Verification.Fault(
      code: VerificationError.revocationListScope.rawValue,
      text: "Different CRL scope",
      depth: 0,
      certificate: NodeFacts.certificate
    )
    fault.lists = [Verification.List(number: 1, isSigned: true, isPartial: true)]
    facts.verification?.faultsAsServer = [fault]
    #expect(
      problems(facts) == [
        "PGSSLCRL: list of \"CN=authority\" in file \"/tls/ca.crt\" is not complete"
      ]
    )
    // Without authorities nobody has asked OpenSSL.
    facts.authorities = []
    facts.verification = nil
    #expect(!problems(facts).contains { $0.hasPrefix("PGSSLCRL") })
  }

  @Test func aNameWithALineFeedMakesNoLine() throws {
    var leaf = NodeFacts.certificate
    leaf.commonName = Array("a\nb\u{1b}".utf8)
    let variables = ["NODE_CERT_NAMES": "node"]
    let facts = NodeFacts.facts(leaf)
    let checked = NodeFacts.checkedSettings(variables, facts)
    let results = NodeFacts.results(facts, variables)
    let problem = try #require(results.flatMap { $0.problems }.first)
    #expect(
      problem.message == "CN \"a\\nb\\x1b\" of the certificate is not the CN of "
        + "a node"
    )
    #expect(problem.hint == "Reissue the certificate with one of these names.")
    let report = CheckReport(checked, results)
    #expect(report.rendered(as: .text).contains("common_name \"a\\nb\\x1b\""))
    #expect(report.rendered(as: .json).contains("\"common_name\": \"a\\u000ab\\u001b\""))
  }
}
