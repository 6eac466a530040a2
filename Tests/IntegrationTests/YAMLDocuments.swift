/// One document for every notation of YAML 1.1 and 1.2 that a configuration may use, and for the
/// places where readers disagree.
enum YAMLDocuments {
  static let all = collections + texts + plainTexts + anchors + directives + oddities

  private static let collections = [
    "", "\n", "# only a comment\n", "---\n", "---\n...\n", "{}", "[]", "a:\n", "a: ~\nb:\nc: ''\n",
    "a: 1\nb: 2\n", "a:\n  b:\n    c: d\n", "a:\n- 1\n- 2\n", "a:\n  - 1\n  - 2\n",
    "- a\n- b\n-\n  - c\n", "- - - deep\n", "- a: 1\n  b: 2\n-  c: 3\n   d: 4\n",
    "- a:\n    b\n- c:\n  - d\n", "? a\n: b\n? c\n", "? |\n  block key\n: value\n",
    "? [a, b]\n: pair\n", "? {a: b}\n: pair\n", "[a, b, [c, {d: e}], ]", "{a: b, c: , d}",
    "{a: [1, 2], 'b': {c: d}, ? e : f}", "[a: b, c: d]", "{a: b,\n c: d,\n\n e: f}",
    "[\n  a,\n  b\n]\n", "{\"a\":1,\"b\":[true,null]}", "a: {b: c,\n  d: e}\n",
    "a: [x,\ny]\n", "a:\n\n\n  b: c\n\n", "a: b # comment\n# another\nc: d\n",
    "  a: b\n  c: d\n", "a:   b\nc:\td\n", "a:\n  - b\n  -\n  - c\n", "a: - b\n", "a: b: c\n",
    "a\n", "'a'\n", "[a", "{a: b", "a: [b, c\nd: e\n", "- a\nb: c\n", "a: b\n c: d\n", "\ta: b\n",
    "a:\n\tb: c\n", "a: b\n- c\n", "]", "}", "a: ]\n", "{a b: c d}", "{a: b}: c\n", "[a]: b\n",
  ]

  private static let texts = [
    "a: 'it''s'\n", "a: \"\\t\\n\\\\ \\\" \\/ \\x41 \\u00e9 \\U0001F418\"\n",
    "a: \"\\e\\a\\b\\v\\0\"\n",
    "a: \"\\N\\_\\L\\P\"\n", "a: \"\\q\"\n", "a: \"\\ud800\"\n", "a: \"one\n  two\n\n  three\"\n",
    "a: 'one\n  two\n\n  three '\n", "a: \"one \\\n  two\"\n", "a: \"line\\\n\\  more\"\n",
    "a: one\n  two\n\n  three\n", "a: |\n  one\n  two\n", "a: >\n  one\n  two\n\n  three\n",
    "a: |-\n  one\n\n", "a: |+\n  one\n\n\nb: c\n", "a: >-\n  one\n   two\n  three\n",
    "a: |2\n   one\n", "a: |1\n one\n  two\n", "a: >2-\n   one\n  two\n", "a: |\n\n  one\n",
    "a: |\n    \n  one\n", "a: |\n", "a: |-\nb: c\n", "a: | # comment\n  one # text\n",
    "a: >\n  one\n  # text\n two\n", "- |\n one\n- >\n two\n", "a: |\n  tab\there\n",
    "a: 'unclosed\n", "a: \"unclosed\n", "a: 'x' y\n", "a: \"é 日本 🐘\"\n", "é: ü\n", "🐘: 1\n",
    "a: e\u{301}\nb: \u{e9}\n", "a: \"\u{85}\"\n", "a: \u{2028}x\n", "\u{feff}a: b\n",
    "a: \u{feff}b\n",
    "a: \u{7}\n", "a: \u{7f}\n", "a: \u{fffe}\n", "a: \u{e000}\n", "a: b\r\nc: d\r\n",
    "a: b\rc: d\r",
    "a: '  spaces  '\n", "a: \"\"\n", "a: ' '\n", "a: !!str\n", "a: \"trailing \\x20\"\n",
  ]

  private static let plainTexts =
    [
      "yes", "Yes", "yEs", "y", "n", "no", "on", "off", "OFF", "true", "truE", "null", "NULL",
      "nUll",
      "~", "~a", "0", "-0", "+0", "00", "07", "08", "0_", "_0", "1_0", "1_", "0b", "0b1", "0b_",
      "0b2",
      "-0b11", "0x", "0xF", "0xg", "0x_", "+0x_1", "0o7", "0777", "-0777", "1:0", "1:60", "1:5:3",
      "0:5", "-1:30", "1:30:", "1:030", "1.", ".1", "-.1", "+.1", "1.e+1", "1.e1", "1.5e-3", "1e5",
      "1:30.5", "1:30.5e+1", "._1", "1._", ".inf", "-.inf", "+.INF", ".iNf", ".nan", "-.nan",
      ".NAN",
      "2026-11-21", "2026-1-2", "2026-02-30", "2024-02-29", "1900-02-29", "0000-01-01",
      "2026-11-21 ",
      "2026-11-21T05:06:07", "2026-11-21t05:06:07Z", "2026-11-21  5:06:07.123456789 +2",
      "2026-11-21 5:6:7", "2026-11-21 24:00:00", "2026-11-21T05:06:07-23:59",
      "2026-11-21T05:06:07+24:00", "2026-1-2 3:04:05", "12345-01-01", "=", "<<", "<", "<<<", "==",
      "@a", "`a", "%a", "a%", "-a", "--", "- ", "?a", ":a", "a:", "a:b", "a :b", "a#b", "a #b", "!",
      "&",
      "*", "!a b", "a,b", "a]b", "a}b", "(a)", "[a", "10.0.0.0/8", "::1", "fe80::1", "1.2.3",
      "512MB",
      String(repeating: "9", count: 4300), String(repeating: "9", count: 4301),
    ].flatMap { ["a: \($0)\n", "[\($0)]", "- \($0)\n"] }

