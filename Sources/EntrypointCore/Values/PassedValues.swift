import PatroniConfig
import PostgresConfig

// What Patroni's own settings must be. One that it cannot use is a traceback at the start, or is dropped
// without a word.
//
// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html>.
enum PassedValues {
  typealias Rules = [(key: String, rule: ValueRule)]

  private static let port = ValueRule.number(1...65535)
  private static let files: Rules = [("cacert", .path), ("cert", .path), ("key", .path)]

  private static let etcd: Rules =
    [
      ("host", .host), ("hosts", .hosts), ("port", port), ("url", .url), ("proxy", .url),
      ("srv", .name), ("protocol", .wordInAnyCase(["http", "https"])), ("use_proxies", .boolean),
    ] + files

  /// The rules for the section of a store.
  static func rules(for store: ConfigurationStore) -> Rules {
    switch store {
    case .etcd, .etcd3: etcd
    case .consul:
      [
        ("host", .host), ("port", port), ("url", .url), ("verify", .boolean),
        ("consistency", .word(["default", "consistent", "stale"])),
        ("register_service", .boolean), ("service_check_interval", .duration),
      ] + files
    case .zookeeper:
      [("hosts", .hostsWithPath), ("use_ssl", .boolean), ("verify", .boolean)] + files
    case .exhibitor: [("hosts", .names), ("port", port)]
    case .raft:
      [
        ("self_addr", .address), ("bind_addr", .address), ("partner_addrs", .addresses),
        ("data_dir", .path),
      ]
    case .kubernetes:
      [
        ("labels", .labels), ("bootstrap_labels", .labels), ("scope_label", .labelName),
        ("role_label", .labelName), ("tmp_role_label", .labelName),
        ("leader_label_value", .labelValue), ("follower_label_value", .labelValue),
        ("standby_leader_label_value", .labelValue), ("bypass_api_service", .boolean),
        ("use_endpoints", .boolean), ("ports", .ports), ("retriable_http_codes", .statusCodes),
        ("cacert", .path),
      ]
    }
  }

  /// The rules for the other sections, as far as the program does not read them itself.
  static let sections: [(section: String, rules: Rules)] = [
    (
      "restapi",
      [
        ("server_tokens", .wordInAnyCase(["minimal", "productonly", "original"])),
        ("request_queue_size", .number(0...4096)), ("allowlist_include_members", .boolean),
      ]
    ),
    ("ctl", [("insecure", .boolean)]),
    (
      "log",
      [
        ("type", .word(["plain", "json"])),
        ("level", .word(["DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"])),
        ("traceback_level", .wordInAnyCase(["debug", "error"])),
        ("max_queue_size", .number(0...Int(Int32.max))), ("file_size", .number(0...Int(Int32.max))),
        ("file_num", .number(0...Int(Int32.max))), ("dir", .path),
        ("deduplicate_heartbeat_logs", .boolean),
      ]
    ),
    (
      "postgresql",
      [
        ("proxy_address", .address), ("config_dir", .path), ("pgpass", .path), ("bin_dir", .path),
      ]
    ),
  ]

  /// Whether a variable of this name says with which file Patroni connects to a store.
  static func isNameOfFile(_ name: String) -> Bool {
    // Most names end here, at little cost.
    guard let last = name.utf8.last, last == UInt8(ascii: "T") || last == UInt8(ascii: "Y") else {
      return false
    }
    return (name.ends(with: "_CACERT") || name.ends(with: "_CERT") || name.ends(with: "_KEY"))
      && ConfigurationStore(ofVariable: name) != nil
  }

  /// Reports what Patroni could not use, in variables of the other sections.
  ///
  /// - Parameter others: the variables that the program does not read.
  static func problems(with others: [String], in environment: Environment) -> [Problem] {
    guard others.contains(where: { $0.begins(with: PatroniVariable.prefix) }) else { return [] }
    return sections.flatMap { section, rules in
      rules.compactMap { key, rule in
        let name = "PATRONI_\(section.uppercased())_\(key.uppercased())"
        guard let text = environment.text(name), !text.isEmpty else { return nil }
        return rule.fault(of: .string(text)).map { problem(name, text, $0) }
      }
    }
  }

  /// Reports what Patroni could not use in a store's section, as its variables say it.
  static func problems(
    in section: YAMLMapping,
    of store: ConfigurationStore,
    _ environment: Environment
  ) -> [Problem] {
    rules(for: store).compactMap { key, rule in
      let name = "PATRONI_\(store.rawValue.uppercased())_\(key.uppercased())"
      guard let text = environment.text(name), !text.isEmpty,
        !MisspeltName.isServiceLink(name, environment)
      else { return nil }
      let node = rule.isStructured ? section[key] : nil
      return rule.fault(of: node ?? .string(text)).map { problem(name, text, $0) }
    }
  }

  /// Reports what Patroni could not use in the operator's document.
  static func problems(
    inDocument document: YAMLMapping,
    store: ConfigurationStore?
  ) -> [Problem] {
    if document.isEmpty { return [] }
    let ofStore = store.map { [($0.rawValue, rules(for: $0))] } ?? []
    return (ofStore + sections.map { ($0.section, $0.rules) }).flatMap { section, rules in
      rules.compactMap { key, rule -> Problem? in
        guard let node = document[section]?[key], let origin = node.origin,
          let fault = rule.fault(of: node)
        else { return nil }
        let value = fault.part ?? node.scalarText
        return Problem(
          origin.description,
          "\(section).\(key) has \(value.map { "invalid value \(shown($0))" } ?? "an invalid value")",
          detail: fault.expectation,
          hint: fault.hint
        )
      }
    }
  }

  /// An address may have a password in it.
  private static func shown(_ text: String) -> String {
    text.utf8.contains(UInt8(ascii: "@")) ? Secret.redacted : quoted(text)
  }

  private static func problem(_ name: String, _ text: String, _ fault: ValueRule.Fault) -> Problem {
    Problem(
      EntrypointCore.shown(key: name),
      "invalid value \(shown(fault.part ?? text))",
      detail: fault.expectation,
      hint: fault.hint
    )
  }
}
