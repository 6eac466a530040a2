import PatroniConfig
import PostgresConfig

// The operator's server parameters: in the local section, in the dynamic one, or in
// citus.node_conninfo.
extension OverridesChecker {
  /// Parameters that count in the dynamic configuration only, the same on all members.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/patroni_configuration.html>.
  private static let dynamicParameterNames: Set<String> = [
    "max_connections", "max_locks_per_transaction", "max_worker_processes",
    "max_prepared_transactions", "wal_level", "track_commit_timestamp", "max_wal_senders",
    "max_replication_slots", "wal_keep_segments", "wal_keep_size", "wal_log_hints",
  ]

  mutating func parameters(
    _ mapping: YAMLMapping,
    beside ours: YAMLMapping?,
    isDynamic: Bool
  ) -> YAMLMapping {
    var kept = YAMLMapping()
    var seen: Set<String> = []
    for entry in mapping.entries {
      // PostgreSQL and Patroni take Port and port for the same.
      let name = entry.key.lowercased()
      let lower = YAMLMapping.Entry(key: name, value: entry.value, origin: entry.origin)
      guard isParameterName(name) else {
        report(entry.origin, "\(quoted(entry.key)) is not a parameter name")
        continue
      }
      guard seen.insert(name).inserted else {
        report(entry.origin, "parameter \(name) is set twice, in upper and lower case")
        continue
      }
      if name == "citus.node_conninfo" {
        nodeConnection(lower, isDynamic: isDynamic)
      } else if let setting = ours?.setting(name), setting.refuses(entry.value) {
        judge(entry, beside: setting, "parameter \(name)")
      } else if !isDynamic && entry.value.isNull && ours?[name] != nil {
        kept.append(lower)
      } else if isParameterValue(entry.value, name) {
        let value = node(lower.value, key: name, path: "parameter \(name)", depth: Self.deepestKey)
        let entry = YAMLMapping.Entry(key: name, value: value, origin: entry.origin)
        if !isDynamic, Self.dynamicParameterNames.contains(name) {
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
        detail: "It cannot be written to postgresql.conf."
      )
    case .plain(_, .integer), .plain(_, .float), .plain(_, .boolean): return true
    default: report(node.origin, "parameter \(name) is neither text, a number nor a Boolean")
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
      report(entry.value.origin, "citus.node_conninfo is not text")
      return
    }
    guard settings.cluster.citus != nil else {
      report(
        entry.origin,
        "citus.node_conninfo needs Citus",
        hint: "Set PATRONI_CITUS_GROUP, or remove the parameter."
      )
      return
    }
    addNodeKeywords(text, entry.value.origin)
  }

  /// Puts what was gathered from all documents where it belongs.
  mutating func finish() {
    let libraries = result.document["postgresql"]?["parameters"]?["oauth_validator_libraries"]
    for origin in recordsWithOAuth where libraries == nil {
      report(
        origin,
        "record requires parameter oauth_validator_libraries",
        detail: "Without it, PostgreSQL rejects the whole file.",
        hint: "Set it in postgresql.parameters."
      )
    }
    checkOutputPlugins()
    guard !dynamicParameters.isEmpty else { return }
    var changes = YAMLMapping()
    let present = result.document["bootstrap"]?["dcs"]?["postgresql"]?["parameters"]
    for entry in dynamicParameters {
      if present?[entry.key] != nil {
        report(
          entry.origin,
          "parameter \(entry.key) is also set in bootstrap.dcs",
          hint: "Remove one of them."
        )
      }
      changes[entry.key] = entry.value
    }
    result.document.merge(.nested(["bootstrap", "dcs", "postgresql", "parameters"], changes))
    if hasData { reportDynamicParameters(changes) }
  }

  private mutating func reportDynamicParameters(_ changes: YAMLMapping) {
    let options = changes.entries.map { entry in
      "-p " + shellWord("\(entry.key)=\(entry.value.scalarText ?? "")")
    }
    report(
      changes.entries.first?.value.origin,
      "the cluster keeps its own value of "
        + "\(changes.entries.map { $0.key }.joined(separator: ", "))",
      detail: "Members share it, and Patroni reads bootstrap.dcs only when it creates the cluster.",
      hint: "To change it, run: patronictl edit-config \(options.joined(separator: " "))",
      as: .note
    )
  }

  /// A word for a shell, in which a tab is the only control character that there can be.
  private func shellWord(_ word: String) -> String {
    let isBare = word.utf8.allSatisfy {
      HostName.isLetterOrDigit($0) || [0x2d, 0x2e, 0x2f, 0x3a, 0x3d, 0x5f].contains($0)
    }
    guard !isBare else { return word }
    let inQuotes =
      "'"
      + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
    return inQuotes.split(separator: "\t", omittingEmptySubsequences: false)
      .joined(separator: "'$'\\t''")
  }
}
