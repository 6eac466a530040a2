/// The name of a role that can be created, and that can be written into every file.
public struct RoleName: Equatable, Sendable {
  /// The name as SQL knows it, without quotes.
  public let name: String

  /// Why a text is no name for a role.
  public enum Fault: Error, Equatable, Sendable {
    /// PostgreSQL would cut the name off after 63 bytes.
    case tooLong(bytes: Int)
    /// A control character cannot stand in `pg_hba.conf`.
    case controlCharacter
    /// `pg_…`, `public` and `none` cannot be created.
    case reserved
    /// From PostgreSQL 16 on the access files would read the name as a regular expression.
    case readAsPattern
  }

  /// The number of bytes in the longest name, NAMEDATALEN - 1.
  ///
  /// See <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>.
  public static let longestName = 63

  /// Checks `name` for a server of `version`.
  public init(_ name: String, version: PostgresVersion) throws(Fault) {
    guard name.utf8.count <= Self.longestName else {
      throw .tooLong(bytes: name.utf8.count)
    }
    guard AuthenticationToken.isWritable(name) else { throw .controlCharacter }
    guard !name.hasPrefix("pg_"), name != "public", name != "none" else { throw .reserved }
    guard !name.hasPrefix("/") || !version.readsPatternsInRoleNames else { throw .readAsPattern }
    self.name = name
  }

  private init(known name: String) {
    self.name = name
  }

  /// The superuser that `initdb` makes when nobody names another one.
  public static let defaultSuperuser = RoleName(known: "postgres")

  /// The role of standbys when nobody names another one.
  public static let defaultReplication = RoleName(known: "standby")

  var token: String { AuthenticationToken.bareOrQuoted(name) }
}
