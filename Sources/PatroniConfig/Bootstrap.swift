import PostgresConfig

/// What happens once, when the cluster is made: Patroni never reads it again.
///
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#bootstrap-configuration>.
public struct Bootstrap: Equatable, Sendable {
  /// Whether a failed leader may be rewound and used again.
  public var usePgRewind: Bool
  /// Whether replication slots keep the write-ahead log that a standby still needs.
  public var useSlots: Bool
  /// Options of `initdb`, in order.
  public var initdb: [ProgramOption]

  /// A whole section.
  public init(usePgRewind: Bool, useSlots: Bool, initdb: [ProgramOption]) {
    self.usePgRewind = usePgRewind
    self.useSlots = useSlots
    self.initdb = initdb
  }

  var yaml: YAMLMapping {
    var postgresql = YAMLMapping()
    postgresql.append("use_pg_rewind", .boolean(usePgRewind))
    postgresql.append("use_slots", .boolean(useSlots))
    var dcs = YAMLMapping()
    dcs.append("postgresql", postgresql)
    var bootstrap = YAMLMapping()
    bootstrap.append("dcs", dcs)
    bootstrap.append("initdb", .sequence(initdb.map { $0.node }))
    return bootstrap
  }
}
