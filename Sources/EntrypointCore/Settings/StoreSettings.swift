import PatroniConfig
import PostgresConfig

/// The configuration store, from Patroni's own variables; the file says what they say.
///
/// Some values are YAML themselves, read by Patroni's own rules.
/// See <https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html>.
struct StoreSettings: Sendable {
  var store: ConfigurationStore?

  /// Variables of which one says that a store is wanted.
  private static let signs = ["HOST", "HOSTS", "SRV", "URL", "PROXY", "SELF_ADDR"]

  private enum ValueType {
    case text, number, list, hosts, mapping, boolean
  }

  private static let suffixes: [(suffix: String, type: ValueType)] = [
    ("HOST", .text), ("HOSTS", .hosts), ("URL", .text), ("PROXY", .text), ("SRV", .text),
    ("SRV_SUFFIX", .text), ("PORT", .number), ("PROTOCOL", .text), ("USE_PROXIES", .boolean),
    ("USERNAME", .text), ("DC", .text), ("CONSISTENCY", .text), ("USE_SSL", .boolean),
    ("CACERT", .text), ("CERT", .text), ("KEY", .text), ("VERIFY", .boolean),
    ("SELF_ADDR", .text), ("BIND_ADDR", .text), ("PARTNER_ADDRS", .hosts), ("DATA_DIR", .text),
    ("SCOPE_LABEL", .text), ("ROLE_LABEL", .text), ("BYPASS_API_SERVICE", .boolean),
    ("LEADER_LABEL_VALUE", .text), ("FOLLOWER_LABEL_VALUE", .text),
    ("STANDBY_LEADER_LABEL_VALUE", .text), ("TMP_ROLE_LABEL", .text), ("CONTEXT", .text),
    ("LABELS", .mapping), ("BOOTSTRAP_LABELS", .mapping), ("PORTS", .list),
    ("RETRIABLE_HTTP_CODES", .list), ("SET_ACLS", .mapping), ("CHECKS", .list),
    ("SERVICE_TAGS", .list), ("REGISTER_SERVICE", .boolean), ("SERVICE_CHECK_INTERVAL", .text),
    ("SERVICE_CHECK_TLS_SERVER_NAME", .text),
  ]

  static func read(from reader: inout EnvironmentReader, pod: PodSettings?) -> StoreSettings? {
    let others = ConfigurationStore.Kind.allCases.filter { kind in
      kind != .kubernetes
        && reader.environment.given(after: kind.variablePrefix).contains {
          signs.contains($0)
        }
    }
    if others.count > 1 {
      reader.report(
        Problem(
          "\(others[1].variablePrefix)*",
          "conflicts with \(others[0].variablePrefix)*",
          detail: "Variables of two configuration stores are set, and a cluster has one.",
          hint: "Remove the variables of the store that is not used."
        )
      )
      return nil
    }
    if let kind = others.first {
      return external(kind, from: &reader)
    }
    guard reader.environment.isGiven("KUBERNETES_SERVICE_HOST") else {
      return StoreSettings(store: nil)
    }
    return kubernetes(from: &reader, pod: pod)
  }

  private static func external(
    _ kind: ConfigurationStore.Kind,
    from reader: inout EnvironmentReader
  ) -> StoreSettings? {
    let given = settings(of: kind, from: &reader)
    let secrets = secrets(of: kind, from: &reader)
    guard var settings = given, let secrets else { return nil }
    settings.merge(secrets)
    return StoreSettings(store: ConfigurationStore(kind: kind, settings: settings))
  }

