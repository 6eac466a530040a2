import PatroniConfig
import PostgresConfig

/// Goes through the operator's documents, keeps what may be merged, and reports the rest.
struct OverridesChecker {
  let context: Overrides.Context
  private(set) var problems: [Problem] = []
  private(set) var result = Overrides()
  /// Parameters that were written into the local section and count in the dynamic one only.
  private var dynamicParameters: [YAMLMapping.Entry] = []
  private var recordsWithOAuth: [YAMLOrigin?] = []

  init(_ context: Overrides.Context) {
    self.context = context
  }

  /// Below this depth no key has a meaning for the program.
  private static let deepestKey = 6

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
  private mutating func node(
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
        "\(path) is \(type.phrase) instead of text",
        detail: "Its value is a secret and not shown.",
        hint: "Write it in quotes."
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

  private mutating func reportMandatory(
    _ key: MandatoryKey,
    _ name: String,
    _ origin: YAMLOrigin?
  ) {
    report(origin, "\(name) cannot be set here", detail: key.reason, hint: key.hint)
  }

  /// A name that is close to one of Patroni's is most likely meant to be that one, and Patroni
  /// overlooks what it does not know.
  private mutating func checkSection(_ entry: YAMLMapping.Entry) {
    let known =
      ["name", "scope", "namespace", "bootstrap", "citus", "postgresql", "restapi", "ctl", "log"]
      + ["tags", "watchdog", "failsafe_mode"] + ConfigurationStore.Kind.allCases.map { $0.rawValue }
    guard !known.contains(entry.key), let close = nearest(to: entry.key, among: known) else {
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
    let name = "PATRONI_\(kind.rawValue.uppercased())_"
    let variable: String? =
      switch kind {
      case .etcd, .etcd3, .zookeeper, .exhibitor: name + "HOSTS"
      case .consul: name + "HOST"
      case .raft: name + "SELF_ADDR"
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
      "\(name) is set by \(variable), too",
      detail: "Patroni lets the variable win over its file.",
      hint: "Remove one of them."
    )
  }

  /// The lines of a list of texts.
  private mutating func lines(
    _ node: YAMLNode,
    _ name: String
  ) -> [(text: String, origin: YAMLOrigin?)] {
    switch node.content {
    case .sequence(let items):
      return items.compactMap { item in
        guard case .string(let text) = item.content else {
          report(item.origin, "an item of \(name) is not a text", hint: "Write it in quotes.")
          return nil
        }
        return (text, item.origin)
      }
    case .plain(_, .null): return []
    default:
      report(node.origin, "\(name) is not a list", hint: "Begin each line with a hyphen.")
      return []
    }
  }

  private mutating func record(_ text: String, _ origin: YAMLOrigin?) -> YAMLNode? {
    let line: HBALine
    do throws(AccessFileFault) {
      line = try HBALine(parsing: text, version: context.version)
    } catch {
      report(origin, "record \(error.message)", detail: error.detail, hint: error.hint)
      return nil
    }
    if let record = line.record {
      if record.connection == .hostssl, context.mode == .disable {
        report(
          origin,
          "record matches no connection with PGSSLMODE=disable",
          hint: "Write host instead of hostssl.",
          as: .warning
        )
      }
      if record.method == .trust, !record.isLocal {
        report(
          origin,
          "record lets clients on other hosts in without any proof",
          hint: "Write scram-sha-256 or cert instead of trust.",
          as: .warning
        )
      }
      if record.method == .oauth { recordsWithOAuth.append(origin) }
      if record.holdsSecret { return YAMLNode(.secret(Secret(text)), origin: origin) }
    }
    return YAMLNode(.string(text), origin: origin)
  }

  private mutating func identLine(_ text: String, _ origin: YAMLOrigin?) -> YAMLNode? {
    do throws(AccessFileFault) {
      let line = try IdentLine(parsing: text, version: context.version)
      guard line.map != IdentMappings.map else {
        report(
          origin,
          "map \(IdentMappings.map) cannot be added to",
          detail: "Whoever it names can log in as the nodes do.",
          hint: "Set NODE_CERT_NAMES and NODE_APP_ROLES, or choose another name for the map."
        )
        return nil
      }
      return YAMLNode(.string(text), origin: origin)
    } catch {
      report(origin, "line \(error.message)", detail: error.detail, hint: error.hint)
      return nil
    }
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

  private mutating func parameters(_ mapping: YAMLMapping, isDynamic: Bool) -> YAMLMapping {
    var kept = YAMLMapping()
    var seen: Set<String> = []
    for entry in mapping.entries {
      // PostgreSQL and Patroni take Port and port for the same.
      let name = entry.key.lowercased()
      let lower = YAMLMapping.Entry(key: name, value: entry.value, origin: entry.origin)
      guard isParameterName(name) else {
        report(entry.origin, "\(quoted(entry.key)) is no name of a parameter")
        continue
      }
      guard seen.insert(name).inserted else {
        report(entry.origin, "parameter \(name) stands twice, in upper and lower case")
        continue
      }
      if name == "citus.node_conninfo" {
        nodeConnection(lower, isDynamic: isDynamic)
      } else if let key = MandatoryKey.at("postgresql.parameters.\(name)") {
        reportMandatory(key, "parameter \(name)", entry.origin)
      } else if isParameterValue(entry.value, name) {
        let value = node(lower.value, key: name, path: "parameter \(name)", depth: Self.deepestKey)
        let entry = YAMLMapping.Entry(key: name, value: value, origin: entry.origin)
        if !isDynamic, DynamicParameters.names.contains(name) {
          dynamicParameters.append(entry)
        } else {
          kept.append(entry)
        }
      }
    }
    return kept
  }

  private func isParameterName(_ name: String) -> Bool {
    let isWord: (Substring) -> Bool = { word in
      guard let first = word.utf8.first, first < 0x30 || first > 0x39 else { return false }
      return word.utf8.allSatisfy {
        HostName.isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "$")
      }
    }
    return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isWord)
  }

  /// Patroni writes the value into postgresql.conf, one line for each.
  private mutating func isParameterValue(_ node: YAMLNode, _ name: String) -> Bool {
    switch node.content {
    case .string(let text):
      guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) else {
        return true
      }
      report(
        node.origin,
        "parameter \(name) holds a line break or another control character",
        detail: "It cannot stand in postgresql.conf."
      )
    case .plain(_, .integer), .plain(_, .float), .plain(_, .boolean): return true
    default: report(node.origin, "parameter \(name) is neither a text, a number nor a truth value")
    }
    return false
  }

