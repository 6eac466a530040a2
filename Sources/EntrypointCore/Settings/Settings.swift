import PatroniConfig
import PostgresConfig

/// Everything that the environment decides, read and checked.
public struct Settings: Sendable {
  var version: PostgresVersion
  var pod: PodSettings
  var cluster: ClusterSettings
  var tls: TLSSettings
  var nodes: NodeSettings
  var clients: ClientSettings
  var roles: RoleSettings
  var restapi: RESTAPISettings
  var places: PlaceSettings
  var store: StoreSettings
  var overrides: Overrides

  /// What came of reading the environment.
  public struct Outcome: Sendable {
    /// The settings, unless a problem is an error.
    public var settings: Settings?
    /// Everything that there is to say, in the order of the variables.
    public var problems: [Problem]
    /// What is expected of the certificates, unless the settings for TLS are faulty.
    public var expectations: CertificateExpectations?
  }

  /// What the settings are read for.
  public enum Purpose: Sendable {
    /// Patroni is started with them.
    case start
    /// Somebody wants to see what they come to.
    case dryRun
  }

  /// Reads `environment`.
  ///
  /// Every fault is reported, not the first one only.
  public static func read(
    _ environment: Environment,
    _ surroundings: Surroundings,
    for purpose: Purpose
  ) -> Outcome {
    var reader = EnvironmentReader(environment: environment, surroundings: surroundings)
    let settings = read(from: &reader)
    if let store = settings?.store, store.store == nil { reader.report(.noStore(for: purpose)) }
    if environment.isGiven("PGPASSWORD") { reader.report(.droppedPassword) }
    let hasError = reader.problems.contains { $0.severity == .error }
    var again = EnvironmentReader(environment: environment, surroundings: surroundings)
    let expectations =
      settings.map { CertificateExpectations($0) }
      ?? TLSSettings(from: &again).map { CertificateExpectations($0) }
    return Outcome(
      settings: hasError ? nil : settings,
      problems: reader.problems,
      expectations: expectations
    )
  }

  /// Every part is read before the first one is missed, so that every fault is found.
  private static func read(from reader: inout EnvironmentReader) -> Settings? {
    let version = PlaceSettings.version(from: &reader)
    let cluster = ClusterSettings(from: &reader)
    let tls = TLSSettings(from: &reader)
    let pod = PodSettings(from: &reader, scope: cluster?.scope, mode: tls?.mode)
    let nodes = NodeSettings(
      from: &reader,
      version: version,
      mode: tls?.mode,
      pod: pod,
      scope: cluster?.scope
    )
    let clients = ClientSettings(from: &reader, mode: tls?.mode)
    let roles = RoleSettings(from: &reader, version: version, nodeAuth: nodes?.auth)
    let restapi = RESTAPISettings(from: &reader, mode: tls?.mode)
    let places = PlaceSettings(from: &reader)
    let store = StoreSettings.read(from: &reader, pod: pod)
    let citusVersion = PlaceSettings.citusVersion(from: &reader)
    let overrides = Overrides.read(
      from: &reader,
      Overrides.Context(
        version: version ?? .assumed,
        citusVersion: citusVersion ?? nil,
        mode: tls?.mode,
        store: store?.store?.kind,
        isCitus: cluster.map { $0.citus != nil },
        hasData: reader.surroundings.existing.contains(
          Surroundings.versionFile(for: reader.environment)
        ),
        environment: reader.environment
      )
    )
    guard let version, let cluster, let tls, let pod, let nodes, let clients, let roles,
      let restapi, let places, let store
    else { return nil }
    return Settings(
      version: version,
      pod: pod,
      cluster: cluster,
      tls: tls,
      nodes: nodes,
      clients: clients,
      roles: roles,
      restapi: restapi,
      places: places,
      store: store,
      overrides: overrides
    )
  }
}

extension Problem {
  fileprivate static func noStore(for purpose: Settings.Purpose) -> Problem {
    Problem(
      purpose == .start ? .error : .note,
      "PATRONI_ETCD3_HOSTS",
      "is not set, and neither is any other configuration store",
      detail: "Patroni elects the leader in a store; in a pod it would be the Kubernetes API, but "
        + "KUBERNETES_SERVICE_HOST is not set.",
      hint: "Set PATRONI_ETCD3_HOSTS, or the variables of etcd, Consul, ZooKeeper or Raft."
    )
  }

  /// libpq would offer it to every server, on behalf of every role.
  fileprivate static let droppedPassword = Problem(
    .note,
    "PGPASSWORD",
    "is left out of Patroni's environment",
    detail: "Every process of the server could read it there.",
    hint: "Name a file in NODE_PASSFILE for roles that log in to other nodes by password."
  )
}
