import Foundation
import TestSupport
import Testing

/// The operator's own settings and the release binary.
@Suite struct OperatorSettingsTests {
  private static let own = Scenario.all.filter { $0.name == "operator-file" }

  @Test(arguments: own)
  func explainsEveryLineWithTabsWhenPiped(_ scenario: Scenario) throws {
    let result = try PodSandbox.run([Repository.releaseBinary, "--explain"], in: scenario)
    #expect(result.exitCode == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "SETTING\tVALUE\tSOURCE")
    #expect(lines.count > 50)
    #expect(lines.allSatisfy { $0.filter { $0 == "\t" }.count == 2 })
    #expect(!result.output.contains("hush-hush"))
  }

  @Test(arguments: own)
  func explainsInJSON(_ scenario: Scenario) throws {
    let result = try PodSandbox.run([Repository.releaseBinary, "--explain=json"], in: scenario)
    let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
    #expect(rows?.count ?? 0 > 50)
    #expect(rows?.allSatisfy { $0["setting"] != nil && $0["source"] != nil } == true)
  }

  @Test(arguments: own)
  func neitherTheDryRunNorPatroniShowsWhatIsSecretInTheFile(_ scenario: Scenario) throws {
    let dryRun = try PodSandbox.run([Repository.releaseBinary, "--dry-run"], in: scenario)
    #expect(dryRun.exitCode == 0)
    #expect(!(dryRun.output + dryRun.errors).contains("hush-hush"))
  }

  @Test func patroniDoesNotGetTheDocumentInItsEnvironment() throws {
    let scenario = try #require(Scenario.all.first { $0.name == "operator-text" })
    let directory = try TemporaryDirectory()
    try directory.writeScript("patroni", "#!/bin/sh\nexec cat /proc/$$/environ\n")
    let pod = scenario.with(["PATH=\(directory.path):/usr/bin:/bin", "HOME=\(directory.path)"])
    let output = directory.path + "/patroni.yml"
    let result = try PodSandbox.run(
      [Repository.releaseBinary, "--output", output],
      in: pod,
      added: try scenario.certificates()
    )
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(!result.output.contains("PATRONI_CONFIGURATION"))
    let file = try String(contentsOfFile: output, encoding: .utf8)
    #expect(file.replacing(directory.path, with: "/home/postgres") == scenario.expectedFile)
  }
}
