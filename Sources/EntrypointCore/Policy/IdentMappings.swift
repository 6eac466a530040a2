import PostgresConfig

// Which certificate may log in as which role, for the records with `map=cnmap`.
//
// Names are compared as a whole: with a pattern that matches everything, every certificate that
// the authority ever signed would log in as superuser.
//
// See <https://www.postgresql.org/docs/current/auth-username-maps.html>.
enum IdentMappings {
  /// The map that node records refer to.
  static let map = "cnmap"

  static func make(for settings: Settings) -> [IdentMapping] {
    guard settings.nodes.auth == .cert else { return [] }
    return settings.nodes.certNames.flatMap { name in
      roles(settings).map { IdentMapping(map: map, systemName: name, role: $0) }
    }
  }

  private static func roles(_ settings: Settings) -> [IdentMapping.Role] {
    if settings.nodes.areApart, settings.version.readsPatternsInRoleNames { return [.all] }
    let roles =
      [settings.roles.superuser, settings.roles.replication]
      + (settings.roles.rewind.map { [$0] } ?? [])
    let byCertificate = roles.filter { settings.nodeMethod(for: $0) == .certificate }
    let apps = settings.nodes.areApart ? settings.nodes.appRoles : []
    var mapped: [IdentMapping.Role] = []
    for role in byCertificate.map({ $0.name }) + apps where !mapped.contains(.named(role)) {
      mapped.append(.named(role))
    }
    return mapped
  }
}
