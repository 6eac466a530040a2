import PatroniConfig
import PostgresConfig

extension PatroniConfiguration {
  /// The configuration that `settings` ask for.
  public init(for settings: Settings) {
    self.init(
      name: settings.pod.name,
      scope: settings.cluster.scope,
      bootstrap: .ours,
      citus: settings.cluster.citus.map { Citus(group: $0.group, database: $0.database) },
      store: settings.store.store,
      postgresql: PostgreSQL(
        listen: settings.places.listen.text,
        connectAddress: settings.places.connectAddress
          ?? HostAndPort(host: settings.pod.connectHost, port: settings.places.listen.port),
        basebackup: PostgreSQL.basebackup,
        dataDirectory: settings.places.dataDirectory,
        authentication: settings.authentication,
        parameters: ServerParameters.make(for: settings),
        hba: HBARules.make(for: settings),
        ident: IdentMappings.make(for: settings)
      ),
      restapi: settings.restapiSection,
      ctl: settings.ctlSection
    )
  }
}

extension Bootstrap {
  /// `trust` for the socket is what lets `initdb` make a superuser without a password.
  ///
  /// See <https://www.postgresql.org/docs/current/app-initdb.html>.
  static let ours = Bootstrap(
    usePgRewind: true,
    useSlots: true,
    initdb: [
      .value("auth-host", "scram-sha-256"), .value("auth-local", "trust"),
      .value("encoding", "UTF8"), .value("locale", "C.UTF-8"), .flag("data-checksums"),
    ]
  )
}

extension PostgreSQL {
  /// A copy begins with a checkpoint, which PostgreSQL spreads over minutes unless it is told not to;
  /// a pod that waits for it looks as if it hung.
  ///
  /// See <https://www.postgresql.org/docs/current/app-pgbasebackup.html>.
  static let basebackup: [ProgramOption] = [.value("checkpoint", "fast")]
}

extension ProgramOption {
  /// Whether Patroni needs it to reach the new server.
  var isMandatory: Bool {
    guard case .value(let name, _) = self else { return false }
    return name.hasPrefix("auth-")
  }
}
