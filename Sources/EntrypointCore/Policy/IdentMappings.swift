import PatroniConfig
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

  static func make(for settings: Settings) -> [Sourced<IdentMapping>] {
    guard settings.nodes.auth.asked == .cert else { return [] }
    let roles = roles(settings)
    return settings.nodes.certNames.flatMap { name in
      roles.map { role in
        Sourced(
          IdentMapping(map: map, systemName: name, role: role.role),
          .purpose(role.reason, settings.nodes.$certNames.source)
        )
      }
    }
  }

  private static func roles(_ settings: Settings) -> [(role: IdentMapping.Role, reason: String)] {
    if settings.nodes.areApart, settings.version.readsPatternsInRoleNames {
      return [(.all, "nodes log in as every role, for distributed queries")]
    }
    let roles = settings.roles
    var mapped: [(role: IdentMapping.Role, reason: String)] = []
    func add(_ role: RoleName, _ reason: String) {
      if mapped.contains(where: { $0.role == .named(role) }) { return }
      mapped.append((.named(role), reason))
    }
    func add(_ role: RoleSettings.Role, _ reason: String) {
      if settings.nodeMethod(for: role) == .certificate { add(role.name, reason) }
    }
    add(roles.superuser, "nodes log in as the superuser")
    add(roles.replication, "standbys log in as this role")
    if let rewind = roles.rewind { add(rewind, "pg_rewind logs in as this role") }
    if settings.nodes.areApart {
      for role in settings.nodes.appRoles {
        add(
          role,
          "a role of NODE_APP_ROLES runs distributed queries"
        )
      }
    }
    return mapped
  }
}

extension Sourced<IdentMapping> {
  var node: YAMLNode { YAMLNode(.string(wrappedValue.line), source: source) }
}
