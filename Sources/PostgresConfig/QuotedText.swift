extension String {
  /// `bytes` as they stand in a message: in quotes, on one line, whatever they hold.
  public init(quoting bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    var shown: [UInt8] = [UInt8(ascii: "\"")]
    shown += escaped(bytes, isText: String(validating: bytes, as: UTF8.self) != nil, inQuotes: true)
    shown.append(UInt8(ascii: "\""))
    self = String(decoding: shown, as: UTF8.self)
  }

  /// `text` as it stands in a message.
  public init(quoting text: some StringProtocol) {
    self.init(quoting: Array(text.utf8))
  }

  /// `text` with nothing in it that makes another line, or that a terminal obeys.
  public init(onOneLine text: String) {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7f }) else {
      self = text
      return
    }
    self = String(decoding: escaped(Array(text.utf8), isText: true, inQuotes: false), as: UTF8.self)
  }
}

private func escaped(_ bytes: [UInt8], isText: Bool, inQuotes: Bool) -> [UInt8] {
  var shown: [UInt8] = []
  shown.reserveCapacity(bytes.count)
  var index = 0
  while index < bytes.count {
    let byte = bytes[index]
    let length =
      (0x20..<0x7f).contains(byte) ? 0 : isText ? lengthOfControl(bytes[index...].prefix(3)) : 1
    if byte == UInt8(ascii: "\n") {
      shown += Array("\\n".utf8)
    } else if length > 0 {
      for byte in bytes[index..<index + length] { shown += hexadecimal(byte) }
    } else {
      let isSpecial = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
      if inQuotes, isSpecial { shown.append(UInt8(ascii: "\\")) }
      shown.append(byte)
    }
    index += max(length, 1)
  }
  return shown
}

/// The bytes of a character at the beginning of `text` in UTF-8 that is no printable one: ASCII's
/// control characters, those from U+0080 to U+009F, the separators U+2028 and U+2029, what turns the
/// direction of writing, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069, and what nobody sees, U+200B to
/// U+200D and the byte order mark U+FEFF.
private func lengthOfControl(_ text: ArraySlice<UInt8>) -> Int {
  let bytes = Array(text)
  switch bytes[0] {
  case 0..<0x20, 0x7f: return 1
  case 0xc2 where bytes.count > 1 && bytes[1] < 0xa0: return 2
  case 0xe2 where bytes.count > 2 && bytes[1] == 0x80:
    return (0x8b...0x8f).contains(bytes[2]) || (0xa8...0xae).contains(bytes[2]) ? 3 : 0
  case 0xe2 where bytes.count > 2 && bytes[1] == 0x81:
    return (0xa6...0xa9).contains(bytes[2]) ? 3 : 0
  case 0xef where bytes.count > 2 && bytes[1] == 0xbb: return bytes[2] == 0xbf ? 3 : 0
  default: return 0
  }
}

private func hexadecimal(_ byte: UInt8) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  return Array("\\x".utf8) + [digits[Int(byte) >> 4], digits[Int(byte) & 15]]
}
