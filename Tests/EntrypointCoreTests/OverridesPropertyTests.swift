import PatroniConfig
import TestSupport
import Testing

@testable import EntrypointCore

/// Whatever the operator writes: it is refused, or what is mandatory stands there unchanged.
@Suite struct OverridesPropertyTests {
  private static let pods = [
    "passwordless-verify-ca", "node-auth-scram", "postgresql-16-nodes-apart", "etcd3",
    "client-auth-none", "channel-binding-disabled",
  ]

  @Test(arguments: pods)
  func noDocumentChangesWhatIsMandatory(_ name: String) throws {
    let scenario = try #require(Scenario.all.first { $0.name == name })
    let plain = try #require(checkedSettings(scenario, nil).settings)
    var random = SeededGenerator(seed: 6)
    var accepted = 0
    for _ in 0..<2000 {
      let document = RandomDocument.make(plain.document, &random)
      let checked = checkedSettings(scenario, document)
      guard let settings = checked.settings else {
        #expect(checked.problems.contains { $0.severity == .error })
        continue
      }
      accepted += 1
      expectMandatory(in: settings.document, as: plain.document, document)
    }
    #expect(accepted > 200)
  }

  private func checkedSettings(_ scenario: Scenario, _ document: YAMLNode?) -> CheckedSettings {
    var entries = scenario.entries
    if let document, let text = try? YAMLEmitter.text(of: document, secrets: .revealed) {
      entries.append(Array("PATRONI_CONFIGURATION=".utf8) + text)
    }
    let environment = Environment(entries: entries)
    return Settings.read(environment, scenario.podFiles(for: environment), needsStore: false)
  }

  private func expectMandatory(in node: YAMLNode, as plain: YAMLNode, _ document: YAMLNode) {
    for path in [
      ["name"], ["scope"], ["citus", "group"], ["citus", "database"], ["kubernetes", "namespace"],
      ["kubernetes", "pod_ip"],
      ["postgresql", "authentication", "superuser", "username"],
      ["postgresql", "authentication", "superuser", "password"],
      ["postgresql", "authentication", "superuser", "sslmode"],
      ["postgresql", "authentication", "superuser", "channel_binding"],
      ["postgresql", "authentication", "replication", "channel_binding"],
      ["postgresql", "authentication", "replication", "sslcert"],
      ["postgresql", "authentication", "replication", "sslkey"],
      ["postgresql", "authentication", "replication", "sslrootcert"],
      ["postgresql", "connect_address"], ["postgresql", "listen"], ["postgresql", "data_dir"],
      ["postgresql", "use_unix_socket"], ["postgresql", "use_unix_socket_repl"],
      ["postgresql", "parameters", "ssl"], ["postgresql", "parameters", "ssl_ca_file"],
      ["postgresql", "parameters", "ssl_cert_file"], ["postgresql", "parameters", "ssl_key_file"],
      ["postgresql", "parameters", "unix_socket_directories"],
      ["postgresql", "parameters", "password_encryption"], ["restapi", "connect_address"],
      ["restapi", "listen"], ["restapi", "certfile"], ["ctl", "certfile"],
    ] where plain[path] != nil {
      #expect(node[path] == plain[path], "\(path): \(document)")
    }
    for (list, isClosed) in [("pg_hba", false), ("pg_ident", true)] {
      let ours = plain[["postgresql", list]]?.texts ?? []
      let result = node[["postgresql", list]]?.texts ?? []
      let above =
        isClosed ? ours.count : ours.count - (ours.last?.contains("all all all") == true ? 1 : 0)
      #expect(Array(result.prefix(above)) == Array(ours.prefix(above)), "\(document)")
      #expect(Array(result.suffix(ours.count - above)) == Array(ours.suffix(ours.count - above)))
    }
    if let ours = plain[["postgresql", "parameters", "citus.node_conninfo"]]?.scalarText {
      let result = node[["postgresql", "parameters", "citus.node_conninfo"]]?.scalarText
      #expect(result?.hasPrefix(ours) == true)
      #expect(result?.dropFirst(ours.count).contains("ssl") == false)
    }
  }
}

/// Documents made of keys that mean something, of their neighbours, and of values of every kind.
private enum RandomDocument {
  private static let keys = [
    "tags", "log", "level", "work_mem", "ssl", "SSL", "ssl_cert_file", "port", "name", "pg_hba",
    "max_connections",
    "citus.node_conninfo", "parameters", "dcs", "postgresql", "username", "password", "callbacks",
    "ttl", "labels",
  ]
  private static let values = [
    "on", "x", "", "sslmode=disable", "connect_timeout=5", "keepalives=1", "local all all trust",
    "host all all all md5",
    "hostssl all all all cert", "host all postgres all reject", "people a b",
    "cnmap /^.*$ postgres", "a\nb", "\\", "'",
  ]

  /// A part of `model`'s own keys with other values, and some more.
  static func make(_ model: YAMLNode, _ random: inout SeededGenerator) -> YAMLNode {
    var document = YAMLMapping()
    guard case .mapping(let mapping) = model.content else { return .mapping(document) }
    let width = Int.random(in: 0...2, using: &random)
    for _ in 0...width {
      let entry = mapping.entries.randomElement(using: &random)
      if let entry, Int.random(in: 0..<3, using: &random) > 0 {
        document[entry.key] = changed(entry.value, &random)
      } else {
        document[keys.randomElement(using: &random) ?? ""] = value(&random, depth: 0)
      }
    }
    return .mapping(document)
  }

  private static func changed(_ node: YAMLNode, _ random: inout SeededGenerator) -> YAMLNode {
    if case .mapping = node.content, Int.random(in: 0..<8, using: &random) > 0 {
      return make(node, &random)
    }
    return value(&random, depth: 1)
  }

  private static func value(_ random: inout SeededGenerator, depth: Int) -> YAMLNode {
    switch Int.random(in: 0..<(depth < 3 ? 7 : 4), using: &random) {
    case 0: return .integer(Int.random(in: -1...9999, using: &random))
    case 1: return .boolean(Bool.random(using: &random))
    case 2, 3: return .string(values.randomElement(using: &random) ?? "")
    case 4:
      return .sequence((0..<2).map { _ in value(&random, depth: depth + 1) })
    case 5: return .strings([values, values].joined().shuffled(using: &random).suffix(2))
    default:
      var mapping = YAMLMapping()
      mapping[keys.randomElement(using: &random) ?? ""] = value(&random, depth: depth + 1)
      return .mapping(mapping)
    }
  }
}

/// Random numbers that are the same in every run: SplitMix64.
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension YAMLNode {
  fileprivate subscript(path: [String]) -> YAMLNode? {
    path.reduce(Optional(self)) { node, key in node?[key] }.map { YAMLNode($0.content) }
  }

  fileprivate var texts: [String] {
    guard case .sequence(let items) = content else { return [] }
    return items.map { $0.scalarText ?? "" }
  }
}
