import Foundation
import PostgresConfig
import TestSupport
import Testing

/// What this program takes, PostgreSQL takes; what it refuses, PostgreSQL refuses, or it is a
/// measure of safety that has a reason.
///
/// Of this machine's PostgreSQL, or of another one that scripts/matrix.sh has.
@Suite struct AccessFileTests {
  private let server: PostgresServer
  private let version: PostgresVersion

  init() throws {
    let installation = PostgresServer.Installation.chosen
    version = try #require(PostgresVersion(major: installation.major))
    // Before version 18 there is no such parameter; without it no record with oauth is taken.
    let settings = version.major >= 18 ? ["oauth_validator_libraries = 'v'"] : []
    server = try PostgresServer(settings: settings, of: installation)
  }

  private func isAccepted(hba line: String) -> Bool {
    (try? HBALine(parsing: line, version: version)) != nil
  }

  private func isAccepted(ident line: String) -> Bool {
    (try? IdentLine(parsing: line, version: version)) != nil
  }

  /// Lines with one between each two that is empty: one that ends with a backslash would swallow the next.
  private func apart(_ lines: [String]) -> [String] { lines.flatMap { [$0, ""] } }

  /// The records that PostgreSQL does not take.
  private func refused(hba lines: [String]) throws -> [String] {
    try server.write(hba: apart(lines), ident: [])
    // Of some faults the view shows no text, only that nothing could be read.
    let rows = try server.query(
      "SELECT line_number FROM pg_hba_file_rules WHERE error IS NOT NULL OR type IS NULL"
    )
    return self.lines(lines, at: rows)
  }

  /// The mappings that PostgreSQL does not take.
  private func refused(ident lines: [String]) throws -> [String] {
    try server.write(hba: ["local all all trust"], ident: apart(lines))
    guard version.major < 15 else {
      let rows = "SELECT line_number FROM pg_ident_file_mappings WHERE map_name IS NULL"
      return self.lines(lines, at: try server.query(rows))
    }
    // There is no view; the server tells when it reads the file.
    let before = server.log.count
    let end = "pg_ident.conf was not reloaded"
    try server.reload()
    try #require(eventually { server.log.dropFirst(before).contains(end) }, "no reload")
    let said = server.log.dropFirst(before)
    let rows = said.matches(of: #/line (\d+)(?: of configuration file|\n)/#).map { String($0.1) }
    let numbered = self.lines(lines, at: rows)
    // Of an expression, and of a file that is not there, it tells the text only.
    let patterns = said.matches(of: #/invalid regular expression "(.*)": /#).map { "/" + $0.1 }
    let files = said.matches(of: #/secondary authentication file "(@[^"]*)"/#).map { String($0.1) }
    return lines.filter { line in
      numbered.contains(line)
        || (patterns + files).contains { line.contains(" \($0) ") || line.contains("\"\($0)\"") }
    }
  }

  private func lines(_ lines: [String], at rows: [String]) -> [String] {
    Set(rows.compactMap { Int($0) }).sorted().map { lines[($0 - 1) / 2] }
  }

  /// Lines that are refused here and there, or here alone for a reason.
  private func check(
    _ lines: [String],
    accepted: [String],
    refusedThere: [String],
    measures: [String],
    _ isAccepted: (String) -> Bool
  ) {
    let acceptedHere = lines.filter(isAccepted)
    #expect(accepted.filter { !acceptedHere.contains($0) } == [])
    #expect(acceptedHere.filter { refusedThere.contains($0) } == [])
    let alone = lines.filter { !isAccepted($0) && !refusedThere.contains($0) }
    #expect(Set(alone).subtracting(measures) == [])
    print(
      "\(acceptedHere.count) lines taken, \(refusedThere.count) refused, \(alone.count) not taken"
    )
  }

  @Test func agreesOnRecords() throws {
    let since = AccessFileLines.acceptedHBASince
    let measures = AccessFileLines.refusedHBAForSafety.map { $0.line }
    let lines = AccessFileLines.acceptedHBA + AccessFileLines.refusedHBA + measures
    let ofVersion = AccessFileLines.refusedHBAForSafetySince.filter { version.major >= $0.major }
    let upTo = AccessFileLines.acceptedHBAUpTo.filter { version.major <= $0.major }
    let later = since.filter { version.major < $0.major }.map { $0.line }
    let accepted = AccessFileLines.acceptedHBA + (since + upTo).map { $0.line }
    let all = (lines + since.map { $0.line }).unique
    let refusedThere = try refused(hba: all)
    // The list was written for this version.
    if version == .assumed {
      #expect(refusedThere.filter { lines.contains($0) } == AccessFileLines.refusedHBA)
    }
    check(
      all,
      accepted: accepted.filter { !later.contains($0) },
      refusedThere: refusedThere,
      measures: measures + later + ofVersion.map { $0.line },
      { isAccepted(hba: $0) }
    )
  }

  @Test func agreesOnMappings() throws {
    let since = AccessFileLines.acceptedIdentSince
    let measures = AccessFileLines.refusedIdentForSafety.map { $0.line }
    let lines = AccessFileLines.acceptedIdent + AccessFileLines.refusedIdent + measures
    let later = since.filter { version.major < $0.major }.map { $0.line }
    let accepted = AccessFileLines.acceptedIdent + since.map { $0.line }
    let all = (lines + since.map { $0.line }).unique
    let refusedThere = try refused(ident: all)
    if version == .assumed {
      #expect(refusedThere.filter { lines.contains($0) } == AccessFileLines.refusedIdent)
    }
    check(
      all,
      accepted: accepted.filter { !later.contains($0) },
      refusedThere: refusedThere,
      measures: measures + later,
      { isAccepted(ident: $0) }
    )
  }

  /// Words put together at random, with a fixed start: whatever is accepted PostgreSQL takes, too.
  @Test func everyAcceptedRandomLineIsTaken() throws {
    var random = SeededRandom(seed: 2026)
    let hba = (0..<6000).map { _ in RandomLines.hba(&random) }.filter { isAccepted(hba: $0) }
    let ident = (0..<6000).map { _ in RandomLines.ident(&random) }.filter { isAccepted(ident: $0) }
    #expect(hba.count > 400)
    #expect(ident.count > 600)
    #expect(try refused(hba: hba) == [])
    #expect(try refused(ident: ident) == [])
    print("\(hba.count + ident.count) lines taken, 0 refused, 0 not taken")
  }
}

extension [String] {
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
