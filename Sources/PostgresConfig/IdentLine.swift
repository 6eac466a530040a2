/// A line of `pg_ident.conf` that somebody else wrote, checked as PostgreSQL would read it.
///
/// One bad line, and PostgreSQL goes on without any mapping: nobody who needs one can log in.
/// See <https://www.postgresql.org/docs/current/auth-username-maps.html>.
public struct IdentLine: Equatable, Sendable {
  /// The line as it was written.
  public let text: String
  /// The map that it belongs to; nil for a comment or a blank line.
  public let map: String?

  /// Checks `text` for a server of `version`.
  public init(parsing text: String, version: PostgresVersion) throws(AccessFileFault) {
    self.text = text
    let fields = try AccessFileLine(text, version: version).fields
    guard !fields.isEmpty else {
      map = nil
      return
    }
    guard fields.count == 3 else {
      throw AccessFileFault(
        "has \(fields.count) fields instead of 3",
        detail: "An entry is MAP SYSTEM-NAME ROLE."
      )
    }
    map = try AccessFileLine.single(fields[0], "map").text
    let system = try AccessFileLine.single(fields[1], "system name").text
    let role = try AccessFileLine.single(fields[2], "role")
    if system.hasPrefix("/") { try RegularExpressionSyntax.check(system.dropFirst()) }
    if Self.refersToGroup(role.text), !Self.captures(system) {
      throw AccessFileFault(
        "role ",
        word: role.text,
        " refers to a group that the system name does not have",
        hint: "Write a regular expression with parentheses, such as /^(.*)@example$."
      )
    }
    try Self.checkRole(role, version)
  }

  private static func refersToGroup(_ role: String) -> Bool {
    zip(role.utf8, role.utf8.dropFirst()).contains { $0 == UInt8(ascii: "\\") && $1 == 0x31 }
  }

  private static func captures(_ system: String) -> Bool {
    system.hasPrefix("/") && RegularExpressionSyntax.captures(system.dropFirst())
  }

  private static func checkRole(
    _ role: AccessFileLine.Token,
    _ version: PostgresVersion
  ) throws(AccessFileFault) {
    let isPattern = role.text.hasPrefix("/")
    let isSpecial = isPattern || !role.isQuoted && (role.text == "all" || role.text.hasPrefix("+"))
    guard isSpecial else { return }
    guard version.readsPatternsInRoleNames else {
      throw AccessFileFault(
        "role ",
        word: role.text,
        " is special only from PostgreSQL 16 on",
        detail: "PG_MAJOR is \(version.major), where it is a role name.",
        hint: "Write one entry for each role."
      )
    }
    if isPattern { try RegularExpressionSyntax.check(role.text.dropFirst()) }
  }
}
