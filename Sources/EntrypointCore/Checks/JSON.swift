/// Writes JSON.
///
/// See RFC 8259.
enum JSON {
  static func member(_ name: String, _ content: CheckResult.Value.Content) -> String {
    string(name) + ": " + value(content)
  }

  static func value(_ content: CheckResult.Value.Content) -> String {
    switch content {
    case .text(let text): string(text)
    case .number(let number): String(number)
    case .list(let texts): array(texts.map { string($0) })
    }
  }

  static func problem(_ problem: Problem) -> String {
    var members = [
      member("severity", .text(problem.severity.rawValue)),
      member("subject", .text(problem.subject)), member("message", .text(problem.message)),
    ]
    if let detail = problem.detail { members.append(member("detail", .text(detail))) }
    if let hint = problem.hint { members.append(member("hint", .text(hint))) }
    return object(members)
  }

  static func object(_ members: [String]) -> String {
    "{" + members.joined(separator: ", ") + "}"
  }

  static func array(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ", ") + "]"
  }

  static func string(_ text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        bytes += Array("\\u00".utf8) + [digits[Int(byte) >> 4], digits[Int(byte) & 15]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}
