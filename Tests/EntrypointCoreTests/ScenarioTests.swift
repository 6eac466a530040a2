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
    let outcome = Settings.read(environment, scenario.surroundings(for: environment), for: .dryRun)
    let problems = outcome.problems.map { $0.text }.joined()
    let file = try outcome.settings.map { settings in
      let tree = PatroniConfiguration(for: settings).yaml
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
