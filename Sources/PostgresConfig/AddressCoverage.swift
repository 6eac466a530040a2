extension [HBAAddress] {
  /// Whether these addresses are all that there are, of IPv4 or of IPv6, one way or another: `all`,
  /// `0.0.0.0/0`, or networks that together leave nothing out.
  ///
  /// Who comes from a host name is known only when he comes, so names count for nothing.
  public var coverAFamily: Bool {
    if contains(.all) { return true }
    let networks = compactMap { if case .network(let network) = $0 { network } else { nil } }
    return [4, 16].contains { length in
      let whole = IPNetwork(
        containing: IPAddress(bytes: [UInt8](repeating: 0, count: length)),
        prefixLength: 0
      )
      let family = networks.filter { $0.base.bytes.count == length }
      return whole.map { Self.cover($0, family) } ?? false
    }
  }

  /// Whether nothing of `network` is outside of `others`.
  private static func cover(_ network: IPNetwork, _ others: [IPNetwork]) -> Bool {
    let inside = others.filter { $0.overlaps(network) }
    if inside.contains(where: { $0.prefixLength <= network.prefixLength }) { return true }
    // Each half would need one of its own.
    guard inside.count > 1, let halves = network.halves else { return false }
    return cover(halves.0, inside) && cover(halves.1, inside)
  }
}

extension IPNetwork {
  /// Whether one of the two is within the other.
  fileprivate func overlaps(_ other: IPNetwork) -> Bool {
    let length = Swift.min(prefixLength, other.prefixLength)
    return IPNetwork(containing: base, prefixLength: length)?.base
      == IPNetwork(containing: other.base, prefixLength: length)?.base
  }

  fileprivate var halves: (IPNetwork, IPNetwork)? {
    guard prefixLength < base.bitCount else { return nil }
    var bytes = base.bytes
    bytes[prefixLength / 8] |= 0x80 >> UInt8(prefixLength % 8)
    guard let first = IPNetwork(containing: base, prefixLength: prefixLength + 1),
      let second = IPNetwork(containing: IPAddress(bytes: bytes), prefixLength: prefixLength + 1)
    else { return nil }
    return (first, second)
  }
}
