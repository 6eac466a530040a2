import Foundation
import PatroniConfig
import TestSupport
import Testing

@testable import EntrypointCore

@Suite struct FileInUseTests {
  private let path = "/home/postgres/patroni.yml"

  private func settings(of scenario: Scenario) throws -> Settings {
    let environment = scenario.podEnvironment
    let files = scenario.podFiles(for: environment)
    return try #require(Settings.read(environment, files, needsStore: false).settings)
  }

  /// What a start of a scenario writes.
  private func file(of settings: Settings) throws -> String {
    let document = settings.namingCertificates(beside: path).document
    return String(decoding: try YAMLEmitter.text(of: document, secrets: .revealed), as: UTF8.self)
  }

  private func named(_ name: String) throws -> Settings {
    try settings(of: try #require(Scenario.all.first { $0.name == name }))
  }

  @Test(arguments: Scenario.rendered)
  func saysNothingWhenASettingIsTheSame(_ scenario: Scenario) throws {
    let settings = try settings(of: scenario)
    let text = Array(try file(of: settings).utf8)
    let respelled = RESTAPIAuthority(in: TLSDirectory(beside: path)).respelled(text)
    for text in [text, respelled ?? text] {
      let file = try #require(FileInUse(text, at: path))
      #expect(file.note(comparedWith: settings) == nil)
      let explanation = Explanation(of: settings, at: path, inUse: file)
      #expect(explanation.rows.allSatisfy { $0.inUse == nil })
      #expect(explanation.gone.isEmpty)
    }
  }

  @Test func marksOtherValuesAndRecords() throws {
    let settings = try named("operator-text")
    let text = try file(of: settings)
      .replacing("level: 'DEBUG'", with: "level: 'ERROR'")
      .replacing("  pg_hba:\n", with: "  pg_hba:\n  - 'host old old all md5'\n")
      .replacing("log:\n", with: "tags:\n  nofailover: true\nlog:\n")
    let file = try #require(FileInUse(Array(text.utf8), at: path))
    let explanation = Explanation(of: settings, at: path, inUse: file)
    let marked = explanation.rows.filter { $0.inUse != nil }
    #expect(marked.map { $0.setting } == ["log.level"])
    #expect(marked.map { $0.inUse } == [.value("ERROR")])
    #expect(
      explanation.gone.map { "\($0) \($1)" }
        == ["postgresql.pg_hba[0] host old old all md5", "tags.nofailover true"]
    )
    let lines = explanation.text(as: .text)
    #expect(lines.hasPrefix("SETTING\tVALUE\tSOURCE\tIN USE\n"))
    #expect(lines.contains("\npostgresql.pg_hba[0]\t\t\thost old old all md5\n"))
    let shown = explanation.text(as: .text, on: Terminal(columns: 120, hasColour: false))
    #expect(shown.contains(#/\n  log\.level +DEBUG  # line 5  # in use: ERROR\n/#))
    #expect(
      shown.contains("only in the file in use\n  postgresql.pg_hba[0]  host old old all md5\n")
    )
    let json = explanation.text(as: .json)
    #expect(json.contains("{\"setting\": \"tags.nofailover\", \"in_use\": \"true\"}\n]"))
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
    let note = try #require(file.note(comparedWith: settings))
    let detail = try #require(note.detail)
    #expect(detail.hasPrefix("Different: postgresql.pg_hba, log.level, tags.nofailover. Live "))
  }

  @Test func saysWhatIsNotInTheFile() throws {
    let settings = try named("operator-text")
    let text = try file(of: settings).split(separator: "\n").filter {
      !$0.contains("level:") && !$0.hasSuffix("- 'local all all trust'")
    }
    let file = try #require(FileInUse(Array(text.joined(separator: "\n").utf8), at: path))
    let explanation = Explanation(of: settings, at: path, inUse: file)
    let marked = explanation.rows.filter { $0.inUse == .absent }.map { $0.setting }
    #expect(marked == ["postgresql.pg_hba[0]", "log.level"])
    #expect(explanation.text(as: .text).contains("\tnot there\n"))
    #expect(explanation.text(as: .json).contains("\"in_use\": null}"))
  }

  /// A file does not say what of it is secret.
  @Test func showsNoSecretOfTheFile() throws {
    let settings = try named("node-auth-md5")
    let text =
      try file(of: settings)
      .replacing("password: 'Sup3r-pw'", with: "password: 'hush-hush'")
      .replacing(
        "  pg_hba:\n",
        with: "  pg_hba:\n  - 'host all all all ldap ldapbindpasswd=hush-hush'\n"
      )
      + "consul:\n  token: hush-hush\n"
      + "tags:\n  one: 'host=a password=hush-hush'\n  http_extra_headers: {a: hush-hush}\n"
      + "  two: https://user:hush-hush@host\n"
    let file = try #require(FileInUse(Array(text.utf8), at: path))
    let explanation = Explanation(of: settings, at: path, inUse: file)
    #expect(explanation.gone.count == 5)
    #expect(explanation.rows.contains { $0.inUse == .value("<redacted>") })
    for format in [Explanation.Format.all, .json] {
      #expect(!explanation.text(as: format).contains("hush-hush"))
      let terminal = Terminal(columns: 80, hasColour: true)
      #expect(!explanation.text(as: format, on: terminal).contains("hush-hush"))
    }
    #expect(file.note(comparedWith: settings)?.text.contains("hush-hush") == false)
  }

  @Test(arguments: ["", "- a\n", "a: [\n", "text\n"])
  func whatIsNoMappingIsNoFileOfPatronis(_ text: String) {
    #expect(FileInUse(Array(text.utf8), at: path) == nil)
  }
}
