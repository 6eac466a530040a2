/// A host and a TCP port as Patroni and libpq write them: IPv6 addresses stand in brackets.
public struct HostAndPort: Equatable, Sendable, CustomStringConvertible {
  /// A name, or an address without brackets.
  public let host: String
  /// 1 to 65535.
  public let port: Int

  /// A pair that is known to be right.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `host:port`, `[address]:port`, or `host` with `defaultPort`; nil when it is neither.
  public init?(parsing text: String, defaultPort: Int) {
    let bytes = Array(text.utf8)
    let colon = UInt8(ascii: ":")
    var hostBytes = bytes[...]
    var port = defaultPort
    if bytes.first == UInt8(ascii: "[") {
      guard let closing = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      hostBytes = bytes[1..<closing]
      let rest = bytes[(closing + 1)...]
      guard Self.readPort(rest, into: &port),
        IPAddress(String(decoding: hostBytes, as: UTF8.self)) != nil
      else { return nil }
    } else if let last = bytes.lastIndex(of: colon) {
      hostBytes = bytes[..<last]
      guard !hostBytes.contains(colon), Self.readPort(bytes[last...], into: &port) else {
        return nil
      }
    }
    guard !hostBytes.isEmpty, hostBytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    self.init(host: String(decoding: hostBytes, as: UTF8.self), port: port)
  }

  private static func readPort(_ bytes: ArraySlice<UInt8>, into port: inout Int) -> Bool {
    if bytes.isEmpty { return true }
    guard bytes.first == UInt8(ascii: ":"),
      let number = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)),
      (1...65535).contains(number)
    else { return false }
    port = number
    return true
  }

  /// `host:port`, or `[address]:port` for IPv6.
  public var description: String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
