import PatroniConfig
import PostgresConfig

/// A document as a reader has it.
enum Value: Equatable {
  case string(String)
  /// A number, a Boolean, a date or null.
  case plain(String)
  case list([Value])
  case map([Pair])

  struct Pair: Equatable {
    let key: String
    let value: Value
  }

  /// What was meant.
  init(_ node: YAMLNode, secrets: YAMLEmitter.Secrets) {
    switch node.content {
    case .string(let text): self = .string(text)
    case .secret(let secret):
      self = .string(secrets == .revealed ? secret.reveal() : Secret.redacted)
    case .plain(let text, _): self = .plain(text)
    case .sequence(let items): self = .list(items.map { Value($0, secrets: secrets) })
    case .mapping(let mapping):
      self = .map(
        mapping.entries.map { Pair(key: $0.key, value: Value($0.value, secrets: secrets)) }
      )
    }
  }

  /// Whether every key fits on a line with its value; libyaml writes longer ones in a form of their own.
  var hasShortKeys: Bool {
    switch self {
    case .string, .plain: true
    case .list(let items): items.allSatisfy { $0.hasShortKeys }
    case .map(let pairs):
      pairs.allSatisfy { pair in
        pair.key.utf8.count <= 100 && !pair.key.isEmpty
          && pair.key.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7f }
          && pair.value.hasShortKeys
      }
    }
  }
}

/// Reads the part of YAML that we write, and nothing else: block mappings and sequences, texts in
/// quotes on one line, numbers and the like as one bare word, `[]` and `{}`.
///
/// It is stricter than any loader: what it takes means the same to all of them.
/// See <https://yaml.org/spec/1.1/>.
struct StrictYAML {
  private var lines: [[Unicode.Scalar]]
  private var next = 0

  /// The document, or nil when a line is not of the kind that we write.
  static func read(_ text: String) -> Value? {
    guard text.hasSuffix("\n"), text.unicodeScalars.allSatisfy({ isPrintable($0) }) else {
      return nil
    }
    // Only a line feed ends a line of ours; a loader sees others, so they must not occur.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    var reader = StrictYAML(lines: lines.dropLast().map { Array($0) })
    guard let value = reader.block(indent: 0), reader.next == reader.lines.count else { return nil }
    return value
  }

