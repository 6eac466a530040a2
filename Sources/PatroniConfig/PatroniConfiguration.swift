import PostgresConfig

/// What `patroni.yml` says, in the order in which Patroni's manual describes it.
///
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html>.
public struct PatroniConfiguration: Equatable, Sendable {
  /// The member's name, unique in the cluster.
  public var name: String
  /// The cluster's name.
  public var scope: String
  /// What happens once, when the cluster comes into being.
  public var bootstrap: Bootstrap
  /// Membership in a Citus cluster, or nil for plain PostgreSQL.
  public var citus: Citus?
  /// Where the cluster keeps its state, or nil when nothing says so.
  public var store: ConfigurationStore?
  /// The server that this member runs.
  public var postgresql: PostgreSQL
  /// Patroni's own HTTP interface.
  public var restapi: RESTAPI
  /// How `patronictl` talks to that interface.
  public var ctl: Ctl

  /// A whole configuration.
  public init(
    name: String,
    scope: String,
    bootstrap: Bootstrap,
    citus: Citus?,
    store: ConfigurationStore?,
    postgresql: PostgreSQL,
    restapi: RESTAPI,
    ctl: Ctl
  ) {
    self.name = name
    self.scope = scope
    self.bootstrap = bootstrap
    self.citus = citus
    self.store = store
    self.postgresql = postgresql
    self.restapi = restapi
    self.ctl = ctl
  }

  /// The document.
  public var yaml: YAMLMapping {
    var root = YAMLMapping()
    root.append("name", name)
    root.append("scope", scope)
    root.append("bootstrap", bootstrap.yaml)
    if let citus { root.append("citus", citus.yaml) }
    if let store { root.append(store.kind.rawValue, .mapping(store.settings)) }
    root.append("postgresql", postgresql.yaml)
    root.append("restapi", restapi.yaml)
    root.append("ctl", ctl.yaml)
    return root
  }
}

/// Membership in a Citus cluster.
///
/// See <https://patroni.readthedocs.io/en/latest/citus.html>.
public struct Citus: Equatable, Sendable {
  /// 0 is the coordinator's group.
  public var group: Int
  /// The database that holds the extension, on every node.
  public var database: String

  /// A group and its database.
  public init(group: Int, database: String) {
    self.group = group
    self.database = database
  }

  var yaml: YAMLMapping {
    var citus = YAMLMapping()
    citus.append("group", .integer(group))
    citus.append("database", database)
    return citus
  }
}

/// The distributed configuration store that elects leaders, and its settings as Patroni names them.
///
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html>.
public struct ConfigurationStore: Equatable, Sendable {
  /// The stores that Patroni can use, under the names of their sections.
  public enum Kind: String, CaseIterable, Sendable {
    /// Consul.
    case consul
    /// etcd through its version 2 protocol.
    case etcd
    /// etcd through its version 3 protocol.
    case etcd3
    /// ZooKeeper.
    case zookeeper
    /// Exhibitor, in front of ZooKeeper.
    case exhibitor
    /// Patroni's own Raft implementation.
    case raft
    /// The API of the Kubernetes cluster that the pod runs in.
    case kubernetes
  }

  /// Which store.
  public var kind: Kind
  /// Its section.
  public var settings: YAMLMapping

  /// A store and its section.
  public init(kind: Kind, settings: YAMLMapping) {
    self.kind = kind
    self.settings = settings
  }
}
