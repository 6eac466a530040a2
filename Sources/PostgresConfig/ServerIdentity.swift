/// The names in a server's certificate, compared as libpq does with `sslmode=verify-full`.
///
/// See <https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SERVER-CERTIFICATES>.
public struct ServerIdentity: Equatable, Sendable {
  /// One entry of the subjectAltName extension.
  public enum Name: Equatable, Sendable {
    /// A host name, as bytes.
    case dns([UInt8])
    /// An address, 4 or 16 bytes.
    case ip([UInt8])
  }

  private let names: [Name]
  private let commonName: [UInt8]?

  /// The names of a certificate; `commonName` is its first CN.
  public init(names: [Name], commonName: [UInt8]?) {
    self.names = names
    self.commonName = commonName
  }

  /// Whether the certificate is good for `host`, a name or an address.
  ///
  /// libpq looks at iPAddress entries from PostgreSQL 15 on. The CN counts only where no
  /// entry is of the host's own kind.
  public func covers(_ host: String, version: PostgresVersion) -> Bool {
    let address = IPAddress(host)
    let knowsAddresses = version.major >= 15
    var countsCommonName = true
    for name in names {
      switch name {
      case .dns(let pattern):
        if address == nil || !knowsAddresses { countsCommonName = false }
        guard !pattern.contains(0) else { return false }
        if Self.matches(pattern, host) { return true }
      case .ip(let bytes):
        guard knowsAddresses else { continue }
        if address != nil { countsCommonName = false }
        if bytes == address?.bytes { return true }
      }
    }
    guard countsCommonName, let commonName, !commonName.contains(0) else { return false }
    return Self.matches(commonName, host)
  }

  /// Without regard to case; a leading `*.` stands for exactly one label.
  private static func matches(_ pattern: [UInt8], _ host: String) -> Bool {
    let pattern = pattern.map { lowercased($0) }
    let host = host.utf8.map { lowercased($0) }
    if pattern == host { return true }
    guard pattern.count >= 3, pattern[0] == UInt8(ascii: "*"), pattern[1] == UInt8(ascii: "."),
      host.count >= pattern.count - 1, host.suffix(pattern.count - 1) == pattern[1...]
    else { return false }
    return !host.dropLast(pattern.count - 1).contains(UInt8(ascii: "."))
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }
}
