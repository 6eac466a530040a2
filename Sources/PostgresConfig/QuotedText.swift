extension String {
  /// `bytes` as they stand in a message: in quotes, on one line, whatever they hold.
  public init(quoting bytes: some Collection<UInt8>) {
    let digits = Array("0123456789abcdef".utf8)
    let text = String(validating: bytes, as: UTF8.self)
    var shown: [UInt8] = [UInt8(ascii: "\"")]
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\n"): shown += Array("\\n".utf8)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): shown += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7f:
        shown += Array("\\x".utf8) + [digits[Int(byte) >> 4], digits[Int(byte) & 15]]
      case 0x80... where text == nil:
        shown += Array("\\x".utf8) + [digits[Int(byte) >> 4], digits[Int(byte) & 15]]
      default: shown.append(byte)
      }
    }
    shown.append(UInt8(ascii: "\""))
    self = String(decoding: shown, as: UTF8.self)
  }

  /// `text` as it stands in a message.
  public init(quoting text: some StringProtocol) {
    self.init(quoting: Array(text.utf8))
  }
}
