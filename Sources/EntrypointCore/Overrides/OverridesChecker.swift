import PatroniConfig
import PostgresConfig

/// Goes through the operator's documents, keeps what may be merged, and reports the rest.
struct OverridesChecker {
  let settings: Settings
  let citusVersion: CitusVersion?
  /// Whether the cluster was made before, so that `bootstrap.dcs` is not read any more.
  let hasData: Bool
  let environment: Environment
  /// What the program itself says.
  let ours: YAMLMapping
  private(set) var problems: [Problem] = []
  var result = Overrides()
  /// Parameters that were written into the local section and count in the dynamic one only.
  var dynamicParameters: [YAMLMapping.Entry] = []
  var recordsWithOAuth: [YAMLOrigin?] = []
  /// The records so far; nil before the operator's first one.
  var cover: HBACover?

  init(
    _ settings: Settings,
    citusVersion: CitusVersion?,
    hasData: Bool,
    _ environment: Environment
  ) {
    self.settings = settings
    self.citusVersion = citusVersion
    self.hasData = hasData
    self.environment = environment
    ours = settings.configuration
  }

  /// Below this depth no key has a meaning for the program.
  static let deepestKey = 6

  /// Lines of HTTP's that Patroni sends along.
  static let headers = ["http_extra_headers", "https_extra_headers"]

  /// Keys whose value is a secret.
  static let secrets = [
    "password", "token", "key_password", "keyfile_password", "sslpassword", "auth_data",
  ]

  /// Adds one document to the result; later ones win over earlier ones.
  mutating func add(_ document: YAMLMapping) {
    let kept = section(document, beside: ours, path: "", depth: 1)
    result.document.merge(kept.hidingCredentials)
  }

  mutating func report(
    _ origin: YAMLOrigin?,
    _ message: String,
    detail: String? = nil,
    hint: String? = nil,
    as severity: Problem.Severity = .error
  ) {
    let subject = origin?.description ?? EnvironmentVariable.configuration.name
    problems.append(Problem(severity, subject, message, detail: detail, hint: hint))
  }

  /// What may be merged of a section; `ours` is what the program says in it.
  private mutating func section(
    _ mapping: YAMLMapping,
    beside ours: YAMLMapping?,
    path: String,
    depth: Int
  ) -> YAMLMapping {
    var kept = YAMLMapping()
    for entry in mapping.entries {
      let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      let setting = ours?.setting(entry.key)
      if let setting, setting.refuses(entry.value) {
        judge(entry, beside: setting, name)
        continue
      }
      checkPlace(of: entry, name)
      checkEnvironment(name, depth: depth, entry.origin)
      if let value = value(of: entry, beside: setting?.value, name: name, depth: depth) {
        kept.append(YAMLMapping.Entry(key: entry.key, value: value, origin: entry.origin))
      }
    }
    return kept
  }

  private mutating func value(
    of entry: YAMLMapping.Entry,
    beside setting: YAMLNode?,
    name: String,
    depth: Int
  ) -> YAMLNode? {
    if depth == 1, let store = ConfigurationStore(rawValue: entry.key),
      store != settings.store.store
    {
      reportStore(store, entry.origin)
      return nil
    }
    switch name {
    case "postgresql.pg_hba":
      result.hba += lines(entry.value, name).compactMap { record($0.text, $0.origin) }
      return nil
    case "postgresql.pg_ident":
      result.ident += lines(entry.value, name).compactMap { identLine($0.text, $0.origin) }
      return nil
    case "bootstrap.dcs.postgresql.pg_hba", "bootstrap.dcs.postgresql.pg_ident":
      report(
        entry.origin,
        "\(name) has no effect",
        detail: "postgresql.\(entry.key) replaces it.",
        hint: "Write it in postgresql.\(entry.key)."
      )
      return nil
    default: break
    }
    if name == "bootstrap.initdb" { return initdb(entry.value, beside: setting) }
    // What the dynamic configuration says about a member is the same key in another place.
    let section = name == "bootstrap.dcs" ? ours : setting?.mapping
    guard section?.holdsMandatory == true || ConfigurationStore(rawValue: name) != nil else {
      return node(entry.value, key: entry.key, path: name, depth: depth)
    }
    switch entry.value.content {
    case .mapping(let mapping):
      let kept =
        name.hasSuffix("postgresql.parameters")
        ? parameters(mapping, beside: section, isDynamic: depth > 2)
        : self.section(mapping, beside: section, path: name, depth: depth + 1)
      if kept.isEmpty, !mapping.isEmpty { return nil }
      return YAMLNode(.mapping(kept), origin: entry.value.origin)
    case .plain(_, .null): return nil
    default:
      report(entry.value.origin, "\(name) is not a mapping", hint: "Write keys below it.")
      return nil
    }
  }

