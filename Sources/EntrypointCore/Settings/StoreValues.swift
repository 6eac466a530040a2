import PatroniConfig
import PostgresConfig

// Values of Patroni's variables that are YAML. Brackets and braces may be left out, and Patroni adds
// them; a bracket anywhere in the text counts as one that is there.
//
// See <https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html>.
extension EnvironmentReader {
  /// A list.
  mutating func list(_ text: String, of name: String) -> YAMLNode? {
    read(text, of: name) { node in
      if case .sequence = node.content { return nil }
      return "Its text is not a list."
    }
  }

  /// A list of hosts, or one text with commas between them, which Patroni divides itself.
  mutating func hosts(_ text: String, of name: String) -> YAMLNode? {
    read(text, of: name) { node in
      switch node.content {
      case .string: return nil
      case .sequence(let items):
        let index = items.firstIndex { if case .string = $0.content { false } else { true } }
        return index.map { "Item \($0 + 1) is not text." }
      default: return "Its text is not a list."
      }
    }
  }

  /// A mapping.
  mutating func mapping(_ text: String, of name: String) -> YAMLNode? {
    let isWhole = text.firstSolidByte == UInt8(ascii: "{")
    let reading = YAMLParser.parse(Array((isWhole ? text : "{\(text)}").utf8), document: name)
    let root = reading.root?.withoutOrigins
    if reading.faults.isEmpty, case .mapping? = root?.content { return root }
    let isSecret = EnvironmentVariable.secrets.contains { $0.name == name }
    reportContradiction(
      Problem(
        name,
        "is not a mapping in YAML",
        detail: isSecret
          ? "The value is secret and not shown."
          : reading.faults.first.map { "Its text \($0.message)." } ?? "Its text is not a mapping."
      )
    )
    return nil
  }

  /// Reads `text`; `objection` says what is wrong with what was read, in a sentence.
  private mutating func read(
    _ text: String,
    of name: String,
    objection: (YAMLNode) -> String?
  ) -> YAMLNode? {
    let isWhole =
      text.firstSolidByte == UInt8(ascii: "-") || text.utf8.contains(UInt8(ascii: "["))
    let reading = YAMLParser.parse(Array((isWhole ? text : "[\(text)]").utf8), document: name)
    let root = reading.root?.withoutOrigins ?? YAMLNode(.plain("null", .null))
    let fault = reading.faults.first.map { "Its text \($0.message)." } ?? objection(root)
    guard let fault else { return root }
    reportContradiction(
      Problem(
        name,
        "is not a list in YAML",
        detail: fault,
        hint: Self.quotedHosts(text).map { "Put an address with brackets in quotes: \($0)." }
      )
    )
    return nil
  }

  /// The list that was meant, when some of its items are IPv6 addresses in brackets.
  private static func quotedHosts(_ text: String) -> String? {
    let ends: (Character) -> Bool = { $0 == " " || $0 == "'" || $0 == "\"" }
    let items = text.split(separator: ",").map { item -> Substring in
      var item = item.drop(while: ends)
      while let last = item.last, ends(last) { item.removeLast() }
      return item
    }
    let areHosts = items.allSatisfy { HostAndPort(parsing: String($0)) != nil }
    guard areHosts, items.contains(where: { $0.hasPrefix("[") }) else { return nil }
    return "[" + items.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
  }
}

extension String {
  /// The first byte that is no white space.
  fileprivate var firstSolidByte: UInt8? {
    utf8.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
  }
}

extension YAMLNode {
  /// The same tree; that it stood in a variable is said elsewhere.
  fileprivate var withoutOrigins: YAMLNode {
    switch content {
    case .mapping(var mapping):
      mapping.mapValues { $0.value.withoutOrigins }
      return .mapping(mapping)
    case .sequence(let items): return .sequence(items.map { $0.withoutOrigins })
    default: return YAMLNode(content)
    }
  }
}
