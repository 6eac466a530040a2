import PostgresConfig
import TestSupport
import Testing

/// PostgreSQL's own engine decides what an expression matches, and what is no expression.
@Suite struct RegularExpressionAgreementTests {
  static let patterns = [
    "", "^node$", "^node-[0-9]+$", "node", "^.*$", "^node-(0|1|12)$", "^(?:a|node)-\\d{1,2}$",
    "^n.de", "[[:digit:]]$", "[^a-z]", "^[a-z-]*$", "^\\*\\.demo", "\\.local$", "a|b||c", "()",
    "(a|)", "^node-1{2,}$", "^node-1{0}2?$", "x{0,255}", "[]a]", "[]", "[a-]", "[-a]", "[^]a]",
    "^(node)+(-)(\\d)*$", "((((n))))", "\\AnodE\\Z", "\\Anode\\Z", "\\w+-\\w+", "\\s", "\\S+\\D",
    "[\\w.]+$", "[\\d]", "[\\.]", "a{1", "a{1,2", "a{2,1}", "a{256}", "a{,2}", "{", "{1}", "a{",
    "a{x}", "*a", "+", "?", "^*", "$+", "a**", "a+?", "a??", "a+*", "(a", "a)", ")", "(", "[a",
    "[z-a]", "[[:nope:]]", "[[:alpha:]", "\\", "a\\", "^node(-\\d+$", "é", "^[é-ü]+$", "\\W",
    "(^a|^node)", "a^b", "a$b", "^^node", "node$$", "[[:upper:]]", "^[[:alnum:].*-]+$", "\u{1F600}",
    "(a*)*", "(a*)+b", "(a?){50}", "^(([a-z]+)-?)*$", "[a-c-e]", "[a-c-]", "[^-a]", "[+--]",
    "[--/]", "[a-d-]x", "[[:space:][:digit:]]", "\\-",
    "\\é", "(|a)", "|", "|a", "a|", "(a||b)", "x*?y", "^{2}", "({2})", "a{2}{3}", "a{2}?", "[$^]",
    "[\\]]", "[\\^x]", "a.c", "(?:)", "(?:a", "node-1(2|3){1}", "^node-.{2}$", "^node-.{3}$",
  ]

  static let names = [
    "node", "node-0", "node-1", "node-12", "*.demo.default.svc.cluster.local", "NODE", "a", "b-c",
    "", "é", "a b", "x.y", "]", "-", "abc", "aXc", "a{", "{", "^", "$", "\\",
  ]

  @Test func agreesWithPostgreSQL() throws {
    let server = try PostgresServer()
    _ = try server.query(
      """
      CREATE FUNCTION judge(name text, pattern text) RETURNS text LANGUAGE plpgsql AS $$
      BEGIN RETURN CASE WHEN name COLLATE "C" ~ pattern THEN 'yes' ELSE 'no' END;
      EXCEPTION WHEN OTHERS THEN RETURN SQLERRM; END $$
      """
    )
    var judged = 0
    for pattern in Self.patterns {
      let pairs = Self.names.map { "(\(literal($0)), \(literal(pattern)))" }
      let answers = try server.query(
        "SELECT judge(name, pattern) FROM (VALUES \(pairs.joined(separator: ","))) v(name, pattern)"
      )
      #expect(answers.count == Self.names.count)
      for (name, answer) in zip(Self.names, answers) {
        guard let ours = verdict(of: pattern, on: name) else { continue }
        #expect(ours == answer, "\(pattern) on \(name)")
        judged += 1
      }
    }
    // What is not understood stays the exception.
    #expect(judged >= Self.patterns.count * Self.names.count * 9 / 10)
  }

  private func literal(_ text: String) -> String {
    "'" + text.replacing("'", with: "''") + "'"
  }

  /// What the program says, in the words of the function above; nil when it cannot tell.
  private func verdict(of pattern: String, on name: String) -> String? {
    do throws(RegularExpression.Fault) {
      return try RegularExpression(pattern).matches(name) ? "yes" : "no"
    } catch {
      guard case .invalid(let reason) = error else { return nil }
      return "invalid regular expression: " + reason
    }
  }
}
