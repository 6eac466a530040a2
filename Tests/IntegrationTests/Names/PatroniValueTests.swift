import Foundation
import PatroniConfig
import TestSupport
import Testing

@testable import EntrypointCore

/// Values of Patroni's variables, good and bad; Patroni itself is the judge.
@Suite struct PatroniValueTests {
  private static let values: [(name: String, values: [String])] = {
    let hosts = [
      "etcd", "etcd:2379", "10.0.0.1:2379", "[::1]:2379", "http://etcd:2379", "etcd:tcp",
      "etcd:99999",
      "etcd:0", "etcd:", "::1", "fe80::1", "[::1]", "etcd:2379/path", "e1:2379 e2:2379", "et cd",
      "user@etcd:2379", "etcd..x:2379",
    ]
    let lists = [
      "e1:2379,e2:2379", "e1:2379, e2:2379", "'e1','e2:2379'", "e1;e2", "[e1, e2:x]", "[e1, 5]",
    ]
    let booleans = ["on", "OFF", "True", "no", "1", "0", "maybe", "2", "t"]
    let numbers = ["0", "1", "17", "0x10", "4096", "4097", "-1", "ten", "10s", "25MB", "99999999"]
    let urls = [
      "HTTPS://etcd:2379", "http://etcd:2379", "https://etcd", "http://[::1]:2379", "etcd:2379",
      "ftp://etcd", "//x",
    ]
    let words = ["plain", "json", "JSON", "DEBUG", "debug", "INFO", "Error", "error", "verbose"]
    let members = [
      "10.0.0.1:5010,10.0.0.2:5010", "10.0.0.1", "'[::1]:5010'", "['[::1]:5010']", "a:5010,b",
    ]
    let flags = ["PATRONI_CTL_INSECURE", "PATRONI_RESTAPI_ALLOWLIST_INCLUDE_MEMBERS"]
    return [
      ("PATRONI_ETCD3_HOST", hosts), ("PATRONI_ETCD3_HOSTS", hosts + lists),
      ("PATRONI_ETCD3_PROTOCOL", ["http", "https", "HTTPS", "HTTPS2", "tcp"]),
      ("PATRONI_ETCD3_URL", urls), ("PATRONI_ETCD3_PROXY", urls),
      ("PATRONI_ETCD3_USE_PROXIES", booleans),
      ("PATRONI_ZOOKEEPER_HOSTS", lists + ["z1:2181,z2:2181/path", "z1:2181/path,z2:2181"]),
      ("PATRONI_RAFT_PARTNER_ADDRS", members), ("PATRONI_CONSUL_HOST", hosts),
      ("PATRONI_CONSUL_CONSISTENCY", ["default", "consistent", "stale", "Stale", "x"]),
      ("PATRONI_CONSUL_VERIFY", booleans), ("PATRONI_CONSUL_REGISTER_SERVICE", booleans),
      ("PATRONI_KUBERNETES_USE_ENDPOINTS", booleans),
      ("PATRONI_LOG_TYPE", words), ("PATRONI_LOG_LEVEL", words),
      ("PATRONI_LOG_TRACEBACK_LEVEL", words),
      ("PATRONI_LOG_MAX_QUEUE_SIZE", numbers), ("PATRONI_LOG_FILE_NUM", numbers),
      ("PATRONI_LOG_DEDUPLICATE_HEARTBEAT_LOGS", booleans),
      ("PATRONI_RESTAPI_REQUEST_QUEUE_SIZE", numbers),
      ("PATRONI_RESTAPI_SERVER_TOKENS", ["minimal", "ProductOnly", "original", "none"]),
      (
        "PATRONI_POSTGRESQL_PROXY_ADDRESS",
        ["proxy:5432", "[::2]:5432", "proxy:x", "10.0.0.1:6432", "proxy:0x5"]
      ),
    ] + flags.map { ($0, booleans) }
  }()

  /// Where this program is stricter than Patroni, and why.
  private static let stricter: [String: String] = [
    "PATRONI_LOG_MAX_QUEUE_SIZE=-1": "a queue of no size",
    "PATRONI_LOG_FILE_NUM=-1": "files of no number",
  ]

  @Test func patroniCanUseWhatIsTakenAndNothingElse() throws {
    let pairs = Self.values.flatMap { name, values in values.map { (name, $0) } }
    let lines = pairs.map { "\($0)=\($1)" }
    let script = Repository.root + "/Tests/IntegrationTests/Python/patroni_values.py"
    let file = Repository.root + "/Tests/EntrypointCoreTests/Scenarios/raft/patroni.yml"
    let result = try Command.run(
      [Repository.virtualEnvironment + "/bin/python", script, file],
      input: lines.joined(separator: "\n")
    )
    #expect(result.errors == "")
    let verdicts = result.output.split(separator: "\n").map { $0 == "yes" }
    try #require(verdicts.count == pairs.count)
    #expect(verdicts.contains(true) && verdicts.contains(false))
    var found: Set<String> = []
    for ((name, value), isTaken) in zip(pairs, verdicts) {
      let problems = Self.problems(with: name, value)
      let line = "\(name)=\(value)"
      if isTaken, !problems.isEmpty {
        found.insert(line)
      } else {
        #expect(problems.isEmpty == isTaken, "\(line): \(problems.map { $0.text })")
      }
    }
    #expect(found == Set(Self.stricter.keys))
  }

  /// Consul reads durations with Go's `time.ParseDuration`.
  @Test(arguments: [
    ("5s", true), ("1m30s", true), ("1.5s", true), ("100ms", true), ("5", false),
    ("s", false), ("5 s", false), ("1.5.1s", false), ("5d", false), (".s", false),
  ])
  func durationsAreThoseOfGo(_ text: String, _ isTaken: Bool) {
    let name = "PATRONI_CONSUL_SERVICE_CHECK_INTERVAL"
    #expect(Self.problems(with: name, text).isEmpty == isTaken)
  }

  /// What is said about one variable.
  private static func problems(with name: String, _ value: String) -> [Problem] {
    var entries = [
      "PATRONI_SCOPE=x", "POD_NAME=x-0", "POD_IP=10.0.0.1", "PGSSLMODE=prefer", "NODE_AUTH=cert",
      "PGSSLMODE=verify-ca", "\(name)=\(value)",
    ]
    let store = name.split(separator: "_")[1]
    let signs = [
      "ETCD3": "HOST=e", "CONSUL": "HOST=c", "ZOOKEEPER": "HOSTS=z",
      "RAFT": "SELF_ADDR=10.0.0.9:5010",
    ]
    if let sign = signs[String(store)] {
      if !name.hasSuffix(String(sign.prefix { $0 != "=" })) {
        entries.append("PATRONI_\(store)_\(sign)")
      }
    } else {
      entries.append("KUBERNETES_SERVICE_HOST=10.96.0.1")
    }
    let environment = Environment(entries: entries.map { Array($0.utf8) })
    let files = PodFiles(hostName: "x", contents: [:], existing: [])
    return Settings.read(environment, files, needsStore: false).problems.filter {
      $0.subject == name && $0.severity == .error
    }
  }
}
