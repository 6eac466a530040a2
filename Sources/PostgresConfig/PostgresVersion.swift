/// A major version of PostgreSQL, as far as it decides which syntax a file may use.
public struct PostgresVersion: Equatable, Comparable, Sendable {
  /// The number before the dot, 15 in `15.18`.
  public let major: Int

  /// The versions that the syntax in this module was run on.
  public static let supported = 13...18

  /// A supported version, or nil.
  public init?(major: Int) {
    guard Self.supported.contains(major) else { return nil }
    self.major = major
  }

  private init(known major: Int) {
    self.major = major
  }

  /// The version that is assumed when nobody says which one runs.
  public static let assumed = PostgresVersion(known: 15)

  /// Whether a role in `pg_ident.conf` may be `all`, and a name that begins with a slash is a
  /// regular expression in `pg_hba.conf` and in the role column of `pg_ident.conf`.
  ///
  /// See <https://www.postgresql.org/docs/16/release-16.html>.
  public var readsPatternsInRoleNames: Bool { major >= 16 }

  /// Whether the later ones of its minor versions have `output_plugin_libraries`.
  ///
  /// See
  /// <https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-OUTPUT-PLUGIN-LIBRARIES>.
  public var hasOutputPlugins: Bool { major >= 14 }

  /// Orders by age.
  public static func < (left: Self, right: Self) -> Bool { left.major < right.major }
}
