/// One line of `pg_ident.conf`: which certificate name may log in as which role.
///
/// See <https://www.postgresql.org/docs/current/auth-username-maps.html>.
public struct IdentMapping: Equatable, Sendable {
  /// The map's name, which `map=` in `pg_hba.conf` refers to.
  public let map: String
  /// The name in the certificate, its CN.
  public let systemName: SystemName
  /// The role that it may log in as.
  public let role: Role

  /// What a certificate's CN is compared with.
  public enum SystemName: Equatable, Sendable {
    /// The very same text; an asterisk is an asterisk.
    case exactly(String)
    /// A regular expression, without the slash that introduces it.
    case matching(String)

    /// Reads one name as `pg_ident.conf` does: a leading slash introduces a regular expression.
    ///
    /// Nil when the file could not hold it.
    public init?(parsing text: String) {
      guard !text.isEmpty, AuthenticationToken.isWritable(text) else { return nil }
      self = text.hasPrefix("/") ? .matching(String(text.dropFirst())) : .exactly(text)
    }

    /// Whether the regular expression is one of those that match whatever they are shown.
    public var matchesEverything: Bool {
      guard case .matching(let pattern) = self else { return false }
      return [
        "", ".", ".*", "^", "$", "^.*", ".*$", "^.*$", "^.+$", ".+", "^.+", ".+$", "(.*)", "^(.*)$",
      ]
      .contains(pattern)
    }

    /// The name as the operator would write it, the slash included.
    public var text: String {
      switch self {
      case .exactly(let name): name
      case .matching(let pattern): "/" + pattern
      }
    }
  }

  /// The role column.
  public enum Role: Equatable, Sendable {
    /// One role.
    case named(RoleName)
    /// Every role; PostgreSQL 16 and later only, before that it is a role called "all".
    case all

    var token: String {
      switch self {
      case .named(let role): role.token
      case .all: "all"
      }
    }
  }

  /// A line for one certificate name and one role.
  public init(map: String, systemName: SystemName, role: Role) {
    self.map = map
    self.systemName = systemName
    self.role = role
  }

  /// The line as it stands in the file.
  public var line: String {
    "\(map) \(AuthenticationToken.quoted(systemName.text)) \(role.token)"
  }
}
