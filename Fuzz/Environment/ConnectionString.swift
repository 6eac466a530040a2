import CLibpq

/// A connection string as libpq takes it apart, whichever keywords there are.
///
/// See <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE>.
struct ConnectionString {
  /// The value of each keyword.
  let values: [String: String]

  /// Nil when the text breaks the grammar.
  ///
  /// The installed libpq must agree, unless it is older than one of the keywords.
  init?(_ text: String) {
    guard let values = Self.read(Array(text.utf8)) else { return nil }
    self.values = values
    if values.keys.allSatisfy({ Self.keywordsOfLibpq.contains($0) }) {
      require(Self.readByLibpq(text) == values, "libpq reads otherwise: \(text)")
    }
  }

  private static func read(_ bytes: [UInt8]) -> [String: String]? {
    var values: [String: String] = [:]
    var rest = bytes[...]
    func skipBlanks() { rest = rest.drop { isBlank($0) } }
    skipBlanks()
    while !rest.isEmpty {
      let keyword = rest.prefix { $0 != UInt8(ascii: "=") && !isBlank($0) }
      rest = rest.dropFirst(keyword.count)
      skipBlanks()
      guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
      skipBlanks()
      guard let value = readValue(&rest) else { return nil }
      values[String(decoding: keyword, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
      skipBlanks()
    }
    return values
  }

  /// A word, or a text between single quotes; a backslash takes its meaning from any byte.
  private static func readValue(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let quote = UInt8(ascii: "'")
    let isQuoted = rest.first == quote
    if isQuoted { rest.removeFirst() }
    var value: [UInt8] = []
    while let byte = rest.popFirst() {
      if isQuoted ? byte == quote : isBlank(byte) { return value }
      guard byte == UInt8(ascii: "\\") else {
        value.append(byte)
        continue
      }
      if let escaped = rest.popFirst() { value.append(escaped) }
    }
    return isQuoted ? nil : value
  }

  /// isspace(3) in the C locale.
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }

  private static let keywordsOfLibpq: Set<String> = {
    let options = PQconndefaults()
    defer { PQconninfoFree(options) }
    return Set(pairs(options).map { $0.keyword })
  }()

  private static func readByLibpq(_ text: String) -> [String: String]? {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &message) else {
      PQfreemem(message)
      return nil
    }
    defer { PQconninfoFree(options) }
    var values: [String: String] = [:]
    for pair in pairs(options) { values[pair.keyword] = pair.value }
    return values
  }

  private static func pairs(
    _ options: UnsafeMutablePointer<PQconninfoOption>?
  ) -> [(keyword: String, value: String?)] {
    guard var option = options else { stop("libpq knows no keyword") }
    var pairs: [(keyword: String, value: String?)] = []
    while let keyword = option.pointee.keyword {
      pairs.append((String(cString: keyword), option.pointee.val.map { String(cString: $0) }))
      option += 1
    }
    return pairs
  }
}
