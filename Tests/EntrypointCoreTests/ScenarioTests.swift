import Foundation
import PatroniConfig
import TestSupport
import Testing

@testable import EntrypointCore

/// Every folder of `Scenarios`: an environment in, `patroni.yml` or problems out.
@Suite struct ScenarioTests {
  @Test func thereAreScenarios() {
    #expect(Scenario.all.count >= 40)
    #expect(Scenario.rendered.count >= 30)
  }

  @Test(arguments: Scenario.all)
  func givesTheFileAndTheProblems(_ scenario: Scenario) throws {
    let environment = Environment(entries: scenario.entries)
    let surroundings = scenario.surroundings(for: environment)
    let outcome = Settings.read(environment, surroundings, for: .dryRun)
    let certificates = CertificateChecks.results(
      surroundings.certificates,
      outcome.expectations,
      now: Int(Date().timeIntervalSince1970)
    )
    let problems =
      outcome.problems.map { $0.text }.joined()
      + certificates.flatMap { $0.problems }.map { $0.asWarning.text }.joined()
    let file = try outcome.settings.map { settings in
      let complete = settings.placingCertificates(beside: "/home/postgres/patroni.yml")
      let tree = complete.document
      return String(decoding: try YAMLEmitter.text(of: tree, secrets: .revealed), as: UTF8.self)
    }
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try scenario.record(file: file, problems: problems)
      Issue.record("recorded \(scenario.name); run again without RECORD")
    } else {
      #expect(file == scenario.expectedFile)
      #expect(problems == scenario.expectedProblems)
    }
  }
}
