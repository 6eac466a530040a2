import Testing

@testable import EntrypointCore

/// Which new sets are taken into use, and what is said of them.
@Suite struct CertificateUpdateTests {
  private func update(
    _ facts: CertificateFacts,
    replacing old: Certificate?,
    _ variables: [String: String] = [:]
  ) throws -> CertificateUpdate {
    let checked = NodeFacts.checkedSettings(variables, facts)
    let expectations = try #require(checked.expectations)
    return CertificateUpdate(facts, replacing: old, expectations, now: NodeFacts.now)
  }

  private func texts(_ update: CertificateUpdate) -> [String] { update.problems.map { $0.text } }

  @Test func aNewCertificateIsTaken() throws {
    var old = NodeFacts.certificate
    old.serial = "00"
    let update = try update(NodeFacts.facts(), replacing: old)
    #expect(update.isAccepted)
    #expect(
      texts(update) == [
        """
        entrypoint: note: PGSSLCERT: a new certificate is in use
          detail: Serial 01, valid until \(timestamp(NodeFacts.certificate.notAfter)); the previous serial was 00.

        """
      ]
    )
  }

  @Test func newAuthoritiesAreTold() throws {
    let update = try update(NodeFacts.facts(), replacing: NodeFacts.certificate)
    #expect(update.isAccepted)
    #expect(update.problems.map { $0.message } == ["new CA certificates are in use"])
  }

  @Test func theFirstCertificateHasNothingBefore() throws {
    let update = try update(NodeFacts.facts(), replacing: nil)
    #expect(update.problems.first?.detail?.hasSuffix("the previous serial was none.") == true)
  }

  /// In modes that verify nothing a start would only warn.
  @Test(arguments: ["verify-full", "verify-ca", "require"])
  func aFaultySetIsRefused(_ mode: String) throws {
    var facts = NodeFacts.facts()
    facts.key = .open(algorithm: "EC 256", fits: [])
    let update = try update(facts, replacing: NodeFacts.certificate, ["PGSSLMODE": mode])
    #expect(!update.isAccepted)
    #expect(
      update.problems.last?.text == """
        entrypoint: warning: PGSSLCERT: the new certificates are rejected, and the old ones remain in use
          hint: Correct the Secret; it is checked again when it changes.

        """
    )
    #expect(update.problems.contains { $0.message.contains("does not belong to certificate") })
  }

  @Test func aWarningIsTakenIntoUseWithTheSet() throws {
    var leaf = NodeFacts.certificate
    leaf.notAfter = NodeFacts.now + 86_400
    let update = try update(NodeFacts.facts(leaf), replacing: nil)
    #expect(update.isAccepted)
    #expect(update.problems.map { $0.severity } == [.warning, .note])
  }
}
