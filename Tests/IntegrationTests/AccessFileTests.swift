import PostgresConfig
import TestSupport
import Testing

/// What this program takes, PostgreSQL takes; what it refuses, PostgreSQL refuses, or it is a
/// measure of safety that has a reason.
@Suite struct AccessFileTests {
  private let server: PostgresServer
  private let version = PostgresVersion.assumed

  init() throws {
    server = try PostgresServer()
  }

  private func isAccepted(hba line: String) -> Bool {
    (try? HBALine(parsing: line, version: version)) != nil
  }

  private func isAccepted(ident line: String) -> Bool {
    (try? IdentLine(parsing: line, version: version)) != nil
  }

  /// The indices of the lines that PostgreSQL does not take.
  ///
  /// An empty line keeps them apart: one
  /// that ends with a backslash would swallow the next.
  private func refusals(hba: [String] = [], ident: [String] = []) throws -> Set<Int> {
    func apart(_ lines: [String]) -> [String] { lines.flatMap { [$0, ""] } }
    try server.write(hba: apart(hba), ident: apart(ident))
    // Of some faults the views show no text, only that nothing could be read.
    let rows = try server.query(
      hba.isEmpty
        ? "SELECT line_number FROM pg_ident_file_mappings WHERE map_name IS NULL"
        : "SELECT line_number FROM pg_hba_file_rules WHERE error IS NOT NULL OR type IS NULL"
    )
    return Set(rows.compactMap { Int($0) }.map { ($0 - 1) / 2 })
  }

  @Test func agreesOnRecords() throws {
    let accepted = AccessFileLines.acceptedHBA
    let refused = AccessFileLines.refusedHBA
    let measures = AccessFileLines.refusedHBAForSafety.map { $0.line }
    #expect(accepted.filter { !isAccepted(hba: $0) } == [])
    #expect((refused + measures).filter { isAccepted(hba: $0) } == [])
    let refusedThere = try refusals(hba: accepted + refused + measures)
    #expect(refusedThere.map { (accepted + refused + measures)[$0] }.sorted() == refused.sorted())
  }

  @Test func agreesOnMappings() throws {
    let accepted = AccessFileLines.acceptedIdent
    let refused = AccessFileLines.refusedIdent
    let measures = AccessFileLines.refusedIdentForSafety.map { $0.line }
    #expect(accepted.filter { !isAccepted(ident: $0) } == [])
    #expect((refused + measures).filter { isAccepted(ident: $0) } == [])
    let refusedThere = try refusals(ident: accepted + refused + measures)
    #expect(refusedThere.map { (accepted + refused + measures)[$0] }.sorted() == refused.sorted())
  }

  /// Words put together at random, with a fixed start: whatever is accepted PostgreSQL takes, too.
  @Test func everyAcceptedRandomLineIsTaken() throws {
    var random = SeededRandom(seed: 2026)
    let hba = (0..<6000).map { _ in RandomLines.hba(&random) }.filter { isAccepted(hba: $0) }
    let ident = (0..<6000).map { _ in RandomLines.ident(&random) }.filter { isAccepted(ident: $0) }
    #expect(hba.count > 400)
    #expect(ident.count > 600)
    #expect(try refusals(hba: hba).map { hba[$0] } == [])
    #expect(try refusals(ident: ident).map { ident[$0] } == [])
  }
}
