import CLibpq
import Foundation
import PatroniConfig
import PostgresConfig
import TestSupport
import Testing

@testable import EntrypointCore

/// Every scenario's file goes to the programs that it is for.
@Suite struct RealReadersTests {
  static let loaded: [(scenario: Scenario, file: LoadedFile)] = {
    let scenarios = Scenario.rendered
    let files = try? LoadedFile.load(scenarios.compactMap { $0.expectedFile })
    return Array(zip(scenarios, files ?? []))
  }()

  @Test func pyYAMLLoadsEveryFile() {
    #expect(Self.loaded.count == Scenario.rendered.count)
    #expect(Self.loaded.count >= 30)
  }

  @Test func pyYAMLLoadsTheValuesThatWereIntended() throws {
    for (scenario, file) in Self.loaded {
      let environment = scenario.podEnvironment
      let checked = Settings.read(
        environment,
        scenario.podFiles(for: environment),
        needsStore: false
      )
      let settings = try #require(checked.settings)
      let complete = settings.namingCertificates(beside: "/home/postgres/patroni.yml")
      let intended = complete.document.object
      #expect(try LoadedFile.canonical(intended) == file.json, "\(scenario.name)")
    }
  }

  /// In a network of its own, where every store of the scenarios answers.
  private static let storesScript = """
    set -e
    ip link set lo up
    for host in 10 11 12; do ip address add "192.0.2.$host/32" dev lo; done
    mount --bind "$HOSTS" /etc/hosts
    exec "$@"
    """

  /// PATRONI_PYTHON names the interpreter of an environment with another Patroni.
  private static let patroniPython =
    ProcessInfo.processInfo.environment["PATRONI_PYTHON"]
    ?? Repository.virtualEnvironment + "/bin/python"

  /// PATRONI_LACKS names the scenario whose operator uses what that one does not have.
  @Test func patroniTakesEveryFile() throws {
    let directory = try TemporaryDirectory()
    var arguments: [String] = []
    for (scenario, _) in Self.loaded
    where !scenario.expectedProblems.contains("PATRONI_ETCD3_HOSTS")
      // Those programs are not here.
      && !scenario.expectedProblems.contains("is named like one of PostgreSQL")
      && scenario.name != ProcessInfo.processInfo.environment["PATRONI_LACKS"]
    {
      let file = try directory.write(scenario.name + ".yml", scenario.expectedFile ?? "")
      let json = try LoadedFile.canonical(try Self.patroniEnvironment(scenario))
      arguments += [file, try directory.write(scenario.name + ".json", json)]
    }
    #expect(arguments.count >= 60)
    let names = ["localhost", "etcd", "etcd-0.etcd", "etcd-1.etcd", "zk-0", "zk-1"]
    let hosts = try directory.write("hosts", "127.0.0.1 " + names.joined(separator: " ") + "\n")
    let said = try Command.output(
      [
        "unshare", "--net", "--mount", "sh", "-c", Self.storesScript, "sh",
        Self.patroniPython, Repository.root + "/Tests/IntegrationTests/Python/validate.py",
        "2379,8500,2181,2222",
      ] + arguments,
      environment: ["HOSTS": hosts, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    )
    #expect(said == "")
    print("Patroni was given \(arguments.count / 2) files")
  }

  /// A server that does not know the parameter would not start with it, so the file may name it only because
  /// every Patroni leaves it out there.
  @Test func patroniNamesOutputPluginsToServersThatKnowThem() throws {
    let directory = try TemporaryDirectory()
    let scenario = try #require(Scenario.rendered.first { $0.name == "passwordless-verify-ca" })
    let lines = try Command.output(
      [
        Self.patroniPython, Repository.root + "/Tests/IntegrationTests/Python/output_plugins.py",
        try directory.write("patroni.yml", scenario.expectedFile ?? ""),
        PostgresServer.Installation.own.binaries + "/postgres",
      ]
    ).split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map { String($0) } }
    let value = "pgoutput, test_decoding, citus, citus_pgoutput"
    let known = ["140024", "150019", "160015", "170011", "180005"]
    #expect(lines.count == 2 * known.count + 1)
    for line in lines.dropLast() {
      #expect(line.dropFirst() == (known.contains(line[0]) ? [value] : []), "\(line)")
    }
    #expect(lines.last == ["has", value] || lines.last == ["lacks"])
  }

