import PatroniConfig
import PostgresConfig

/// The configuration store, from Patroni's own variables; the file says what they say.
///
/// Some values are YAML themselves, read by Patroni's own rules.
/// See <https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html>.
struct StoreSettings: Sendable {
  /// Which store; nil when nothing says so, or when its variables are faulty.
  var store: ConfigurationStore?
  /// Whether something says which store, rightly or not.
  private(set) var isNamed = false
  /// Its section.
  var section = YAMLMapping()

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

  /// Whether the program reads `name` for one of the stores.
  static func isVariable(_ name: String) -> Bool {
    ConfigurationStore.allCases.contains { store in
      name.begins(with: store.variablePrefix)
        && suffixes.contains { store.variablePrefix + $0.suffix == name }
    } || name == "PATRONI_KUBERNETES_USE_ENDPOINTS"
  }

  init(from reader: inout EnvironmentReader, pod: PodSettings) {
    let others = Self.namedStores(reader.environment)
    if others.count > 1 {
      isNamed = true
      reader.reportContradiction(
        Problem(
          "\(others[1].variablePrefix)*",
          "conflicts with \(others[0].variablePrefix)*",
          detail: "The variables of two DCSs (distributed configuration stores) are set, but a "
            + "cluster uses one.",
          hint: "Remove the variables of the DCS that is not used."
        )
      )
      return
    }
    let isInKubernetes = reader.environment.isGiven("KUBERNETES_SERVICE_HOST")
    guard let store = others.first ?? (isInKubernetes ? .kubernetes : nil) else { return }
    isNamed = true
    let faults = reader.faults
    addGiven(to: store, from: &reader)
    addSecrets(of: store, from: &reader)
    if store == .kubernetes { addPod(pod, from: &reader) }
    if reader.faults == faults { self.store = store }
  }

  /// The stores whose variables say that they are wanted, Kubernetes aside.
  private static func namedStores(_ environment: Environment) -> [ConfigurationStore] {
    let given = environment.given(after: "PATRONI_")
    if given.isEmpty { return [] }
    return ConfigurationStore.allCases.filter { store in
      let prefix = store.rawValue.uppercased() + "_"
      return store != .kubernetes
        && given.contains { name in
          name.begins(with: prefix)
            && signs.contains(String(name.utf8.dropFirst(prefix.utf8.count)) ?? "")
        }
    }
  }

  private mutating func addSecrets(
    of store: ConfigurationStore,
    from reader: inout EnvironmentReader
  ) {
    let secret: (key: String, variable: EnvironmentVariable)? =
      switch store {
      case .etcd: ("password", .etcdPassword)
      case .etcd3: ("password", .etcd3Password)
      case .raft: ("password", .raftPassword)
      case .consul: ("token", .consulToken)
      case .zookeeper: ("key_password", .zookeeperKeyPassword)
      case .exhibitor, .kubernetes: nil
      }
    if let secret {
      let given = reader.secret(secret.variable)
      if let value = given.wrappedValue { section.add(secret.key, .secret(value), given.source) }
    }
    guard store == .zookeeper else { return }
    let data = reader.secret(.zookeeperAuthData)
    guard let text = data.wrappedValue else { return }
    let name = EnvironmentVariable.zookeeperAuthData.name
    guard let node = reader.mapping(text.reveal(), of: name) else { return }
    guard case .mapping(let mapping) = node.content, mapping.holdsCredentials else {
      reader.reportContradiction(
        Problem(
          name,
          "is not a mapping of schemes and credentials",
          detail: "The value is secret and not shown.",
          hint: YAMLMapping.credentialsHint
        )
      )
      return
    }
    section.add("auth_data", node.hidden, data.source)
  }

  /// Patroni keeps the leader in an Endpoints object, which holds the pod's address and takes no
  /// loopback address.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/kubernetes.html>.
  private mutating func addPod(_ pod: PodSettings, from reader: inout EnvironmentReader) {
    if pod.address.isLoopback {
      reader.reportContradiction(
        Problem(
          reader.nameInUse(.podIP),
          "\(pod.address.description) is a loopback address",
          detail: "Kubernetes rejects it in Endpoints, so no member could become leader.",
          hint: "Set \(reader.nameInUse(.podIP)) from the pod's field reference status.podIP."
        )
      )
    }
    let objects = "it holds the cluster's objects"
    section.addMandatory("namespace", .string(pod.namespace), pod.$namespace.source, objects)
    if !reader.environment.isGiven("PATRONI_KUBERNETES_LABELS") {
      var labels = YAMLMapping()
      let reason = "Patroni selects the cluster's pods by this label"
      labels.add("application", .string("patroni"), .byDefault(reason))
      let refusal = Refusal(
        "Patroni selects the cluster's objects by these labels",
        isReplaceable: true
      )
      section.append(.init(key: "labels", value: .mapping(labels), refusal: refusal))
    }
    let variable = "PATRONI_KUBERNETES_USE_ENDPOINTS"
    let usesEndpoints = reader.environment.text(variable).flatMap { Self.boolean($0) }
    section.add(
      "use_endpoints",
      .boolean(usesEndpoints ?? true),
      usesEndpoints == nil
        ? .byDefault("the leader's Endpoints change together with the leader")
        : reader.environment.source(of: variable)
    )
    section.addMandatory(
      "pod_ip",
      .string(pod.address.description),
      pod.$address.source,
      "other members use it to connect to this one"
    )
  }

  /// What Patroni's own variables say.
  private mutating func addGiven(
    to store: ConfigurationStore,
    from reader: inout EnvironmentReader
  ) {
    let given = reader.environment.given(after: store.variablePrefix)
    if given.isEmpty { return }
    for (suffix, type) in Self.suffixes where given.contains(suffix) {
      let name = store.variablePrefix + suffix
      let given = reader.passedText(name)
      guard let text = given.wrappedValue else { continue }
      let node =
        switch type {
        case .mapping: reader.mapping(text, of: name)
        case .hosts: reader.hosts(text, of: name)
        case .list: reader.list(text, of: name)
        case .text, .number, .boolean: Self.node(text, type)
        }
      if let node { section.add(suffix.lowercased(), node.hidingCredentials, given.source) }
    }
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

extension ConfigurationStore {
  /// What the names of the store's variables begin with.
  var variablePrefix: String { "PATRONI_\(rawValue.uppercased())_" }

  /// The store that a variable of this name is about.
  init?(ofVariable name: String) {
    guard name.begins(with: PatroniVariable.prefix) else { return nil }
    var rest = name.utf8.dropFirst(PatroniVariable.prefix.utf8.count)
    switch rest.first {
    // Most of Patroni's variables are about no store.
    case UInt8(ascii: "C"), UInt8(ascii: "E"), UInt8(ascii: "K"), UInt8(ascii: "R"),
      UInt8(ascii: "Z"):
      break
    default: return nil
    }
    guard let end = rest.firstIndex(of: UInt8(ascii: "_")) else { return nil }
    rest = rest[..<end]
    self.init(rawValue: String(Substring(rest)).lowercased())
  }
}
