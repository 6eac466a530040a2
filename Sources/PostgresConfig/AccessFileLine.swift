/// What is wrong with a line of `pg_hba.conf` or `pg_ident.conf`.
public struct AccessFileFault: Error, Equatable, Sendable {
  /// One factual line in lower case, without a full stop.
  public let message: String
  /// Sentences with the facts behind the message.
  public let detail: String?
  /// Sentences that say what to do.
  public let hint: String?
  /// The message without the word of the line that stands in it.
  private let messageWithoutWord: String

  init(_ message: String, detail: String? = nil, hint: String? = nil) {
    self.message = message
    self.detail = detail
    self.hint = hint
    messageWithoutWord = message
  }

  /// A fault that quotes a word of the line between `before` and `after`.
  init(
    _ before: String = "",
    word: some StringProtocol,
    _ after: String,
    detail: String? = nil,
    hint: String? = nil
  ) {
    message = before + String(quoting: word) + after
    self.detail = detail
    self.hint = hint
    messageWithoutWord = before + Secret.redacted + after
  }

  /// The same for a line that holds a password: any word of it may be a part of that.
  func hidingWord() -> AccessFileFault {
    AccessFileFault(messageWithoutWord, detail: detail, hint: hint)
  }
}

/// A line of `pg_hba.conf` or `pg_ident.conf`, taken apart as PostgreSQL does: blanks separate
/// fields, commas separate the items of a field, `#` begins a comment, double quotes hold anything.
///
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
struct AccessFileLine {
  /// One item of a field.
  struct Token: Equatable {
    let text: String
    /// Whether it begins with a quote, so that it is no keyword.
    let isQuoted: Bool

    func isKeyword(_ word: String) -> Bool { !isQuoted && text == word }
  }

  /// Never empty, and none of them is empty; no fields for a blank line or a comment.
  let fields: [[Token]]

  /// A longer item is cut off, or stops the file from being read, up to PostgreSQL 15.
  private static let longestToken = 255
  /// A longer line is not read up to PostgreSQL 13.
  private static let longestLine = 8190

  init(_ text: String, version: PostgresVersion) throws(AccessFileFault) {
    var text = text
    let bytes = text.withUTF8 { Array($0) }
    guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) else {
      throw AccessFileFault(
        "holds a line break or another control character",
        detail: "A record is one line.",
        hint: "Make each record an item of the list."
      )
    }
    guard bytes.last != UInt8(ascii: "\\") else {
      throw AccessFileFault(
        "ends with a backslash",
        detail: "PostgreSQL 14 and later would read the next record as part of this one."
      )
    }
    guard bytes.count <= Self.longestLine || version.major > 13 else {
      throw AccessFileFault("is longer than \(Self.longestLine) bytes")
    }
    var reader = Reader(bytes: bytes)
    var fields: [[Token]] = []
    while let field = try reader.field() {
      for token in field { try Self.check(token, version) }
      fields.append(field)
    }
    if let first = fields.first?.first, first.text.hasPrefix("include"), !first.isQuoted {
      throw AccessFileFault(
        "\(first.text) directives are not accepted",
        detail: "The content of another file cannot be checked and may change at any time.",
        hint: "Write its records here."
      )
    }
    self.fields = fields
  }

  private static func check(_ token: Token, _ version: PostgresVersion) throws(AccessFileFault) {
    guard !token.text.isEmpty else {
      throw AccessFileFault("holds an empty name", detail: "It would match nothing.")
    }
    guard token.isQuoted || !token.text.hasPrefix("@") else {
      throw AccessFileFault(
        "refers to file ",
        word: token.text.dropFirst(),
        "",
        detail: "The content of another file cannot be checked and may change at any time.",
        hint: "Write the names here, separated by commas."
      )
    }
    guard token.text.utf8.count <= longestToken || version.major > 15 else {
      throw AccessFileFault(
        "holds a word of \(token.text.utf8.count) bytes",
        detail: "PostgreSQL before 16 reads at most \(longestToken)."
      )
    }
  }

  /// The only item of a field.
  static func single(_ field: [Token], _ what: String) throws(AccessFileFault) -> Token {
    guard field.count == 1, let token = field.first else {
      throw AccessFileFault("holds more than one \(what)")
    }
    return token
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    mutating func field() throws(AccessFileFault) -> [Token]? {
      var tokens: [Token] = []
      while let (token, continues) = try token() {
        tokens.append(token)
        if !continues { break }
      }
      return tokens.isEmpty ? nil : tokens
    }

    /// The next item, and whether a comma follows it.
    private mutating func token() throws(AccessFileFault) -> (Token, continues: Bool)? {
      let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
      while position < bytes.count, isBlank(bytes[position]) || bytes[position] == comma {
        position += 1
      }
      var text: [UInt8] = []
      var isQuoted = false
      var isInQuotes = false
      var wasQuote = false
      var hasQuote = false
      var continues = false
      while position < bytes.count {
        let byte = bytes[position]
        if !isInQuotes {
          if isBlank(byte) { break }
          if byte == UInt8(ascii: "#") {
            position = bytes.count
            break
          }
          if byte == comma {
            position += 1
            continues = true
            break
          }
        }
        if byte != quote || wasQuote { text.append(byte) }
        wasQuote = isInQuotes && byte == quote ? !wasQuote : false
        if byte == quote {
          isInQuotes.toggle()
          if text.isEmpty { isQuoted = true }
          hasQuote = true
        }
        position += 1
      }
      guard !isInQuotes else { throw AccessFileFault("holds a quote that is not closed") }
      guard hasQuote || !text.isEmpty else { return nil }
      return (Token(text: String(decoding: text, as: UTF8.self), isQuoted: isQuoted), continues)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  }
}
