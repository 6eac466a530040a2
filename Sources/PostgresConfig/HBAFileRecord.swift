/// A record of the `pg_hba.conf` that a server has in use, whoever wrote it: as much of it as says how a
/// role logs in from elsewhere.
///
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
public struct HBAFileRecord: Equatable, Sendable {
  /// The first column.
  public let connection: HBALine.Connection
  /// How clients prove who they are.
  public let method: HBALine.Method
  /// The roles; nil for all of them.
  private let roles: [String]?

  /// Nil for a line that is no record for connections from elsewhere to every database.
  public init?(_ line: String) {
    guard let fields = try? AccessFileLine(line, version: .assumed).fields, fields.count >= 5,
      let connection = HBALine.Connection(rawValue: fields[0][0].text), connection != .local,
      fields[1].contains(where: { $0.isKeyword("all") }),
      !Self.isLoopback(fields[3][0].text)
    else { return nil }
    // An address without a length is followed by a netmask.
    let method = HBALine.Method(rawValue: fields[4][0].text)
    guard let method = method ?? fields.dropFirst(5).first.flatMap({ .init(rawValue: $0[0].text) })
    else { return nil }
    self.connection = connection
    self.method = method
    roles = fields[2].contains { $0.isKeyword("all") } ? nil : fields[2].map { $0.text }
  }

  /// Whether it may be the one that decides about `role`.
  public func concerns(_ role: String) -> Bool { roles?.contains(role) ?? true }

  private static func isLoopback(_ address: String) -> Bool {
    let host = address.split(separator: "/", maxSplits: 1).first ?? ""
    return host == "localhost" || host == "samehost" || IPAddress(String(host))?.isLoopback == true
  }
}
