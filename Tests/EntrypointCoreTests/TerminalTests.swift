import PatroniConfig
import TestSupport
import Testing

@testable import EntrypointCore

/// How reports look on terminals.
@Suite struct TerminalTests {
  private static let plain80 = Terminal(columns: 80, hasColour: false)
  private static let plain120 = Terminal(columns: 120, hasColour: false)

  private func explanation(of name: String) throws -> Explanation {
    let scenario = try #require(Scenario.all.first { $0.name == name })
    let environment = scenario.podEnvironment
    let files = scenario.podFiles(for: environment)
    let checked = Settings.read(environment, files, needsStore: false)
    return Explanation(of: try #require(checked.settings), at: "/home/postgres/patroni.yml")
  }

  private var report: CheckReport {
    var leaf = NodeFacts.certificate
    leaf.commonName = Array("db".utf8)
    let facts = NodeFacts.facts(leaf)
    let variables = ["NODE_CERT_NAMES": "node"]
    return CheckReport(
      NodeFacts.checkedSettings(variables, facts),
      NodeFacts.results(facts, variables)
    )
  }

  @Test func anExplanationBeginsWithWhatWasSet() throws {
    #expect(
      try explanation(of: "operator-basebackup").text(as: .text, on: Self.plain80) == """
        PATRONI_NAME
          name                                            one
        PATRONI_SCOPE
          scope                                           demo
        PATRONI_ETCD3_HOSTS
          etcd3.hosts[0]                                  etcd:2379
        PATRONI_SUPERUSER_PASSWORD
          postgresql.authentication.superuser.password    <redacted>
        PGSSLMODE
          postgresql.authentication.superuser.sslmode     disable
          postgresql.authentication.replication.sslmode   disable
          postgresql.parameters.ssl                       off
        PATRONI_REPLICATION_PASSWORD
          postgresql.authentication.replication.password  <redacted>
        POD_IP
          postgresql.connect_address                      10.0.0.1:5432
          restapi.connect_address                         10.0.0.1:8008
        PATRONI_CONFIGURATION
          postgresql.basebackup[0].checkpoint             spread  # line 3
          postgresql.basebackup[1].max-rate               100M  # line 4
        Not shown: 21 defaults and mandatory settings; see --explain=all.

        """
    )
  }

  @Test func theRestIsPrintedWhenItIsAskedFor() throws {
    let explanation = try explanation(of: "settings-directory")
    let some = explanation.text(as: .text, on: Self.plain120).split(separator: "\n").dropLast()
    let all = explanation.text(as: .all, on: Self.plain120).split(separator: "\n")
    #expect(Array(all.prefix(some.count)) == Array(some))
    let settings = all.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.map {
      String($0.split(separator: " ")[0])
    }
    #expect(settings.sorted() == explanation.rows.map { $0.setting }.sorted())
  }

  @Test(arguments: Scenario.rendered.filter { $0.expectedExplanation != nil }, [80, 120])
  func anExplanationFits(_ scenario: Scenario, _ columns: Int) throws {
    let terminal = Terminal(columns: columns, hasColour: false)
    let text = try explanation(of: scenario.name).text(as: .all, on: terminal)
    // What is wider has no blank where it could be broken.
    let wide = text.split(separator: "\n").filter { $0.count > columns }
    #expect(wide.filter { $0.split(separator: " ").count > 1 } == [])
  }

  @Test func aReportFits() throws {
    let expected = """
      error    common-name       common_name db, node_names node
               error: NODE_CERT_NAMES: CN "db" of the certificate is not the CN of a
                   node
                 detail: The CNs of nodes are "node".
                 hint: Set NODE_CERT_NAMES=db, or reissue the certificate with one of
                   these names.
      """
    #expect(report.rendered(as: .text, on: Self.plain80).contains(expected))
    for terminal in [Self.plain80, Self.plain120] {
      let lines = report.rendered(as: .text, on: terminal).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= terminal.columns })
    }
  }

  @Test func aPipeGetsOneLayout() throws {
    let lines = report.rendered(as: .text).split(separator: "\n")
    #expect(lines.contains { $0.count > 120 })
    let explanation = try explanation(of: "restapi-tls")
    #expect(explanation.text(as: .all) == explanation.text(as: .text))
  }

  @Test(arguments: [80, 120])
  func coloursChangeNothingElse(_ columns: Int) throws {
    let (plain, coloured) = (
      Terminal(columns: columns, hasColour: false), Terminal(columns: columns, hasColour: true)
    )
    let explanation = try explanation(of: "restapi-tls")
    for (text, other) in [
      (report.rendered(as: .text, on: coloured), report.rendered(as: .text, on: plain)),
      (explanation.text(as: .all, on: coloured), explanation.text(as: .all, on: plain)),
    ] {
      #expect(text != other)
      #expect(!other.contains("\u{1b}"))
      #expect(text.replacing(/\u{1b}\[[0-9]*m/, with: "") == other)
    }
    #expect(report.rendered(as: .text, on: coloured).contains("\u{1b}[31merror    \u{1b}[m"))
  }

  @Test(arguments: [(0, 80), (1, 40), (132, 132)])
  func aTerminalHasAWidth(_ columns: Int, _ width: Int) {
    #expect(Terminal(columns: columns, hasColour: false).columns == width)
  }
}