  /// A value with the secrets in it hidden.
  mutating func node(
    _ node: YAMLNode,
    key: String,
    path: String,
    depth: Int,
    isSecret: Bool = false
  ) -> YAMLNode {
    let last = key.split(separator: ".").last.map { String($0) } ?? key
    let isSecret = isSecret || Self.secrets.contains(last.lowercased())
    var result = node
    switch node.content {
    case .string(let text) where isSecret: result.content = .secret(Secret(text))
    case .mapping where Self.headers.contains(last): result = node.hidden
    case .plain(_, let type) where isSecret && type != .null:
      report(
        node.origin,
        "\(shown(key: path)) is \(type.phrase) instead of text",
        detail: "Its value is secret and not shown.",
        hint: "Write it in quotes."
      )
    case .mapping(let mapping) where isSecret && !mapping.holdsCredentials:
      report(
        node.origin,
        "\(shown(key: path)) is not a mapping of schemes and credentials",
        detail: "Its value is secret and not shown.",
        hint: YAMLMapping.credentialsHint
      )
    case .mapping(var mapping):
      if !isSecret, depth < Self.deepestKey {
        mapping = section(mapping, beside: nil, path: path, depth: depth + 1)
      } else {
        mapping.mapValues {
          self.node($0.value, key: $0.key, path: path, depth: depth + 1, isSecret: isSecret)
        }
      }
      result.content = .mapping(mapping)
    case .sequence(let items):
      result.content = .sequence(
        items.map {
          self.node($0, key: "", path: path, depth: Self.deepestKey, isSecret: isSecret)
        }
      )
    default: break
    }
    return result
  }

  private mutating func checkPlace(of entry: YAMLMapping.Entry, _ name: String) {
    let isMapping = entry.value.mapping != nil
    guard let fault = MisplacedKey.fault(at: name, isMapping: isMapping) else { return }
    report(entry.origin, fault.message, hint: fault.hint, as: .warning)
  }

  private mutating func reportStore(_ store: ConfigurationStore, _ origin: YAMLOrigin?) {
    let variable: String? =
      switch store {
      case .etcd, .etcd3, .zookeeper, .exhibitor: store.variablePrefix + "HOSTS"
      case .consul: store.variablePrefix + "HOST"
      case .raft: store.variablePrefix + "SELF_ADDR"
      case .kubernetes: nil
      }
    report(
      origin,
      "section \(store.rawValue) is not that of the cluster's DCS",
      detail: "The environment decides which DCS the cluster uses.",
      hint: variable.map { "Set \($0) to use this one." } ?? "It is used only within Kubernetes."
    )
  }

  /// Patroni lets its variables win over its file.
  private mutating func checkEnvironment(_ name: String, depth: Int, _ origin: YAMLOrigin?) {
    guard depth <= 2, !name.hasPrefix("bootstrap") else { return }
    let words = name.split(separator: ".", omittingEmptySubsequences: false)
    let variable = "PATRONI_" + words.joined(separator: "_").uppercased()
    guard environment.isGiven(variable) else { return }
    report(
      origin,
      "\(shown(key: name)) is also set by \(shown(key: variable))",
      detail: "In Patroni, the variable overrides the file.",
      hint: "Remove one of them."
    )
  }

  /// Options of `initdb`, texts or one key with its value; they stand in the place of ours, but for what
  /// lets Patroni in while the cluster is made.
  private mutating func initdb(_ node: YAMLNode, beside ours: YAMLNode?) -> YAMLNode? {
    let mandatory = (ours?.items ?? []).filter {
      if case .mandatory? = $0.source { true } else { false }
    }
    if case .plain(_, .null) = node.content { return YAMLNode(.sequence(mandatory)) }
    guard case .sequence(let items) = node.content else {
      report(node.origin, "bootstrap.initdb is not a list")
      return nil
    }
    let reserved = [
      "auth", "A", "auth-host", "auth-local", "username", "U", "pwfile", "pwprompt", "W", "pgdata",
      "D",
    ]
    var kept = mandatory
    for item in items {
      var option: String?
      if case .string(let text) = item.content { option = text }
      let entry = item.mapping.flatMap { $0.entries.count == 1 ? $0.entries.first : nil }
      if let entry { option = entry.key }
      if let entry, mandatory.contains(where: { $0[entry.key]?.says(entry.value) == true }) {
        reportNeedless("option \(quoted(entry.key)) of initdb", item.origin, nil)
      } else if let option, reserved.contains(option) {
        report(
          item.origin,
          "option \(quoted(option)) of initdb cannot be set here",
          detail: "Patroni creates the superuser over the socket, and a variable sets its name.",
          hint: "Set NODE_AUTH, CLIENT_AUTH and PATRONI_SUPERUSER_USERNAME."
        )
      } else if option == nil {
        report(item.origin, "an option of initdb is neither a name nor one name with its value")
      } else {
        kept.append(item)
      }
    }
    return YAMLNode(.sequence(kept), origin: node.origin)
  }
}
