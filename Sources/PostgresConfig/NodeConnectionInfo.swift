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
    /// Seconds to wait for a connection.
    case connectTimeout = "connect_timeout"
    /// 1 or 0: whether TCP asks now and then whether the other side is still there.
    case keepalives
    /// Seconds of silence before it asks.
    case keepalivesIdle = "keepalives_idle"
    /// Seconds until it asks again.
    case keepalivesInterval = "keepalives_interval"
    /// How often it asks before it gives the connection up.
    case keepalivesCount = "keepalives_count"
    /// Milliseconds that sent data may stay unacknowledged.
    case tcpUserTimeout = "tcp_user_timeout"
    /// Kerberos's name for the service.
    case krbsrvname
    /// The library for GSSAPI.
    case gsslib
    /// 1 or 0: whether TLS compresses.
    case sslcompression
    /// `postgres` or `direct`: how TLS begins.
    case sslnegotiation
    /// A file that the keys of TLS sessions are written to.
    case sslkeylogfile

    /// Since when PostgreSQL and Citus know the keyword, where not all supported versions do.
    ///
    /// See <https://github.com/citusdata/citus/blob/main/CHANGELOG.md>.
    public var since: (postgres: Int, citus: CitusVersion)? {
      switch self {
      case .sslnegotiation: (17, CitusVersion(13))
      case .sslkeylogfile: (18, CitusVersion(14))
      default: nil
      }
    }

    /// Whether libpq takes `value`; Citus does not look at it.
    public func accepts(_ value: String) -> Bool {
      switch self {
      case .connectTimeout, .keepalivesIdle, .keepalivesInterval, .keepalivesCount,
        .tcpUserTimeout:
        return value.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
          && Int(value).map { $0 <= Int(Int32.max) } == true
      case .keepalives, .sslcompression: return value == "0" || value == "1"
      case .gsslib: return value == "gssapi" || value == "sspi"
      case .sslnegotiation: return value == "postgres" || value == "direct"
      default: return !value.isEmpty && !value.utf8.contains { $0 < 0x20 || $0 == 0x7f }
      }
    }
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
