import CSystem

/// An IPv4 or IPv6 address, read and written by the C library.
public struct IPAddress: Equatable, Sendable, CustomStringConvertible {
  /// 4 or 16 bytes, most significant first.
  public let bytes: [UInt8]

  /// Reads the usual text forms; nil for anything else, zone identifiers included.
  public init?(_ text: String) {
    for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
      var buffer = [UInt8](repeating: 0, count: length)
      if inet_pton(family, text, &buffer) == 1 {
        bytes = buffer
        return
      }
    }
    return nil
  }

  /// The address of 4 or 16 bytes, most significant first; nil for any other number of them.
  public init?(networkOrder bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// 0.0.0.0, which is no host's address.
  public static let unspecified = IPAddress(bytes: [0, 0, 0, 0])

  /// Whether this is an IPv6 address.
  public var isIPv6: Bool { bytes.count == 16 }

  /// The number of bits in an address of this family: 32 or 128.
  public var bitCount: Int { bytes.count * 8 }

  /// Whether the address is one of the host itself: 127.0.0.0/8 or ::1.
  public var isLoopback: Bool {
    isIPv6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 : bytes.first == 127
  }

  /// Whether the address means "any": 0.0.0.0 or ::.
  public var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

  /// The canonical text form.
  public var description: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      let family = isIPv6 ? AF_INET6 : AF_INET
      let text = inet_ntop(family, bytes, buffer.baseAddress, socklen_t(buffer.count))
      return text.map { String(cString: $0) } ?? ""
    }
  }
}

/// An address and the number of leading bits that count, such as `10.0.0.0/8`.
public struct IPNetwork: Equatable, Sendable, CustomStringConvertible {
  /// The first address of the network: all bits past `prefixLength` are zero.
  public let base: IPAddress
  /// 0 to 32, or to 128 for IPv6.
  public let prefixLength: Int

  /// The network of `prefixLength` bits that `address` is in; nil when there are not so many bits.
  public init?(containing address: IPAddress, prefixLength: Int) {
    guard (0...address.bitCount).contains(prefixLength) else { return nil }
    var bytes = address.bytes
    for index in bytes.indices {
      let bits = min(8, max(0, prefixLength - index * 8))
      bytes[index] &= UInt8(truncatingIfNeeded: 0xff00 >> bits)
    }
    base = IPAddress(bytes: bytes)
    self.prefixLength = prefixLength
  }

  /// One single address.
  public init(_ address: IPAddress) {
    base = address
    prefixLength = address.bitCount
  }

  /// Reads `ADDRESS/LENGTH`; nil for anything else.
  public init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(String(parts[0])),
      let length = Int(String(parts[1])),
      let network = IPNetwork(containing: address, prefixLength: length)
    else { return nil }
    self = network
  }

  /// `ADDRESS/LENGTH`.
  public var description: String { "\(base.description)/\(prefixLength)" }
}
