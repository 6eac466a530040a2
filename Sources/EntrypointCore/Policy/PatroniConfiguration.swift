import PatroniConfig
import PostgresConfig

// What the program says in patroni.yml, in the order of Patroni's manual: each setting with what decided
// it, and with whether the operator may decide otherwise. `--explain`, the refusal of keys, and the
// merge with the operator's documents read what is said here.
//
// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html>.
extension Settings {
  /// The document, before the operator's settings are merged into it.
  var configuration: YAMLMapping {
    var root = YAMLMapping()
    root.addMandatory("name", pod.$name, "other members use it to connect to this one")
    root.addMandatory("scope", cluster.$scope, "it identifies the cluster in the DCS")
    root.add("bootstrap", bootstrap)
    addCitus(to: &root)
    if let store = store.store { root.add(store.rawValue, self.store.section) }
    root.add("postgresql", postgresql)
    root.add("restapi", restapiSection)
    root.add("ctl", ctlSection)
    return root
  }

  /// What happens once, when the cluster is made: Patroni never reads it again.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#bootstrap-configuration>.
  private var bootstrap: YAMLMapping {
    var postgresql = YAMLMapping()
    postgresql.add(
      "use_pg_rewind",
      .boolean(true),
      .byDefault("a failed leader can rejoin without a new copy")
    )
    postgresql.add(
      "use_slots",
      .boolean(true),
      .byDefault("the leader keeps the WAL that a standby still needs")
    )
    var dcs = YAMLMapping()
    dcs.add("postgresql", postgresql)
    var bootstrap = YAMLMapping()
    bootstrap.add("dcs", dcs)
    bootstrap.append("initdb", .sequence(initdb))
    bootstrap.reserve(
      "pg_hba",
      .mandatory("Patroni would not read it"),
      "Patroni would not read it",
      instead: "Write it in postgresql.pg_hba"
    )
    return bootstrap
  }

  /// `trust` for the socket is what lets `initdb` make a superuser without a password.
  ///
  /// See <https://www.postgresql.org/docs/current/app-initdb.html>.
  private var initdb: [YAMLNode] {
    let roles = Source.mandatory("Patroni creates the roles over the socket, without a password")
    return [
      .option("auth-host", "scram-sha-256", roles),
      .option("auth-local", "trust", roles),
      .option("encoding", "UTF8", .byDefault("UTF-8 covers every language")),
      .option("locale", "C.UTF-8", .byDefault("this locale sorts text the same way everywhere")),
      YAMLNode(.string("data-checksums"), source: .byDefault("checksums detect damaged pages")),
    ]
  }

  private func addCitus(to root: inout YAMLMapping) {
    let reason = "it decides the member's group"
    guard let membership = cluster.citus else {
      root.reserve("citus", .unset(EnvironmentVariable.citusGroup.name), reason)
      return
    }
    var citus = YAMLMapping()
    let group = membership.$group
    citus.addMandatory("group", .integer(group.wrappedValue), group.source, reason)
    citus.addMandatory("database", membership.$database, "every node has the Citus extension in it")
    root.add("citus", citus)
  }

  /// The server that this member runs; it overrides what the cluster's shared configuration says.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#postgresql>.
  private var postgresql: YAMLMapping {
    let address = server.$connectAddress
    var postgresql = YAMLMapping()
    postgresql.add("authentication", authentication)
    postgresql.addMandatory(
      "connect_address",
      .string(address.wrappedValue.description),
      address.source,
      "other members use it to connect to this one",
      instead: "Set CONNECT_BY or PATRONI_POSTGRESQL_CONNECT_ADDRESS"
    )
    // A copy begins with a checkpoint, which PostgreSQL spreads over minutes unless it is told not to; a
    // pod that waits for it looks as if it hung. See
    // <https://www.postgresql.org/docs/current/app-pgbasebackup.html>.
    let wait = Source.byDefault(
      "a new standby need not wait for the leader's next checkpoint"
    )
    postgresql.append("basebackup", .sequence([.option("checkpoint", "fast", wait)]))
    postgresql.addMandatory(
      "data_dir",
      server.$dataDirectory,
      "this program checks the same directory"
    )
    postgresql.addMandatory(
      "listen",
      .string(server.listen.text),
      server.$listen.source,
      "other members use it to connect to this one"
    )
    for key in ["use_unix_socket", "use_unix_socket_repl"] {
      postgresql.addMandatory(
        key,
        .boolean(true),
        because: "over TCP, verify-full would require a certificate for localhost"
      )
    }
    postgresql.add("parameters", parameters)
    postgresql.append("pg_hba", .sequence(hba))
    let ident = IdentMappings.make(for: self).map { $0.node } + overrides.ident
    if !ident.isEmpty { postgresql.append("pg_ident", .sequence(ident)) }
    return postgresql
  }

  /// Records of nodes stand above the operator's, so that none of these can shadow them; those for
  /// everybody else stand below, so that the operator's can.
  private var hba: [YAMLNode] {
    let comment = HBARules.comment(self).map {
      YAMLNode(.string($0.wrappedValue), source: $0.source)
    }
    return [comment].compactMap { $0 } + HBARules.ofNodes(for: self).map { $0.node }
      + overrides.hba + HBARules.clients(self).map { $0.node }
  }
}

extension YAMLMapping {
  /// Adds a text that nobody but the program sets; without one the key is not written.
  mutating func addMandatory(_ key: String, _ setting: Sourced<String>, _ reason: String) {
    addMandatory(key, .string(setting.wrappedValue), setting.source, reason)
  }

  /// Adds a secret that nobody but the program sets.
  mutating func addMandatory(_ key: String, _ setting: Sourced<Secret?>, _ reason: String) {
    addMandatory(key, setting.wrappedValue.map { .secret($0) }, setting.source, reason)
  }
}

extension YAMLNode {
  /// An option with a value of a program that Patroni runs, without its hyphens.
  fileprivate static func option(_ name: String, _ value: String, _ source: Source) -> YAMLNode {
    var option = YAMLMapping()
    option.add(name, .string(value), source)
    return YAMLNode(.mapping(option), source: source)
  }
}
