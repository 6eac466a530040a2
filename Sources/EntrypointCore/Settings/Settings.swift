import PatroniConfig
import PostgresConfig

/// Everything that the environment decides, read and checked.
public struct Settings: Sendable {
  @Sourced var version: PostgresVersion
  var cluster: ClusterSettings
  var tls: TLSSettings
  var pod: PodSettings
  var nodes: NodeSettings
  var clients: ClientSettings
  var roles: RoleSettings
  var restapi: RESTAPISettings
  var server: ServerSettings
  var store: StoreSettings
  var reload: ReloadSettings
  var overrides = Overrides()

  /// Reads `environment`.
  ///
  /// Every fault is reported, not the first one only.
  ///
  /// - Parameter needsStore: whether Patroni is started, which cannot work without a configuration store.
  public static func read(
    _ environment: Environment,
    _ podFiles: PodFiles,
    needsStore: Bool
  ) -> CheckedSettings {
    var reader = EnvironmentReader(environment: environment, podFiles: podFiles)
    for problem in environment.problems { reader.report(problem) }
    var settings = Settings(from: &reader)
    let isComplete = reader.faults == 0
    settings.overrides = Overrides.read(from: &reader, settings)
    if isComplete, let files = podFiles.server {
      let last = LastLogins(files, superuser: settings.roles.superuser.name.name)
      for warning in settings.warnings(after: last) { reader.report(warning) }
    }
    if !settings.store.isNamed { reader.report(.noStore(isNeeded: needsStore)) }
    InputChecks.report(to: &reader, settings, isStart: needsStore)
    let hasError = reader.problems.contains { $0.severity == .error }
    let expectations =
      isComplete ? CertificateExpectations(settings) : CertificateExpectations(settings.tls)
    return CheckedSettings(
      settings: hasError ? nil : settings,
      problems: reader.problems,
      expectations: settings.tls.isFaulty ? nil : expectations
    )
  }

  /// Every part is read whatever is wrong with the others, so that every fault is found.
  private init(from reader: inout EnvironmentReader) {
    let version = reader.postgresVersion()
    _version = version
    cluster = ClusterSettings(from: &reader)
    tls = TLSSettings(from: &reader)
    pod = PodSettings(from: &reader, scope: cluster.$scope, tls: tls)
    nodes = NodeSettings(
      from: &reader,
      version: version,
      tls: tls,
      pod: pod,
      scope: cluster.scope
    )
    clients = ClientSettings(from: &reader, tls: tls)
    roles = RoleSettings(from: &reader, version: version.wrappedValue, nodeAuth: nodes.$auth)
    restapi = RESTAPISettings(from: &reader, tls: tls, pod: pod)
    server = ServerSettings(from: &reader, pod: pod)
    store = StoreSettings(from: &reader, pod: pod)
    reload = ReloadSettings(from: &reader)
  }
}

/// What came of reading the environment.
public struct CheckedSettings: Sendable {
  /// The settings, unless a problem is an error.
  public var settings: Settings?
  /// Everything that there is to say, in the order of the variables.
  public var problems: [Problem]
  /// What is expected of the certificates, unless the TLS settings are invalid.
  public var expectations: CertificateExpectations?
}

extension Problem {
  fileprivate static func noStore(isNeeded: Bool) -> Problem {
    Problem(
      isNeeded ? .error : .note,
      "PATRONI_ETCD3_HOSTS",
      "is not set, and neither is any other DCS",
      detail: "Patroni elects the leader in a DCS (distributed configuration store). In a pod "
        + "it would be the Kubernetes API, but KUBERNETES_SERVICE_HOST is not set.",
      hint: "Set PATRONI_ETCD3_HOSTS, or the variables of etcd, Consul, ZooKeeper or Raft."
    )
  }
}
