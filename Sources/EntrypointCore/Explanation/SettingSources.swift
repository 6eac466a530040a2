import PatroniConfig
import PostgresConfig

/// What decides each of our own settings.
///
/// A setting that is new has to be added here; a test goes through all scenarios and finds those that were forgotten.
struct SettingSources {
  private let settings: Settings
  private let environment: Environment
  private let counts: (socket: Int, nodes: Int, ofNodes: Int, own: Int)

  init(_ settings: Settings, _ environment: Environment) {
    self.settings = settings
    self.environment = environment
    counts = (
      HBARules.socket(settings).count, HBARules.nodes(settings).count,
      HBARules.ofNodes(for: settings).count, settings.overrides.hba.count
    )
  }

  var nodeKeywordsOrigin: YAMLOrigin? { settings.overrides.nodeKeywordsOrigin }

  /// What decides the setting at `path`, which is an item of `list` when that is not nil.
  func source(of path: String, _ list: (path: String, index: Int)?) -> Explanation.Source {
    if let list { return source(of: list.path, at: list.index, path) }
    if let variable = Self.variables[path] { return source(variable) }
    if let reason = Self.reasons[path], !isGivenForStore(path) { return reason }
    let parts = path.split(separator: ".", maxSplits: 1).map { String($0) }
    guard parts.count == 2 else { return .unexplained }
    switch path {
    case "postgresql.connect_address": return address(.postgresqlConnectAddress)
    case "restapi.connect_address": return address(.restapiConnectAddress)
    case "ctl.authentication.username", "ctl.authentication.password":
      let key = parts[1].hasSuffix("username")
      let own = key ? EnvironmentVariable.ctlUsername : .ctlPassword
      return source(nameInUse(own) != nil ? own : key ? .restapiUsername : .restapiPassword)
    case "postgresql.parameters.password_encryption":
      return source(settings.nodes.auth == .scramSHA256 ? .nodeAuth : .clientAuth)
    default: break
    }
    if let kind = ConfigurationStore.Kind(rawValue: parts[0]) {
      return store(kind, key: parts[1])
    }
    return role(path)
  }

  /// Labels and use_endpoints have defaults of ours, and variables of Patroni's.
  private func isGivenForStore(_ path: String) -> Bool {
    environment.isGiven("PATRONI_KUBERNETES_LABELS") && path.hasPrefix("kubernetes.labels")
      || environment.isGiven("PATRONI_KUBERNETES_USE_ENDPOINTS")
        && path == "kubernetes.use_endpoints"
  }

  private func source(_ variable: EnvironmentVariable) -> Explanation.Source {
    if let file = mountedFile(variable) {
      switch settings.certificatePlace {
      case .mounted: break
      case .staged: return .copy(of: file, variable: nameInUse(variable))
      case .selfSigned: return .fallback("no certificate is mounted, so the program makes one")
      }
    }
    if let name = nameInUse(variable) { return .variable(name) }
    let rule = variable.fallback.split(separator: "`", omittingEmptySubsequences: false)
    // A rule that is nothing but the value would say the value twice.
    let isValue = rule.count == 3 && rule[0].isEmpty && rule[2].isEmpty
    return .fallback(
      "\(variable.name) is not set" + (isValue ? "" : ": " + rule.joined(separator: ""))
    )
  }

  /// What decides which certificates are those of nodes.
  private var nodeName: Explanation.Source {
    let name = EnvironmentVariable.nodeCertNames.name
    if environment.isGiven(name) { return .variable(name) }
    return settings.nodes.isNamedByCertificate
      ? .fallback("\(name) is not set: the CN of the mounted certificate")
      : .fallback("\(name) is not set, no CN was found: *.SCOPE.NAMESPACE.svc.DOMAIN")
  }

  private func mountedFile(_ variable: EnvironmentVariable) -> String? {
    let files = settings.mountedFiles
    return switch variable.name {
    case EnvironmentVariable.sslRootCert.name: files.authority
    case EnvironmentVariable.sslCert.name: files.certificate
    case EnvironmentVariable.sslKey.name: files.key
    case EnvironmentVariable.sslCRL.name: files.revocationList
    default: nil
    }
  }

  private func nameInUse(_ variable: EnvironmentVariable) -> String? {
    let names = [variable.name, variable.alias, variable.isSecret ? variable.fileName : nil]
    return names.compactMap { $0 }.first { environment.isGiven($0) }
  }

  private func address(_ variable: EnvironmentVariable) -> Explanation.Source {
    if let name = nameInUse(variable) { return .variable(name) }
    return source(settings.pod.connectBy == .ip ? .podIP : .connectBy)
  }

