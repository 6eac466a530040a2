import Testing

@testable import PatroniConfig

@Suite struct YAMLParserTests {
  private func faults(_ text: String) -> [String] {
    YAMLParser.parse(Array(text.utf8), document: "own.yml").faults.map {
      "\($0.origin): \($0.message)"
    }
  }

  @Test(
    arguments: [
      ("a: 1\nb: 2\na: 3\n", "own.yml:3:1: key \"a\" is given twice in this mapping"),
      ("a:\n  yes: 1\n", "own.yml:2:3: key \"yes\" is not text"),
      ("a: !!python/name:os.system\n", "own.yml:1:4: a tag is not accepted here"),
      ("a: !own {}\n", "own.yml:1:4: a tag is not accepted here"),
      ("a: 1\n---\nb: 2\n", "own.yml:2:1: a second document begins"),
      ("a: *x\n", "own.yml:1:4: an alias has no anchor before it"),
      ("a: &x [*x]\n", "own.yml:1:8: an alias is within its own anchor"),
      ("a: &x 1\nb: &x 2\n", "own.yml:2:4: an anchor is defined a second time"),
      ("a: {<<: 1}\n", "own.yml:1:9: key << merges mappings only"),
      ("a: 2026-02-30\n", "own.yml:1:4: a value cannot be read"),
      ("a: 'é\n", "own.yml:2:1: cannot be read as YAML: found unexpected end of stream"),
      (
        "a:\n\tb: 1\n",
        "own.yml:2:1: cannot be read as YAML: a tab is used where only spaces are "
          + "allowed"
      ),
      (
        "a:\n- \tb\n",
        "own.yml:2:3: cannot be read as YAML: a tab is used where only spaces are "
          + "allowed"
      ),
      (
        "a: @b\n",
        "own.yml:1:4: cannot be read as YAML: found character that cannot start any token"
      ),
      ("é: \u{7}\n", "own.yml:1:4: cannot be read: control characters are not allowed"),
    ]
  )
  func namesLineAndColumn(_ text: String, _ message: String) {
    #expect(faults(text) == [message])
  }

  @Test func reportsAllThatDoesNotKeepTheRestFromBeingRead() {
    #expect(faults("a: 1\na: 2\n5: 3\nb: !x 4\n").count == 3)
  }

  @Test func refusesMoreThanTenMegabytes() {
    let text = [UInt8](repeating: UInt8(ascii: "#"), count: YAMLParser.longestText + 1)
    let reading = YAMLParser.parse(text, document: "own.yml")
    #expect(reading.faults.map { $0.message } == ["is longer than 10 MB"])
    #expect(YAMLParser.parse(Array(text.dropLast()), document: "own.yml").faults.isEmpty)
  }

  @Test(arguments: [("[", "]"), ("{a: ", "}")])
  func refusesMoreThanAHundredLevels(_ open: String, _ close: String) {
    func nested(_ depth: Int) -> String {
      String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }
    #expect(faults(nested(100)) == [])
    #expect(
      faults(nested(101)).first?.hasSuffix("collections are nested more than 100 deep") == true
    )
    let hidden = "a: &a \(nested(60))\nb: " + String(repeating: "[", count: 50) + "*a"
    #expect(faults(hidden).first?.hasSuffix("collections are nested more than 100 deep") == true)
  }

  @Test func boundsWhatAliasesRepeat() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<20 {
      let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(faults(text) == ["own.yml:5:30: aliases repeat more than 1 MB"])
  }

  @Test func keepsTextsThatOnlyLookTheSameApart() throws {
    let reading = YAMLParser.parse(Array("e\u{301}: 1\n\u{e9}: 2\n".utf8), document: "own.yml")
    #expect(reading.faults.isEmpty)
    #expect(
      try YAMLEmitter.text(of: try #require(reading.root), secrets: .revealed)
        == Array("'e\u{301}': 1\n'\u{e9}': 2\n".utf8)
    )
  }
}
