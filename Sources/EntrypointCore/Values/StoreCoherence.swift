import PatroniConfig
import PostgresConfig

// What the settings of a store say together: which of them Patroni overlooks beside others, and which it cannot
// do without.
//
// See <https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html>.
struct StoreCoherence {
  private let store: ConfigurationStore
  private let environment: Environment
  private let document: YAMLMapping?
  private(set) var problems: [Problem] = []

  /// - Parameter document: what the operator's document says in the store's section.
  init(of store: ConfigurationStore, _ environment: Environment, _ document: YAMLMapping?) {
    self.store = store
    self.environment = environment
    self.document = document
    checkMissing()
    checkUnread()
    let winner = checkAddresses()
    checkCredentials(beside: winner)
    checkTLS(by: winner)
  }

  private func name(_ key: String) -> String { store.variablePrefix + key.uppercased() }

  private func isGiven(_ key: String) -> Bool {
    environment.isGiven(name(key)) || environment.isGiven(name(key) + "_FILE")
  }

  private func has(_ key: String) -> Bool {
    isGiven(key) || document?[key].map { !$0.isNull } == true
  }

  private func text(_ key: String) -> String? {
    environment.text(name(key)).flatMap { $0.isEmpty ? nil : $0 } ?? document?[key]?.scalarText
  }

  private mutating func warn(_ key: String, _ fault: String, _ detail: String?, hint: String?) {
    problems.append(Problem(.warning, name(key), fault, detail: detail, hint: hint))
  }

  private mutating func checkMissing() {
    let needed: [String] =
      switch store {
      case .zookeeper: ["hosts"]
      case .exhibitor: ["hosts", "port"]
      case .raft: ["self_addr"]
      case .consul, .etcd, .etcd3, .kubernetes: []
      }
    for key in needed where !has(key) {
      problems.append(
        Problem(name(key), "is not set", detail: "Patroni cannot use \(store.rawValue) without it.")
      )
    }
  }

  /// Patroni makes keys of its section of all of them.
  private mutating func checkUnread() {
    guard let keys = PatroniKeys.keys(of: store.rawValue) else { return }
    let names = environment.names { name, value in
      !value.isEmpty && name.begins(with: store.variablePrefix)
        && PatroniVariable.treatment(of: name) != nil
    }
    for name in names where !MisspeltName.isServiceLink(name, environment) {
      let suffix = String(name.utf8.dropFirst(store.variablePrefix.utf8.count)) ?? ""
      guard !keys.contains(suffix.lowercased()) else { continue }
      let close = nearest(to: suffix.lowercased(), among: keys.all)
      warn(
        suffix,
        "has no effect",
        "Patroni has no such setting for \(store.rawValue).",
        hint: close.map { "Did you mean \(self.name($0))?" }
      )
    }
  }

  /// What Patroni takes the place of the store from, when it is a URL.
  private mutating func checkAddresses() -> String? {
    let isEtcd = store == .etcd || store == .etcd3
    guard isEtcd || store == .consul else { return nil }
    let order = isEtcd ? ["proxy", "url", "hosts", "host"] : ["url", "host"]
    guard let winner = order.first(where: has) else { return nil }
    let isURL = winner == "proxy" || winner == "url"
    let overlooked =
      Array(order.drop { $0 != winner }.dropFirst())
      + (isURL ? isEtcd ? ["port", "protocol"] : ["port"] : [])
    for key in overlooked where isGiven(key) {
      if winner == "url", key == "hosts" {
        problems.append(
          Problem(
            name(key),
            "cannot be set beside \(name(winner))",
            detail: "Patroni would use these hosts without a protocol, and reach none of them.",
            hint: "Remove one of them."
          )
        )
        continue
      }
      warn(key, "has no effect beside \(name(winner))", nil, hint: "Remove one of them.")
    }
    return isURL ? winner : nil
  }

  private mutating func checkCredentials(beside url: String?) {
    guard store == .etcd || store == .etcd3 else { return }
    for (key, other) in [("username", "password"), ("password", "username")] where isGiven(key) {
      if let url {
        warn(
          key,
          "has no effect beside \(name(url))",
          "Patroni reads user and password only from the URL.",
          hint: "Set \(name("hosts")) and \(name("protocol")) instead of it."
        )
      } else if !has(other) {
        warn(key, "has no effect without \(name(other))", nil, hint: "Set both or neither.")
      }
    }
  }

  private mutating func checkTLS(by url: String?) {
    let files = ["cacert", "cert", "key"].filter(isGiven)
    guard store != .kubernetes, !files.isEmpty else { return }
    if !has("srv"), !usesTLS(by: url) {
      for key in files {
        warn(
          key,
          "has no effect without TLS",
          store == .zookeeper ? nil : "Patroni connects to \(store.rawValue) by http.",
          hint: hintForTLS(url)
        )
      }
    } else if files.contains("key"), !has("cert") {
      warn("key", "has no effect without \(name("cert"))", nil, hint: "Set both or neither.")
    }
  }

  private func usesTLS(by url: String?) -> Bool {
    if let url { return text(url)?.lowercased().hasPrefix("https:") == true }
    switch store {
    case .zookeeper:
      return ["on", "true", "yes", "1"].contains(text("use_ssl")?.lowercased() ?? "")
    case .consul: return document?["scheme"]?.scalarText?.lowercased() == "https"
    default: return text("protocol")?.lowercased() == "https"
    }
  }

  private func hintForTLS(_ url: String?) -> String {
    if let url { return "Begin \(name(url)) with https://." }
    return switch store {
    case .zookeeper: "Set \(name("use_ssl"))=on."
    case .consul: "Set \(name("url")) to an address that begins with https://."
    default: "Set \(name("protocol"))=https."
    }
  }
}
