import PatroniConfig
import PostgresConfig

/// Goes through the operator's documents, keeps what may be merged, and reports the rest.
struct OverridesChecker {
  let context: Overrides.Context
  private(set) var problems: [Problem] = []
  var result = Overrides()
  /// Parameters that were written into the local section and count in the dynamic one only.
  var dynamicParameters: [YAMLMapping.Entry] = []
  var recordsWithOAuth: [YAMLOrigin?] = []

  init(_ context: Overrides.Context) {
    self.context = context
  }

  /// Below this depth no key has a meaning for the program.
  static let deepestKey = 6

  private static let secrets = [
    "password", "token", "key_password", "keyfile_password", "sslpassword", "auth_data",
  ]

  /// Adds one document to the result; later ones win over earlier ones.
  mutating func add(_ document: YAMLMapping) {
    let kept = section(document, path: "", depth: 1)
    result.document = result.document.merged(with: kept)
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

  private mutating func section(_ mapping: YAMLMapping, path: String, depth: Int) -> YAMLMapping {
    var kept = YAMLMapping()
    for entry in mapping.entries {
      let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      if let key = MandatoryKey.at(name) {
        reportMandatory(key, name, entry.origin)
        continue
      }
      checkEnvironment(name, depth: depth, entry.origin)
      if let value = value(of: entry, name: name, depth: depth) {
        kept.append(YAMLMapping.Entry(key: entry.key, value: value, origin: entry.origin))
      }
    }
    return kept
  }

  private mutating func value(
    of entry: YAMLMapping.Entry,
    name: String,
    depth: Int
  ) -> YAMLNode? {
    if depth == 1 {
      checkSection(entry)
      if let kind = ConfigurationStore.Kind(rawValue: entry.key), kind != context.store {
        reportStore(kind, entry.origin)
        return nil
      }
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
        detail: "What postgresql.\(entry.key) says stands in its place.",
        hint: "Write it in postgresql.\(entry.key)."
      )
      return nil
    default: break
    }
    guard MandatoryKey.isAbove(name) || ConfigurationStore.Kind(rawValue: name) != nil else {
      if name == "bootstrap.initdb" { return initdb(entry.value) }
      return node(entry.value, key: entry.key, path: name, depth: depth)
    }
    switch entry.value.content {
    case .mapping(let mapping):
      let kept =
        name.hasSuffix("postgresql.parameters")
        ? parameters(mapping, isDynamic: depth > 2)
        : section(mapping, path: name, depth: depth + 1)
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
    case .plain(_, let type) where isSecret && type != .null:
      report(
        node.origin,
        "\(shown(key: path)) is \(type.phrase) instead of text",
        detail: "Its value is a secret and not shown.",
        hint: "Write it in quotes."
      )
    case .mapping(let mapping) where isSecret && !mapping.holdsCredentials:
      report(
        node.origin,
        "\(shown(key: path)) is not a mapping of schemes and credentials",
        detail: "Its value is a secret and not shown.",
        hint: YAMLMapping.credentialsHint
      )
    case .mapping(var mapping):
      if !isSecret, depth < Self.deepestKey {
        mapping = section(mapping, path: path, depth: depth + 1)
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

  mutating func reportMandatory(
    _ key: MandatoryKey,
    _ name: String,
    _ origin: YAMLOrigin?
  ) {
    report(origin, "\(name) cannot be set here", detail: key.reason, hint: key.hint)
  }

  private static let sections =
    ["name", "scope", "namespace", "bootstrap", "citus", "postgresql", "restapi", "ctl", "log"]
    + ["tags", "watchdog", "failsafe_mode"] + ConfigurationStore.Kind.allCases.map { $0.rawValue }

  /// A name that is close to one of Patroni's is most likely meant to be that one, and Patroni
  /// overlooks what it does not know.
  private mutating func checkSection(_ entry: YAMLMapping.Entry) {
    let key = entry.key.utf8
    let similar = Self.sections.filter {
      $0.utf8.first == key.first && abs($0.utf8.count - key.count) < 5
    }
    guard !similar.contains(entry.key), let close = nearest(to: entry.key, among: similar) else {
      return
    }
    report(
      entry.origin,
      "Patroni knows no section \(quoted(entry.key))",
      hint: "Did you mean \(close)?",
      as: .warning
    )
  }

  private mutating func reportStore(_ kind: ConfigurationStore.Kind, _ origin: YAMLOrigin?) {
    let variable: String? =
      switch kind {
      case .etcd, .etcd3, .zookeeper, .exhibitor: kind.variablePrefix + "HOSTS"
      case .consul: kind.variablePrefix + "HOST"
      case .raft: kind.variablePrefix + "SELF_ADDR"
      case .kubernetes: nil
      }
    report(
      origin,
      "section \(kind.rawValue) is not about the cluster's configuration store",
      detail: "Which store the cluster uses is said by the environment.",
      hint: variable.map { "Set \($0) to use this one." } ?? "It is used within Kubernetes only."
    )
  }

  /// Patroni lets its variables win over its file.
  private mutating func checkEnvironment(_ name: String, depth: Int, _ origin: YAMLOrigin?) {
    guard depth <= 2, !name.hasPrefix("bootstrap") else { return }
    let words = name.split(separator: ".", omittingEmptySubsequences: false)
    let variable = "PATRONI_" + words.joined(separator: "_").uppercased()
    guard context.environment.isGiven(variable) else { return }
    report(
      origin,
      "\(shown(key: name)) is set by \(shown(key: variable)), too",
      detail: "Patroni lets the variable win over its file.",
      hint: "Remove one of them."
    )
  }

  /// Options of `initdb`: texts, or one key with its value.
  private mutating func initdb(_ node: YAMLNode) -> YAMLNode? {
    guard case .sequence(let items) = node.content else {
      report(node.origin, "bootstrap.initdb is not a list")
      return nil
    }
    let reserved = [
      "auth", "A", "auth-host", "auth-local", "username", "U", "pwfile", "pwprompt", "W", "pgdata",
      "D",
    ]
    for item in items {
      var option: String?
      if case .string(let text) = item.content { option = text }
      if case .mapping(let mapping) = item.content, mapping.entries.count == 1 {
        option = mapping.entries.first?.key
      }
      if let option, reserved.contains(option) {
        report(
          item.origin,
          "option \(quoted(option)) of initdb cannot be set here",
          detail: "Patroni makes the superuser over the socket, and its name is a variable's.",
          hint: "Set NODE_AUTH, CLIENT_AUTH and PATRONI_SUPERUSER_USERNAME."
        )
      } else if option == nil {
        report(item.origin, "an option of initdb is neither a name nor one name with its value")
      }
    }
    return node
  }
}
