import PostgresConfig

// Who may connect, in the order in which PostgreSQL reads the records: the first one that matches
// a connection decides, and there is no second try.
//
// Deliberately absent:
// - a password record for the superuser in front of the node records: a node that shows a
//   certificate would be asked for a password that does not exist;
// - `clientcert` beside `cert`: PostgreSQL 14 and later refuse the file;
// - `0.0.0.0/0`: it leaves out IPv6.
//
// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
enum HBARules {
  static func make(for settings: Settings) -> [HBARule] {
    ofNodes(for: settings) + clients(settings)
  }

  /// The records above the operator's.
  static func ofNodes(for settings: Settings) -> [HBARule] {
    socket(settings) + nodes(settings) + nodesOfEveryRole(settings)
  }

  /// The socket is reachable from within the container only.
  ///
  /// The keyword `all` does not match replication connections, which Patroni makes here, too.
  static func socket(_ settings: Settings) -> [HBARule] {
    [
      .local(database: .all, user: .all, method: .trust),
      .local(
        database: .replication,
        user: .named(settings.roles.replication.name),
        method: .trust
      ),
    ]
  }

  /// The roles by which nodes work on each other.
  ///
  /// They come over loopback, too: Citus connects to `localhost` for work on its own node.
  static func nodes(_ settings: Settings) -> [HBARule] {
    let addresses =
      settings.nodes.addresses + (settings.nodes.areApart ? HBAAddress.loopback : [])
    let roles = settings.roles
    var rules: [HBARule] = []
    for address in addresses {
      rules.append(node(roles.superuser, .all, address, settings))
      if let rewind = roles.rewind { rules.append(node(rewind, .all, address, settings)) }
      rules.append(node(roles.replication, .replication, address, settings))
    }
    return rules
  }

  private static func node(
    _ role: RoleSettings.Role,
    _ database: HBARule.Database,
    _ address: HBAAddress,
    _ settings: Settings
  ) -> HBARule {
    let user = HBARule.User.named(role.name)
    return switch settings.nodeMethod(for: role) {
    case .certificate:
      .hostssl(
        database: database,
        user: user,
        address: address,
        method: .cert(map: IdentMappings.map)
      )
    case .password(let method):
      .remote(database, user, address, method, settings.tls.mode)
    }
  }

  /// With certificates, and only where nodes can be told from clients by their address: Citus runs
  /// a distributed query as the role that asked for it, on every node.
  ///
  /// Before PostgreSQL 16 a user map needs every role by name. A record for all roles would then
  /// lock out those that are not named, so there is one for those that are.
  static func nodesOfEveryRole(_ settings: Settings) -> [HBARule] {
    guard settings.nodes.auth == .cert, settings.nodes.areApart else { return [] }
    let users: [HBARule.User] =
      settings.version.readsPatternsInRoleNames
      ? [.all] : settings.nodes.appRoles.map { .named($0) }
    return settings.nodes.addresses.flatMap { address in
      users.map { user in
        .hostssl(
          database: .all,
          user: user,
          address: address,
          method: .cert(map: IdentMappings.map)
        )
      }
    }
  }

  /// Everybody else, below the operator's records.
  static func clients(_ settings: Settings) -> [HBARule] {
    let clients = settings.clients
    switch clients.auth {
    case .none: return []
    case .cert:
      return [.hostssl(database: .all, user: .all, address: .all, method: .cert(map: nil))]
    case .md5, .scramSHA256:
      guard let method = clients.auth.passwordMethod else { return [] }
      guard let certificate = clients.certificate else {
        return [.remote(.all, .all, .all, method, settings.tls.mode)]
      }
      return [
        .hostssl(
          database: .all,
          user: .all,
          address: .all,
          method: .password(method, clientCertificate: certificate)
        )
      ]
    }
  }
}

extension HBARule {
  /// A record for connections from elsewhere, with TLS only when the mode always encrypts.
  fileprivate static func remote(
    _ database: Database,
    _ user: User,
    _ address: HBAAddress,
    _ method: PasswordMethod,
    _ mode: SSLMode
  ) -> HBARule {
    mode.alwaysEncrypts
      ? .hostssl(
        database: database,
        user: user,
        address: address,
        method: .password(method, clientCertificate: nil)
      )
      : .host(database: database, user: user, address: address, method: method)
  }
}
