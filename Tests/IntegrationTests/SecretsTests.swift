import EntrypointCore
import Foundation
import TestSupport
import Testing

/// Where secrets must not turn up.
@Suite struct SecretsTests {
  @Test(arguments: Scenario.all)
  func noSecretIsInADryRunOrAMessage(_ scenario: Scenario) throws {
    let result = try PodSandbox.run([Repository.releaseBinary, "--dry-run"], in: scenario)
    for secret in scenario.secrets {
      #expect(!result.output.contains(secret))
      #expect(!result.errors.contains(secret))
    }
  }

  @Test func theScenariosHoldSecrets() {
    #expect(Set(Scenario.all.flatMap { $0.secrets }).count > 20)
  }

  @Test(
    arguments: Scenario.rendered.filter { !$0.expectedProblems.contains("PATRONI_ETCD3_HOSTS") }
  )
  func noSecretIsInTheEnvironmentAfterExec(_ scenario: Scenario) throws {
    let directory = try TemporaryDirectory()
    // A shell's own environment is what it was executed with.
    try directory.writeScript("patroni", "#!/bin/sh\nexec cat /proc/$$/environ\n")
    let path = "PATH=\(directory.path):/usr/bin:/bin"
    let pod = scenario.with([path, "HOME=\(directory.path)", "STAYS=as it is"])
    let output = directory.path + "/patroni.yml"
    let result = try PodSandbox.run([Repository.releaseBinary, "--output", output], in: pod)
    #expect(result.exitCode == 0, "\(result.errors)")
    let entries = result.output.split(separator: "\0").map { String($0) }
    #expect(entries.contains("STAYS=as it is"))
    for secret in scenario.secrets {
      #expect(!entries.contains { $0.contains(secret) })
    }
    let mode = try FileManager.default.attributesOfItem(atPath: output)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(try String(contentsOfFile: output, encoding: .utf8) == scenario.expectedFile)
  }
}

extension Scenario {
  /// Every secret that the environment holds or refers to.
  fileprivate var secrets: [String] {
    let names = EnvironmentVariable.secrets.map { $0.name } + ["PGPASSWORD"]
    let given = names.compactMap { environment[$0] }
    let filed = EnvironmentVariable.secrets.map { $0.fileName }
      .compactMap { environment[$0] }
      .compactMap { path in
        files.flatMap { try? String(contentsOfFile: $0 + path, encoding: .utf8) }
      }
    let passfile = environment["NODE_PASSFILE"].flatMap { path in
      files.flatMap { try? String(contentsOfFile: $0 + path, encoding: .utf8) }
    }
    let passwords = passfile?.split(separator: "\n").filter { $0.contains(":") }
      .compactMap { $0.split(separator: ":").last.map { String($0) } }
    // What is shorter than this occurs in ordinary text, too.
    return (given + filed.map { $0.trimmingCharacters(in: .newlines) } + (passwords ?? []))
      .filter { $0.utf8.count >= 4 }
  }
}