  private func store(_ kind: ConfigurationStore.Kind, key: String) -> Explanation.Source {
    let first = key.split(separator: ".").first.map { String($0) } ?? key
    let name = kind.variablePrefix + first.uppercased()
    let given = [name, name + "_FILE"].first { environment.isGiven($0) }
    return given.map { .variable($0) } ?? .unexplained
  }

  private func source(of list: String, at index: Int, _ path: String) -> Explanation.Source {
    switch list {
    case "postgresql.pg_hba":
      if index < counts.socket {
        return .mandatory("the socket, which only the container reaches, is Patroni's way in")
      }
      if index < counts.ofNodes {
        let which = index < counts.socket + counts.nodes ? "NODE_AUTH" : "NODE_ADDRESSES"
        return .mandatory("the nodes log in to each other, as \(which) says")
      }
      return index < counts.ofNodes + counts.own ? .unexplained : source(.clientAuth)
    case "postgresql.pg_ident": return nodeName
    case "bootstrap.initdb":
      return path.split(separator: ".").last?.hasPrefix("auth-") == true
        ? .mandatory("Patroni makes the roles over the socket, without a password")
        : .fallback(
          "checksums find damaged pages, and UTF-8 without a language sorts the same everywhere"
        )
    case "postgresql.basebackup":
      return .fallback("a new standby need not wait for minutes until the leader has written all")
    default:
      let parts = list.split(separator: ".", maxSplits: 1).map { String($0) }
      guard parts.count == 2, let kind = ConfigurationStore.Kind(rawValue: parts[0]) else {
        return .unexplained
      }
      return store(kind, key: parts[1])
    }
  }

  private func role(_ path: String) -> Explanation.Source {
    let parts = path.split(separator: ".").map { String($0) }
    guard parts.count == 4, parts[0] == "postgresql", parts[1] == "authentication" else {
      return .unexplained
    }
    if let variable = Self.clientTLS[parts[3]] { return source(variable) }
    return Self.roles["\(parts[2]).\(parts[3])"].map { source($0) } ?? .unexplained
  }

  private static let clientTLS: [String: EnvironmentVariable] = [
    "sslmode": .sslMode, "sslrootcert": .sslRootCert, "sslcert": .sslCert, "sslkey": .sslKey,
    "sslcrl": .sslCRL, "channel_binding": .channelBinding,
  ]

  private static let roles: [String: EnvironmentVariable] = [
    "superuser.username": .superuserName, "superuser.password": .superuserPassword,
    "replication.username": .replicationName, "replication.password": .replicationPassword,
    "rewind.username": .rewindName, "rewind.password": .rewindPassword,
  ]

  private static let variables: [String: EnvironmentVariable] = [
    "name": .name, "scope": .scope, "citus.group": .citusGroup, "citus.database": .citusDatabase,
    "kubernetes.namespace": .namespace, "kubernetes.pod_ip": .podIP,
    "postgresql.data_dir": .dataDirectory, "postgresql.listen": .postgresqlListen,
    "postgresql.parameters.unix_socket_directories": .unixSocketDirectory,
    "postgresql.parameters.ssl": .sslMode, "postgresql.parameters.ssl_ca_file": .sslRootCert,
    "postgresql.parameters.ssl_cert_file": .sslCert, "postgresql.parameters.ssl_key_file": .sslKey,
    "postgresql.parameters.ssl_crl_file": .sslCRL,
    "postgresql.parameters.citus.node_conninfo": .sslMode,
    "restapi.listen": .restapiListen, "restapi.authentication.username": .restapiUsername,
    "restapi.authentication.password": .restapiPassword, "restapi.certfile": .sslCert,
    "restapi.keyfile": .sslKey, "restapi.cafile": .sslRootCert,
    "restapi.verify_client": .restapiTLS, "ctl.cacert": .sslRootCert, "ctl.certfile": .sslCert,
    "ctl.keyfile": .sslKey,
  ]

  private static let reasons: [String: Explanation.Source] = [
    "bootstrap.dcs.postgresql.use_pg_rewind": .fallback(
      "a leader that failed can come back without a new copy"
    ),
    "bootstrap.dcs.postgresql.use_slots": .fallback(
      "the leader keeps the log that a standby still needs"
    ),
    "kubernetes.labels.application": .fallback("pods of the cluster are found by it"),
    "kubernetes.use_endpoints": .fallback("the leader's Endpoints change at once with the leader"),
    "postgresql.use_unix_socket": .mandatory(
      "over TCP verify-full would ask for a certificate of localhost"
    ),
    "postgresql.use_unix_socket_repl": .mandatory(
      "over TCP verify-full would ask for a certificate of localhost"
    ),
  ]
}