  private static let anchors = [
    "a: &x 1\nb: *x\n", "a: &x [1, 2]\nb: *x\n", "a: &x {b: c}\nd: *x\n", "&x a: b\nc: *x\n",
    "a: &x b\n*x : c\n", "a: *x\n", "a: &x 1\nb: &x 2\n", "a: &x [*x]\n", "a: &x\nb: *x\n",
    "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", "a: &x {b: 1}\nc: {<<: *x, b: 2}\n",
    "a: &x {b: 1}\nc: {b: 2, <<: *x}\n", "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}\n",
    "a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y}\n", "a: {<<: {b: 1}}\n", "a: {<<: [{b: 1}]}\n",
    "a: {<<: 1}\n", "a: {<<: [1]}\n", "a: {'<<': 1}\n", "a: {<<: }\n",
    "a: {<<: {b: 1}, <<: {c: 2}}\n",
    "a: {b: 1, b: 2}\n", "a: 1\n'a': 2\n", "a: !!str 1\nb: !!int '1'\n", "a: !!int x\n",
    "a: !!float 1\n", "a: !!float 1.5\n", "a: !!bool no\n", "a: !!bool '1'\n", "a: !!null ''\n",
    "a: !!null x\n", "a: !!timestamp 2026-11-21\n", "a: !!seq [1]\n", "a: !!map {b: c}\n",
    "a: !!map [1]\n", "a: !!omap [b: 1]\n", "a: !!set {b}\n", "a: !!binary aGk=\n", "a: ! 12\n",
    "a: ! '12'\n", "a: ! [1]\n", "a: !own 1\n", "a: !!python/object/apply:os.system [id]\n",
    "a: !!python/name:os.system\n", "a: !<tag:yaml.org,2002:str> 1\n", "a: !<!x> 1\n",
    "a: !x!y 1\n",
    "1: a\n", "no: a\n", "~: a\n", "1.5: a\n", "2026-11-21: a\n", "? \n: a\n", "'1': a\n",
  ]

  private static let directives = [
    "%YAML 1.1\n---\na: b\n", "%YAML 1.2\n---\na: b\n", "%YAML 2.0\n---\na: b\n",
    "%TAG !y! tag:yaml.org,2002:\n---\na: !y!int 1\n", "%TAG ! tag:own,2026:\n---\na: !x 1\n",
    "%FOO bar\n---\na: b\n", "%YAML 1.1\n%YAML 1.1\n---\na\n", "a: b\n---\nc: d\n", "a: b\n...\n",
    "a: b\n...\n---\nc: d\n", "--- a\n", "--- {a: b}\n", "--- |\n  a\n", "---\n---\n", "...\n",
    "a: b\n%YAML 1.1\n", "--- # comment\na: b\n", "---a: b\n", "--- !!map\na: b\n", "---\ta\n",
  ]

  private static let oddities = [
    "a: 'b':\n", "a: \"b\": c\n", "{a:b}", "{a:1}", "{\"a\":b}", "{'a':b}", "[a:b]", "{a: b:c}",
    "{? a}", "[? a]", "{a?: b}", "[-a, - b]", "[-]", "{-: 1}", "[,]", "[a,,b]", "{,}", "{a,}",
    "a: ,b\n",
    "a: @b\n", "a: `b\n", "- -a\n", "- --- a\n", "-\ta\n", "a:\t\n  b\n", "a: b\tc\n",
    "a: b\t# c\n",
    "a: b#c\n", "#a\n#b", "a: 'b' #c\n", "a: 'b'#c\n", "a: [b]#c\n", "a: |x\n  b\n", "a: |0\n  b\n",
    "a: |10\n  b\n", "a: >+-\n  b\n", "a: !!str |\n  1\n", "a: &x |\n  1\nb: *x\n",
    "a: &x\n  b: 1\nc: *x\n",
    "a: !!map &x\n  b: 1\nc: *x\n", "a: &x !!str 1\nb: *x\n", "&x\na: b\n", "&x {a: *x}\n", "*x\n",
    "a: &\n", "a: &x&y b\n", "a: &x.y b\nc: *x.y\n", "a: *x y\n", "a: \"b\n---\nc\"\n",
    "a: b\n  - c\n",
    "\"a\n b\": c\n", "a b c: d\n", "a:\n b:\n  c:\n d: e\n",
    String(repeating: "k", count: 1024) + ": v\n",
    String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "\n",
  ]
}