  /// What Patroni's environment holds after the start.
  private static func patroniEnvironment(_ scenario: Scenario) throws -> [String: String] {
    let environment = scenario.podEnvironment
    let checked = Settings.read(environment, scenario.podFiles(for: environment), needsStore: false)
    let changes = PatroniEnvironment(for: try #require(checked.settings), environment, home: "/tmp")
    var result = Command.plainEnvironment
    for (name, value) in scenario.environment where !changes.removed.contains(name) {
      result[name] = value
    }
    for (name, value) in changes.added { result[name] = value }
    return result
  }

  @Test func postgreSQLTakesEveryRecord() throws {
    let server = try PostgresServer()
    for (scenario, file) in Self.loaded {
      try server.write(hba: file.hba, ident: file.ident)
      let faults = try server.query(
        "SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL UNION ALL "
          + "SELECT line_number, error FROM pg_ident_file_mappings WHERE error IS NOT NULL"
      )
      #expect(faults == [], "\(scenario.name)")
      let counts = try server.query(
        "SELECT (SELECT count(*) FROM pg_hba_file_rules), (SELECT count(*) FROM pg_ident_file_mappings)"
      )
      // An operator's comment goes through as it is, and is no record.
      let records = file.hba.count { !$0.hasPrefix("#") }
      #expect(counts == ["\(records)\t\(file.ident.count)"], "\(scenario.name)")
    }
  }

  /// The view must be able to say no, or the test above says nothing.
  @Test func postgreSQLRefusesABadRecord() throws {
    let server = try PostgresServer()
    try server.write(
      hba: ["hostssl all postgres all cert clientcert=verify-ca map=cnmap"],
      ident: []
    )
    let faults = try server.query("SELECT error FROM pg_hba_file_rules WHERE error IS NOT NULL")
    #expect(faults.count == 1)
  }

  /// The keywords that Citus takes; <https://docs.citusdata.com/en/stable/develop/api_guc.html>.
  private static let allowed: Set = ["sslcert", "sslcrl", "sslkey", "sslmode", "sslrootcert"]

  @Test func libpqReadsTheNodeConnectionInfoBack() throws {
    var read = 0
    for (scenario, file) in Self.loaded {
      guard let text = file.parameters["citus.node_conninfo"] else { continue }
      let environment = scenario.podEnvironment
      let checked = Settings.read(
        environment,
        scenario.podFiles(for: environment),
        needsStore: false
      )
      let settings = try #require(checked.settings)
      var intended: [String: String] = [:]
      let placed = settings.namingCertificates(beside: "/home/postgres/patroni.yml")
      for pair in placed.nodeConnectionInfo.pairs { intended[pair.keyword.rawValue] = pair.value }
      let pairs = try Self.parse(text)
      #expect(pairs == intended, "\(scenario.name)")
      #expect(Set(pairs.keys).isSubset(of: Self.allowed), "\(scenario.name)")
      read += 1
    }
    #expect(read >= 10)
  }

  private static func parse(_ text: String) throws -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    let options = PQconninfoParse(text, &message)
    defer { PQconninfoFree(options) }
    var option = try #require(options, "\(message.map { String(cString: $0) } ?? "")")
    var pairs: [String: String] = [:]
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { pairs[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return pairs
  }
}

extension YAMLNode {
  /// The values of the tree, secrets included.
  fileprivate var object: Any {
    switch content {
    case .string(let text): text
    case .secret(let secret): secret.reveal()
    case .plain(let text, .integer):
      Int(text, radix: text.hasPrefix("0") && text != "0" ? 8 : 10) as Any
    case .plain(let text, .float): Double(text) as Any
    case .plain(let text, .boolean): ["true", "yes", "on"].contains(text.lowercased())
    case .plain(let text, _): text
    case .sequence(let items): items.map { $0.object }
    case .mapping(let mapping):
      Dictionary(uniqueKeysWithValues: mapping.entries.map { ($0.key, $0.value.object) })
    }
  }
}
