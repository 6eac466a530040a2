/// A host and a TCP port as Patroni and libpq write them: IPv6 addresses are in brackets.
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

  /// Reads `host:port` or `[address]:port`; nil when it is neither.
  public init?(parsing text: String) {
    let bytes = Array(text.utf8)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
      let port = Int(String(decoding: bytes[(colon + 1)...], as: UTF8.self)),
      (1...65535).contains(port)
    else { return nil }
    var host = bytes[..<colon]
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
      host = host.dropFirst().dropLast()
      guard IPAddress(String(decoding: host, as: UTF8.self))?.isIPv6 == true else { return nil }
    } else if host.contains(UInt8(ascii: ":")) || host.contains(UInt8(ascii: "[")) {
      return nil
    }
    guard !host.isEmpty, host.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    self.init(host: String(decoding: host, as: UTF8.self), port: port)
  }

  /// `host:port`, or `[address]:port` for IPv6.
  public var description: String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
