/// Where a client may come from, as the address column of `pg_hba.conf` says it.
///
/// `0.0.0.0/0` means IPv4 only; `all` means both families.
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
public enum HBAAddress: Equatable, Sendable {
  /// From anywhere, IPv4 and IPv6.
  case all
  /// From one network.
  case network(IPNetwork)
  /// From the host of this name; PostgreSQL looks the client's address up, and the name again.
  case hostName(String)
  /// From every host whose name ends so; begins with a dot.
  case suffix(String)

  /// 127.0.0.1/32 and ::1/128: the host itself.
  public static let loopback: [HBAAddress] =
    [IPAddress("127.0.0.1"), IPAddress("::1")].compactMap { $0 }.map { .network(IPNetwork($0)) }

  var token: String {
    switch self {
    case .all: "all"
    case .network(let network): network.description
    case .hostName(let name), .suffix(let name): name
    }
  }
}
