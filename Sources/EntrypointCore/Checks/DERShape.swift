/// How a DER file is nested at its beginning, by which its kind can be told.
struct DERShape {
  let structure: ForeignFormat.Structure

  /// Nil when `bytes` are not one DER sequence of a known kind.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes[...])
    // A sequence of all that follows, but for a line feed or another of the kind.
    guard let all = reader.read(), all.tag == Self.sequence,
      [nil, Self.sequence, 0x0a].contains(reader.bytes.first)
    else { return nil }
    var inner = Reader(bytes: all.content)
    guard let first = inner.read() else { return nil }
    let second = inner.read()
    switch first.tag {
    case Self.integer:
      // PKCS#12 has version 3 and PKCS#7 in it; versions of private keys are smaller.
      structure = first.content.last == 3 && second?.tag == Self.sequence ? .pkcs12 : .privateKey
    case Self.identifier: structure = .pkcs7
    case Self.sequence:
      // To be signed, how, and the signature; or how it is encrypted and the key; or of what kind and the key.
      switch second?.tag {
      case Self.sequence: structure = Self.isRequest(first.content) ? .request : .signed
      case Self.octets: structure = .privateKey
      case Self.bits: structure = .publicKey
      default: return nil
      }
    default: return nil
    }
  }

  /// A request begins with its version and a name, which is made of sets.
  private static func isRequest(_ content: ArraySlice<UInt8>) -> Bool {
    var reader = Reader(bytes: content)
    guard reader.read()?.tag == integer, let name = reader.read(), name.tag == sequence else {
      return false
    }
    return name.content.isEmpty || name.content.first == set
  }

  private static let integer: UInt8 = 0x02
  private static let bits: UInt8 = 0x03
  private static let octets: UInt8 = 0x04
  private static let identifier: UInt8 = 0x06
  private static let sequence: UInt8 = 0x30
  private static let set: UInt8 = 0x31

  /// Reads element by element.
  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func read() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
      guard let tag = bytes.popFirst(), var length = bytes.popFirst().map({ Int($0) }) else {
        return nil
      }
      if length > 0x80, length < 0x85 {
        let count = length - 0x80
        guard bytes.count >= count else { return nil }
        length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        bytes = bytes.dropFirst(count)
      }
      guard length <= bytes.count else { return nil }
      let content = bytes.prefix(length)
      bytes = bytes.dropFirst(length)
      return (tag, content)
    }
  }
}
