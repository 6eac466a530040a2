/// A connection string of libpq's, in the form `keyword=value keyword=value`.
///
/// See <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE>.
public enum ConnectionString {
  /// The text is not of that form.
  public struct Fault: Error, Equatable, Sendable {
    /// What is wrong, in lower case.
    public let reason: String
  }

  /// Whether `text` names a password, so that any word of it may be a part of one.
  public static func holdsSecret(_ text: String) -> Bool { text.holds("password") }

  /// The keywords and values of `text`, in order.
  public static func pairs(
    in text: String
  ) throws(Fault) -> [(keyword: String, value: String)] {
    var pairs: [(keyword: String, value: String)] = []
    var rest = Array(text.utf8)[...]
    while true {
      skipSpace(&rest)
      guard !rest.isEmpty else { return pairs }
      var keyword: [UInt8] = []
      while let byte = rest.first, !isSpace(byte), byte != UInt8(ascii: "=") {
        keyword.append(byte)
        rest = rest.dropFirst()
      }
      skipSpace(&rest)
      let name = String(decoding: keyword, as: UTF8.self)
      guard rest.first == UInt8(ascii: "=") else {
        let word = holdsSecret(text) ? Secret.redacted : String(quoting: name)
        throw Fault(reason: "no equals sign follows \(word)")
      }
      rest = rest.dropFirst()
      skipSpace(&rest)
      pairs.append((name, try value(&rest)))
    }
  }

  private static func value(_ rest: inout ArraySlice<UInt8>) throws(Fault) -> String {
    let isQuoted = rest.first == UInt8(ascii: "'")
    if isQuoted { rest = rest.dropFirst() }
    var bytes: [UInt8] = []
    while let byte = rest.first, isQuoted || !isSpace(byte) {
      rest = rest.dropFirst()
      if isQuoted, byte == UInt8(ascii: "'") { return String(decoding: bytes, as: UTF8.self) }
      if byte != UInt8(ascii: "\\") {
        bytes.append(byte)
      } else if let escaped = rest.popFirst() {
        bytes.append(escaped)
      }
    }
    guard !isQuoted else { throw Fault(reason: "a quote is not closed") }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
    while let byte = rest.first, isSpace(byte) { rest = rest.dropFirst() }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }
}