  /// What PyYAML's reader lets pass, without a tab, and without the breaks of lines that YAML 1.1 knows.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0a, 0x20..<0x7f, 0xa0..<0x2028, 0x202a..<0xd800, 0xe000..<0xfeff, 0xff00..<0xfffe: true
    case 0x1_0000...0x10_ffff: true
    default: false
    }
  }

  private mutating func block(indent: Int) -> Value? {
    guard next < lines.count, Self.indent(of: lines[next]) == indent else { return nil }
    return lines[next].dropFirst(indent).starts(with: "- ".unicodeScalars)
      ? list(indent: indent) : map(indent: indent)
  }

  private static func indent(of line: [Unicode.Scalar]) -> Int { line.prefix { $0 == " " }.count }

  private mutating func list(indent: Int) -> Value? {
    var items: [Value] = []
    while next < lines.count, Self.indent(of: lines[next]) == indent,
      lines[next].dropFirst(indent).starts(with: "- ".unicodeScalars)
    {
      let rest = Array(lines[next].dropFirst(indent + 2))
      if Self.key(rest) == nil, let scalar = Self.scalar(rest) {
        items.append(scalar)
        next += 1
      } else {
        // A mapping or a list begins behind the hyphen, and goes on below.
        lines[next] = Array(repeating: " ", count: indent + 2) + rest
        guard let item = block(indent: indent + 2) else { return nil }
        items.append(item)
      }
    }
    return .list(items)
  }

  private mutating func map(indent: Int) -> Value? {
    var pairs: [Value.Pair] = []
    while next < lines.count, Self.indent(of: lines[next]) == indent,
      let (key, rest) = Self.key(lines[next].dropFirst(indent))
    {
      guard !pairs.contains(where: { $0.key == key }) else { return nil }
      next += 1
      let value: Value?
      if !rest.isEmpty {
        value = rest.first == " " ? Self.scalar(Array(rest.dropFirst())) : nil
      } else if next < lines.count, Self.indent(of: lines[next]) > indent {
        value = block(indent: Self.indent(of: lines[next]))
      } else {
        // A list may stand as far left as its key.
        value = list(indent: indent)
        if case .list([]) = value { return nil }
      }
      guard let value else { return nil }
      pairs.append(Value.Pair(key: key, value: value))
    }
    return pairs.isEmpty ? nil : .map(pairs)
  }

  /// A key, bare or in quotes, and what stands behind its colon.
  private static func key(
    _ line: some Collection<Unicode.Scalar>
  ) -> (String, [Unicode.Scalar])? {
    let line = Array(line)
    if let quote = line.first, quote == "'" || quote == "\"" {
      for end in line.indices.dropFirst() where line[end] == quote {
        guard end + 1 < line.count, line[end + 1] == ":" else { continue }
        let text = Array(line[...end])
        let key = quote == "'" ? singleQuoted(text) : doubleQuoted(text)
        if let key { return (key, Array(line[(end + 2)...])) }
      }
      return nil
    }
    let word = line.prefix { scalar in
      ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
        || "_.-".unicodeScalars.contains(scalar)
    }
    let words: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
    var key = String.UnicodeScalarView()
    key.append(contentsOf: word)
    let rest = line.dropFirst(word.count)
    guard let first = word.first, ("a"..."z").contains(first), rest.first == ":",
      !words.contains(String(key))
    else { return nil }
    return (String(key), Array(rest.dropFirst()))
  }

  private static func scalar(_ text: [Unicode.Scalar]) -> Value? {
    switch text.first {
    case "'": return singleQuoted(text).map { .string($0) }
    case "\"": return doubleQuoted(text).map { .string($0) }
    case "[": return text == ["[", "]"] ? .list([]) : nil
    case "{": return text == ["{", "}"] ? .map([]) : nil
    default: break
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text)
    let isWord = text.allSatisfy { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || "+-._:~ ".unicodeScalars.contains(scalar)
    }
    let hasSyntax = text.first == "-" && text.dropFirst().first == " " || text.last == ":"
    return isWord && !text.isEmpty && !hasSyntax && !String(view).contains(": ")
      ? .plain(String(view)) : nil
  }

  private static func singleQuoted(_ text: [Unicode.Scalar]) -> String? {
    guard text.count >= 2, text.last == "'" else { return nil }
    var value = String.UnicodeScalarView()
    var rest = text.dropFirst().dropLast()
    while let scalar = rest.popFirst() {
      if scalar == "'", rest.popFirst() != "'" { return nil }
      value.append(scalar)
    }
    return String(value)
  }

  private static let escapes: [Unicode.Scalar: UInt32] = [
    "0": 0, "a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "e": 27, "\"": 34,
    "\\": 92, "N": 0x85, "_": 0xa0, "L": 0x2028, "P": 0x2029,
  ]

  private static func doubleQuoted(_ text: [Unicode.Scalar]) -> String? {
    guard text.count >= 2, text.last == "\"" else { return nil }
    var value = String.UnicodeScalarView()
    var rest = text.dropFirst().dropLast()
    while let scalar = rest.popFirst() {
      guard scalar != "\"" else { return nil }
      guard scalar == "\\" else {
        value.append(scalar)
        continue
      }
      guard let letter = rest.popFirst() else { return nil }
      let lengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
      if let number = escapes[letter], let escaped = Unicode.Scalar(number) {
        value.append(escaped)
      } else if let length = lengths[letter], rest.count >= length {
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: rest.prefix(length))
        rest = rest.dropFirst(length)
        guard let number = UInt32(String(digits), radix: 16), let escaped = Unicode.Scalar(number)
        else { return nil }
        value.append(escaped)
      } else {
        return nil
      }
    }
    return String(value)
  }
}
