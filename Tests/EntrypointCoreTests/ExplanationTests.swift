import Foundation
import PatroniConfig
import TestSupport
import Testing

@testable import EntrypointCore

@Suite struct ExplanationTests {
  private func explanation(of scenario: Scenario) throws -> (Explanation, YAMLNode) {
    let environment = scenario.podEnvironment
    let checked = Settings.read(environment, scenario.podFiles(for: environment), needsStore: false)
    let settings = try #require(checked.settings)
    let path = "/home/postgres/patroni.yml"
    return (
      Explanation(of: settings, at: path), settings.namingCertificates(beside: path).document
    )
  }

  @Test(arguments: Scenario.rendered)
  func everyLeafHasASource(_ scenario: Scenario) throws {
    let (explanation, document) = try explanation(of: scenario)
    #expect(explanation.rows.count == document.leafCount)
    let unexplained = explanation.rows.filter { $0.source == nil && $0.origin == nil }
    #expect(unexplained.map { $0.setting } == [])
  }

  @Test func thereAreRecordedExplanations() {
    #expect(Scenario.rendered.count { $0.expectedExplanation != nil } >= 12)
  }

  /// RECORD=1 writes it again, and fails; an empty file `explanation` in a scenario adds one.
  @Test(arguments: Scenario.rendered.filter { $0.expectedExplanation != nil })
  func saysWhatWasRecorded(_ scenario: Scenario) throws {
    let text = try explanation(of: scenario).0.text(as: .text)
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try scenario.record(explanation: text)
      Issue.record("recorded \(scenario.name); run again without RECORD")
    } else {
      #expect(text == scenario.expectedExplanation)
    }
  }

  @Test(arguments: ["operator-file", "operator-directory", "node-auth-md5"])
  func showsNoSecret(_ name: String) throws {
    let (explanation, _) = try explanation(of: try #require(Scenario.all.first { $0.name == name }))
    let terminal = Terminal(columns: 80, hasColour: true)
    for text in [
      explanation.text(as: .text), explanation.text(as: .json),
      explanation.text(as: .all, on: terminal),
    ] {
      for secret in ["hush-hush", "super-", "rep-"] { #expect(!text.contains(secret)) }
    }
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
