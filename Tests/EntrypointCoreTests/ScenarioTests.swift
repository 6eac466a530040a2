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
    let environment = scenario.podEnvironment
    let podFiles = scenario.podFiles(for: environment)
    let checked = Settings.read(environment, podFiles, needsStore: false)
    let certificates = CertificateChecks.results(
      podFiles.certificates,
      checked.expectations,
      now: Int(Date().timeIntervalSince1970)
    )
    let problems =
      checked.problems.map { $0.text }.joined()
      + certificates.flatMap { $0.problems }.map { $0.asWarning.text }.joined()
    let file = try checked.settings.map { settings in
      let complete = settings.namingCertificates(beside: "/home/postgres/patroni.yml")
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
