/// The value of `citus.node_conninfo`: libpq keywords for connections between nodes.
///
/// Citus allows some of libpq's keywords only, and falls back to `sslmode=require` with a mere
/// warning when it meets another one; so the others do not exist here.
/// See <https://docs.citusdata.com/en/stable/develop/api_guc.html#citus-node-conninfo-text>.
public struct NodeConnectionInfo: Equatable, Sendable {
  /// A keyword that Citus takes.
  public enum Keyword: String, CaseIterable, Sendable {
    /// The certificate authority that the server's certificate must come from; a file.
    case sslrootcert
    /// The key of the certificate that this node presents; a file.
    case sslkey
    /// The certificate that this node presents; a file.
    case sslcert
    /// Certificates that are no longer trusted; a file.
    case sslcrl
    /// How the connection is protected.
    case sslmode
  }

  /// Keywords and values in the order of writing.
  public private(set) var pairs: [(keyword: Keyword, value: String)] = []

  /// No keyword at all.
  public init() {}

  /// Adds one pair at the end.
  public mutating func append(_ keyword: Keyword, _ value: String) {
    pairs.append((keyword, value))
  }

  /// The pairs as libpq reads them.
  ///
  /// See <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE>.
  public var text: String {
    pairs.map { "\($0.keyword.rawValue)=\(Self.quotedIfNeeded($0.value))" }.joined(separator: " ")
  }

  /// Whether both say the same, in the same order.
  public static func == (left: Self, right: Self) -> Bool { left.text == right.text }

  private static func quotedIfNeeded(_ value: String) -> String {
    let quote = UInt8(ascii: "'")
    let backslash = UInt8(ascii: "\\")
    let isBare = value.utf8.allSatisfy { $0 > 0x20 && $0 != quote && $0 != backslash && $0 != 0x7f }
    if isBare && !value.isEmpty { return value }
    var bytes = [quote]
    for byte in value.utf8 {
      if byte == quote || byte == backslash { bytes.append(backslash) }
      bytes.append(byte)
    }
    bytes.append(quote)
    return String(decoding: bytes, as: UTF8.self)
  }
}
