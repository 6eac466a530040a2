import Foundation
import TestSupport
import Testing

/// What no string in `Sources` says, so that messages keep to the field's words.
@Suite struct MessageWordsTests {
  /// What to write instead is beside it.
  private static let words: [(pattern: String, instead: String)] = [
    (#"\b(whoever|nobody|somebody|everybody)\b"#, "anyone, or who it is: clients, nodes, no role"),
    (#"\b(told|tells?|says?|said)\b"#, "report, notify, set, have"),
    (#"\btak(e|es|en|ing)\b(?! effect)"#, "accept, read, use"),
    (#"\b(stands?|stood)\b"#, "be, be written, be set"),
    (#"\b(makes?|made)\b"#, "create, issue, set"),
    (#"\banew\b"#, "again, restart, reissue, a new …"),
    (#"\bat once\b"#, "immediately, together"),
    (#", too\b"#, "also"),
    (#"\bone's\b"#, "the owner's name"),
    (#"\bis no (?!longer)"#, "is not a"),
    (#"\blooks? (at|into)\b"#, "check, access"),
    (#"\bauthorit(y|ies)\b(?! \(CA)"#, "CA"),
    (#"\bcommon name\b(?! \(CN\))"#, "CN"),
    (#"\bconfiguration stores?\b(?!\))|\b(the|that|which|this) store\b"#, "DCS"),
    (#"\b(leaves?|left|leaving) out\b"#, "omit, skip, not pass on"),
    (#"\bplug-in"#, "output plugin"),
    (#"\bfault(s|y)?\b"#, "error, invalid"),
    (#"\bdefects?\b"#, "error"),
    (#"\brefuses? the whole\b"#, "reject"),
  ]

  @Test func findsTheLiterals() {
    let source = """
      let a = "x \\(b ? "y" : f("z")) \\"q\\"" // "no"
      let c = "w"
      """
    #expect(SwiftLiterals(source).found.map { $0.text } == ["y", "z", #"x … \"q\""#, "w"])
    #expect(SwiftLiterals(source).found.map { $0.line } == [1, 1, 1, 2])
  }

  @Test(arguments: words.map { $0.pattern })
  func noStringHasTheWords(_ pattern: String) throws {
    let expression = try Regex(pattern)
    let literals = try Self.literals()
    #expect(literals.count > 1000)
    let found = literals.filter { $0.text.contains(expression) }.map { "\($0.place): \($0.text)" }
    let instead = Self.words.first { $0.pattern == pattern }?.instead ?? ""
    #expect(found == [], "write: \(instead)")
  }

  private static func literals() throws -> [(place: String, text: String)] {
    let root = Repository.root + "/Sources"
    let files = try #require(FileManager.default.enumerator(atPath: root))
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
    return try files.flatMap { file in
      let text = try String(contentsOfFile: root + "/" + file, encoding: .utf8)
      return SwiftLiterals(text).found.map { (place: "\(file):\($0.line)", text: $0.text) }
    }
  }
}

/// The string literals of a source file, with … for what is interpolated, and those within it, too.
private struct SwiftLiterals {
  private(set) var found: [(line: Int, text: String)] = []
  private var rest: Substring
  private var line = 1

  init(_ source: String) {
    rest = source[...]
    while !rest.isEmpty { readCode() }
  }

  private mutating func skip(_ count: Int = 1) -> String {
    let text = String(rest.prefix(count))
    line += text.count { $0 == "\n" }
    rest.removeFirst(min(count, rest.count))
    return text
  }

  private mutating func readCode() {
    if rest.hasPrefix("//") {
      rest = rest.drop { $0 != "\n" }
    } else if rest.hasPrefix("\"") {
      readString(until: rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\"")
    } else {
      _ = skip()
    }
  }

  private mutating func readString(until end: String) {
    _ = skip(end.count)
    let start = line
    var text = ""
    while !rest.isEmpty, !rest.hasPrefix(end) {
      if rest.hasPrefix("\\(") {
        text += "…"
        _ = skip(2)
        readInterpolation()
      } else {
        text += skip(rest.hasPrefix("\\") ? 2 : 1)
      }
    }
    _ = skip(end.count)
    found.append((start, text))
  }

  private mutating func readInterpolation() {
    var depth = 1
    while depth > 0, let next = rest.first {
      depth += next == "(" ? 1 : next == ")" ? -1 : 0
      readCode()
    }
  }
}
