import PatroniConfig
import TestSupport
import Testing

@testable import EntrypointCore

@Suite struct ExplanationTests {
  private func explanation(of scenario: Scenario) throws -> (Explanation, YAMLNode) {
    let environment = Environment(entries: scenario.entries)
    let outcome = Settings.read(environment, scenario.surroundings(for: environment), for: .dryRun)
    let settings = try #require(outcome.settings)
    let path = "/home/postgres/patroni.yml"
    return (
      Explanation(of: settings, at: path, environment),
      settings.placingCertificates(beside: path).document
    )
  }

  @Test(arguments: Scenario.rendered)
  func everyLeafHasASource(_ scenario: Scenario) throws {
    let (explanation, document) = try explanation(of: scenario)
    #expect(explanation.rows.count == document.leafCount)
    #expect(explanation.rows.filter { $0.source == .unexplained }.map { $0.setting } == [])
    #expect(!explanation.text(as: .table).contains("unexplained"))
  }

  /// The test above finds what nobody explains, so it must be told.
  @Test(arguments: [
    ("one", nil), ("one.two", nil), ("postgresql.authentication.nobody.username", nil),
    ("list[0]", "list"), ("postgresql.list[0]", "postgresql.list"),
  ])
  func tellsWhatNobodyExplains(_ path: String, _ list: String?) throws {
    let scenario = try #require(Scenario.all.first { $0.name == "etcd3" })
    let environment = Environment(entries: scenario.entries)
    let outcome = Settings.read(
      environment,
      scenario.surroundings(for: environment),
      for: .dryRun
    )
    let sources = SettingSources(try #require(outcome.settings), environment)
    #expect(sources.source(of: path, list.map { ($0, 0) }) == .unexplained)
  }

  @Test(arguments: ["operator-file", "operator-directory", "node-auth-md5"])
  func showsNoSecret(_ name: String) throws {
    let (explanation, _) = try explanation(of: try #require(Scenario.all.first { $0.name == name }))
    for format in [Explanation.Format.table, .plain, .json] {
      let text = explanation.text(as: format)
      for secret in ["hush-hush", "super-", "rep-"] { #expect(!text.contains(secret)) }
    }
  }

  @Test func namesTheSources() throws {
    let (explanation, _) = try explanation(
      of: try #require(Scenario.all.first { $0.name == "operator-file" })
    )
    func line(_ setting: String) -> String? {
      explanation.text(as: .plain).split(separator: "\n").map { String($0) }
        .first { $0.hasPrefix(setting + "\t") }
    }
    #expect(line("scope") == "scope\tcitusdemo\tCLUSTER_NAME")
    #expect(
      line("postgresql.parameters.work_mem")
        == "postgresql.parameters.work_mem\t64MB\t/run/patroni/own.yml:13"
    )
    #expect(
      line("postgresql.listen")
        == "postgresql.listen\t*:5432\tdefault: PATRONI_POSTGRESQL_LISTEN is not set"
    )
    #expect(
      line("postgresql.use_unix_socket")
        == "postgresql.use_unix_socket\ttrue\tmandatory: over TCP verify-full would ask for a "
        + "certificate of localhost"
    )
    #expect(
      line("postgresql.parameters.ssl_key_file")
        == "postgresql.parameters.ssl_key_file\t/home/postgres/.postgresql-tls/current/server.key\t"
        + "copy of /etc/ssl/certs/postgresql/server.key (default)"
    )
    #expect(
      line("postgresql.parameters.citus.node_conninfo")?
        .hasSuffix("\tPGSSLMODE, /run/patroni/own.yml:18") == true
    )
    #expect(
      line("postgresql.pg_hba[5]") == "postgresql.pg_hba[5]\t<redacted>\t/run/patroni/own.yml:23"
    )
  }

  @Test func writesJSON() throws {
    let (explanation, _) = try explanation(
      of: try #require(Scenario.all.first { $0.name == "operator-text" })
    )
    let text = explanation.text(as: .json)
    #expect(
      text.hasPrefix("[\n  {\"setting\": \"name\", \"value\": \"citusdemo-0-0\", \"source\": ")
    )
    #expect(
      text.contains(
        "{\"setting\": \"log.level\", \"value\": \"DEBUG\", \"source\": \"file\", "
          + "\"file\": \"PATRONI_CONFIGURATION\", \"line\": 5}"
      )
    )
  }
}

extension YAMLNode {
  fileprivate var leafCount: Int {
    switch content {
    case .mapping(let mapping) where !mapping.isEmpty:
      mapping.entries.reduce(0) { $0 + $1.value.leafCount }
    case .sequence(let items) where !items.isEmpty: items.reduce(0) { $0 + $1.leafCount }
    default: 1
    }
  }
}