  private static func secrets(
    of kind: ConfigurationStore.Kind,
    from reader: inout EnvironmentReader
  ) -> YAMLMapping? {
    var settings = YAMLMapping()
    let secret: (key: String, variable: EnvironmentVariable)? =
      switch kind {
      case .etcd: ("password", .etcdPassword)
      case .etcd3: ("password", .etcd3Password)
      case .raft: ("password", .raftPassword)
      case .consul: ("token", .consulToken)
      case .zookeeper: ("key_password", .zookeeperKeyPassword)
      case .exhibitor, .kubernetes: nil
      }
    if let secret {
      guard let value = reader.secret(secret.variable).optional else { return nil }
      settings.append(secret.key, value)
    }
    if kind == .zookeeper {
      guard let data = reader.secret(.zookeeperAuthData).optional else { return nil }
      if let data {
        let name = EnvironmentVariable.zookeeperAuthData.name
        guard let node = reader.mapping(data.reveal(), of: name) else { return nil }
        guard case .mapping(let mapping) = node.content, mapping.holdsCredentials else {
          reader.report(
            Problem(
              name,
              "is not a mapping of schemes and credentials",
              detail: "The value is a secret and not shown.",
              hint: YAMLMapping.credentialsHint
            )
          )
          return nil
        }
        settings.append("auth_data", node.hidden)
      }
    }
    return settings
  }

  /// Patroni keeps the leader in an Endpoints object, which holds the pod's address and takes no
  /// loopback address.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/kubernetes.html>.
  private static func kubernetes(
    from reader: inout EnvironmentReader,
    pod: PodSettings?
  ) -> StoreSettings? {
    let given = settings(of: .kubernetes, from: &reader)
    guard var settings = given, let pod else { return nil }
    if pod.address.isLoopback {
      reader.report(
        Problem(
          reader.nameInUse(.podIP),
          "\(pod.address.description) is a loopback address",
          detail: "Kubernetes refuses it in Endpoints, and no member could become leader.",
          hint: "Set \(reader.nameInUse(.podIP)) from the pod's field reference status.podIP."
        )
      )
      return nil
    }
    settings.append("namespace", pod.namespace)
    if !reader.environment.isGiven("PATRONI_KUBERNETES_LABELS") {
      var labels = YAMLMapping()
      labels.append("application", "patroni")
      settings.append("labels", labels)
    }
    let usesEndpoints = reader.environment.text("PATRONI_KUBERNETES_USE_ENDPOINTS")
    settings.append("use_endpoints", .boolean(usesEndpoints.flatMap { boolean($0) } ?? true))
    settings.append("pod_ip", pod.address.description)
    return StoreSettings(store: ConfigurationStore(kind: .kubernetes, settings: settings))
  }

  private static func settings(
    of kind: ConfigurationStore.Kind,
    from reader: inout EnvironmentReader
  ) -> YAMLMapping? {
    var settings = YAMLMapping()
    var isFaulty = false
    let given = reader.environment.given(after: kind.variablePrefix)
    for (suffix, type) in suffixes where given.contains(suffix) {
      let name = kind.variablePrefix + suffix
      guard case .value(let text) = reader.passedText(name) else {
        isFaulty = true
        continue
      }
      switch type {
      case .list, .hosts, .mapping:
        let node =
          switch type {
          case .mapping: reader.mapping(text, of: name)
          case .hosts: reader.hosts(text, of: name)
          default: reader.list(text, of: name)
          }
        isFaulty = isFaulty || node == nil
        settings.append(suffix.lowercased(), node)
      default: settings.append(suffix.lowercased(), node(text, type))
      }
    }
    return isFaulty ? nil : settings
  }

  private static func node(_ text: String, _ type: ValueType) -> YAMLNode? {
    switch type {
    case .text: .string(text)
    case .number: Int(text).map { .integer($0) }
    case .boolean: boolean(text).map { .boolean($0) }
    case .list, .hosts, .mapping: nil
    }
  }

  /// Patroni's words for truth values.
  private static func boolean(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "on", "true", "yes", "1": true
    case "off", "false", "no", "0": false
    default: nil
    }
  }
}

extension ConfigurationStore.Kind {
  /// What the names of the store's variables begin with.
  var variablePrefix: String { "PATRONI_\(rawValue.uppercased())_" }
}

extension YAMLNode {
  /// The same tree with every text in it a secret.
  fileprivate var hidden: YAMLNode {
    switch content {
    case .mapping(var mapping):
      mapping.mapValues { $0.value.hidden }
      return .mapping(mapping)
    case .sequence(let items): return .sequence(items.map { $0.hidden })
    case .string(let text), .plain(let text, _): return .secret(Secret(text))
    case .secret: return self
    }
  }
}
