import PostgresConfig
import Testing

@testable import PatroniConfig

@Suite struct YAMLEmitterTests {
  private func text(_ node: YAMLNode, _ secrets: YAMLEmitter.Secrets = .revealed) throws -> String {
    String(decoding: try YAMLEmitter.text(of: node, secrets: secrets), as: UTF8.self)
  }

  @Test(arguments: [
    ("no", "'no'\n"), ("", "''\n"), ("it's", "'it''s'\n"), ("a: b # c", "'a: b # c'\n"),
    ("one\ntwo", "\"one\\ntwo\"\n"), ("tab\t", "\"tab\\t\"\n"), ("schlüssel", "'schlüssel'\n"),
    ("${HOME} %d", "'${HOME} %d'\n"), (" lead", "' lead'\n"), ("trail ", "'trail '\n"),
    ("\u{feff}bom", "\"\\uFEFFbom\"\n"), ("a\u{2028}b", "\"a\\Lb\"\n"),
  ])
  func quotesEveryText(_ value: String, _ expected: String) throws {
    #expect(try text(.string(value)) == expected)
  }

  @Test func writesNumbersAndTruthValuesBare() throws {
    #expect(
      try text(.sequence([.integer(-3), .boolean(true), .boolean(false)]))
        == "- -3\n- true\n- false\n"
    )
  }

  @Test func quotesKeysThatReadAsSomethingElse() throws {
    var mapping = YAMLMapping()
    for key in ["use_slots", "on", "Key", "0", "a b", "citus.node_conninfo"] {
      mapping.append(key, .integer(1))
    }
    #expect(
      try text(.mapping(mapping))
        == "use_slots: 1\n'on': 1\n'Key': 1\n'0': 1\n'a b': 1\ncitus.node_conninfo: 1\n"
    )
  }

  @Test func writesEmptyCollectionsInFlowStyle() throws {
    #expect(try text(.sequence([.sequence([]), .mapping(YAMLMapping())])) == "- []\n- {}\n")
  }

  @Test func redactsSecretsUnlessTheyAreAskedFor() throws {
    let node = YAMLNode.secret(Secret("hunter2"))
    #expect(try text(node, .redacted) == "'<redacted>'\n")
    #expect(try text(node, .revealed) == "'hunter2'\n")
  }

  @Test func longTextsStayOnOneLine() throws {
    let long = String(repeating: "word ", count: 500) + "end"
    #expect(try text(.string(long)) == "'\(long)'\n")
  }
}