  private mutating func nodeConnection(_ entry: YAMLMapping.Entry, isDynamic: Bool) {
    guard !isDynamic else {
      report(
        entry.origin,
        "citus.node_conninfo has no effect here",
        hint: "Write it in postgresql.parameters."
      )
      return
    }
    guard case .string(let text) = entry.value.content else {
      report(entry.value.origin, "citus.node_conninfo is not a text")
      return
    }
    guard context.isCitus != false else {
      report(
        entry.origin,
        "citus.node_conninfo needs Citus",
        hint: "Set PATRONI_CITUS_GROUP, or remove the parameter."
      )
      return
    }
    do throws(NodeConnectionFault) {
      result.nodeKeywords = try NodeConnectionAdditions.read(
        text,
        version: context.version,
        citus: context.citusVersion
      )
      result.nodeKeywordsOrigin = entry.value.origin
    } catch {
      report(
        entry.value.origin,
        "citus.node_conninfo: \(error.message)",
        detail: error.detail,
        hint: error.hint
      )
    }
  }

  /// Puts what was gathered from all documents where it belongs.
  mutating func finish() {
    let libraries = result.document["postgresql"]?["parameters"]?["oauth_validator_libraries"]
    for origin in recordsWithOAuth where libraries == nil {
      report(
        origin,
        "record needs parameter oauth_validator_libraries",
        detail: "Without it PostgreSQL refuses the whole file.",
        hint: "Set it in postgresql.parameters."
      )
    }
    guard !dynamicParameters.isEmpty else { return }
    var changes = YAMLMapping()
    let present = result.document["bootstrap"]?["dcs"]?["postgresql"]?["parameters"]
    for entry in dynamicParameters {
      if present?[entry.key] != nil {
        report(
          entry.origin,
          "parameter \(entry.key) stands in bootstrap.dcs, too",
          hint: "Remove one of them."
        )
      }
      changes[entry.key] = entry.value
    }
    result.document = result.document.merged(
      with: .nested(["bootstrap", "dcs", "postgresql", "parameters"], changes)
    )
    if context.hasData { reportDynamicParameters(changes) }
  }

  private mutating func reportDynamicParameters(_ changes: YAMLMapping) {
    let options = changes.entries.map { entry in
      "-p " + shellWord("\(entry.key)=\(entry.value.scalarText ?? "")")
    }
    report(
      changes.entries.first?.value.origin,
      "the cluster keeps its own value of \(changes.entries.map { $0.key }.joined(separator: ", "))",
      detail: "Members share it, and Patroni reads bootstrap.dcs only when the cluster is made.",
      hint: "To change it, run: patronictl edit-config \(options.joined(separator: " "))",
      as: .note
    )
  }

  private func shellWord(_ word: String) -> String {
    let isBare = word.utf8.allSatisfy {
      HostName.isLetterOrDigit($0) || [0x2d, 0x2e, 0x2f, 0x3a, 0x3d, 0x5f].contains($0)
    }
    return isBare
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}
