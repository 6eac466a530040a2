import PatroniConfig
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
  /// A record, and why it is there.
  typealias Record = Sourced<HBARule>

  static func make(for settings: Settings) -> [Record] {
    ofNodes(for: settings) + clients(settings)
  }

  /// The records above the operator's.
  static func ofNodes(for settings: Settings) -> [Record] {
    socket(settings) + nodes(settings) + nodesOfEveryRole(settings)
  }

  /// Says in the server's own file that nodes can show more than they are asked for; its records cannot.
  static func comment(_ settings: Settings) -> Sourced<String>? {
    settings.nodes.auth.comment.map {
      Sourced(
        $0,
        .purpose(
          "what nodes can present besides what servers ask for",
          settings.nodes.$auth.source
        )
      )
    }
  }

  /// The socket is reachable from within the container only.
  private static func socket(_ settings: Settings) -> [Record] {
    [
      Record(
        .local(database: .all, user: .all, method: .trust),
        .mandatory("Patroni connects over the socket, which only the container can reach")
      ),
      Record(
        .local(
          database: .replication,
          user: .named(settings.roles.replication.name),
          method: .trust
        ),
        .mandatory("Patroni also replicates over the socket, and all does not match replication")
      ),
    ]
  }

  /// The roles by which nodes work on each other.
  private static func nodes(_ settings: Settings) -> [Record] {
    let (roles, nodes) = (settings.roles, settings.nodes)
    var records: [Record] = []
    for address in nodes.addresses + (nodes.areApart ? HBAAddress.loopback : []) {
      // Citus connects to `localhost` for work on its own node.
      let isOwn = nodes.areApart && HBAAddress.loopback.contains(address)
      func add(_ role: RoleSettings.Role, _ database: HBARule.Database, _ reason: String) {
        let reason = isOwn ? "nodes also connect to themselves over loopback" : reason
        records.append(
          Record(rule(for: role, database, address, settings), .mandatory(reason))
        )
      }
      add(
        roles.superuser,
        .all,
        "Patroni and Citus connect to other nodes by the method of NODE_AUTH"
      )
      if let rewind = roles.rewind {
        add(rewind, .all, "pg_rewind reads from the leader by the method of NODE_AUTH")
      }
      add(
        roles.replication,
        .replication,
        "standbys stream from the leader by the method of NODE_AUTH"
      )
    }
    return records
  }

  private static func rule(
    for role: RoleSettings.Role,
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
  private static func nodesOfEveryRole(_ settings: Settings) -> [Record] {
    guard settings.nodes.auth.asked == .cert, settings.nodes.areApart else { return [] }
    let users: [HBARule.User] =
      settings.version.readsPatternsInRoleNames
      ? [.all] : settings.nodes.appRoles.map { .named($0) }
    let source = Source.mandatory(
      "Citus runs distributed queries as the role that issued them, from NODE_ADDRESSES"
    )
    return settings.nodes.addresses.flatMap { address in
      users.map { user in
        let method = HBARule.TLSMethod.cert(map: IdentMappings.map)
        return Record(
          .hostssl(database: .all, user: user, address: address, method: method),
          source
        )
      }
    }
  }

  /// Clients, below the operator's records.
  static func clients(_ settings: Settings) -> [Record] {
    let clients = settings.clients
    let rule: HBARule
    switch clients.auth {
    case .none: return []
    case .cert: rule = .hostssl(database: .all, user: .all, address: .all, method: .cert(map: nil))
    case .md5, .scramSHA256:
      guard let method = clients.auth.passwordMethod else { return [] }
      if let certificate = clients.certificate {
        let method = HBARule.TLSMethod.password(method, clientCertificate: certificate)
        rule = .hostssl(database: .all, user: .all, address: .all, method: method)
      } else {
        rule = .remote(.all, .all, .all, method, settings.tls.mode)
      }
    }
    return [Record(rule, .purpose("clients that no record above matches", clients.$auth.source))]
  }
}

extension Sourced<HBARule> {
  var node: YAMLNode { YAMLNode(.string(wrappedValue.line), source: source) }
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
