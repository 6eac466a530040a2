import Foundation
import PostgresConfig
import TestSupport
import Testing

@testable import EntrypointCore

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

  /// A store's files that stop a start are a warning in a dry run, whose words the scenarios have.
  @Test(
    arguments: Scenario.rendered.filter {
      !$0.expectedProblems.contains("PATRONI_ETCD3_HOSTS") && !$0.name.hasPrefix("store-files-")
    }
  )
  func noSecretIsInTheEnvironmentAfterExec(_ scenario: Scenario) throws {
    let directory = try TemporaryDirectory()
    // A shell's own environment is what it was executed with.
    try directory.writeScript("patroni", "#!/bin/sh\nexec cat /proc/$$/environ\n")
    let path = "PATH=\(directory.path):/usr/bin:/bin"
    let pod = scenario.with([path, "HOME=\(directory.path)", "STAYS=as it is"])
    let output = directory.path + "/patroni.yml"
    let certificates = try scenario.certificates()
    let blocks = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n"
    for case let path? in scenario.environment.map({ name, path in
      PassedValues.isNameOfFile(name) ? path : nil
    }) {
      let folder = path.split(separator: "/").dropLast().joined(separator: "/")
      try certificates?.makeDirectory(folder)
      try certificates?.write(String(path.dropFirst()), blocks)
    }
    let result = try PodSandbox.run(
      [Repository.releaseBinary, "--output", output],
      in: pod,
      added: certificates
    )
    #expect(result.exitCode == 0, "\(result.errors)")
    let entries = result.output.split(separator: "\0").map { String($0) }
    #expect(entries.contains("STAYS=as it is"))
    for secret in scenario.secrets {
      #expect(!entries.contains { $0.contains(secret) })
    }
    let mode = try FileManager.default.attributesOfItem(atPath: output)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    let file = try String(contentsOfFile: output, encoding: .utf8)
    #expect(file.replacing(directory.path, with: "/home/postgres") == scenario.expectedFile)
  }
}

extension Scenario {
  /// Certificate files that this pod is content with, from the root; nil when it needs none.
  func certificates() throws -> TemporaryDirectory? {
    let environment = podEnvironment
    let podFiles = podFiles(for: environment)
    let checked = Settings.read(environment, podFiles, needsStore: true)
    guard let expectations = checked.expectations, expectations.verifies,
      let paths = podFiles.certificateFiles(for: environment)
    else { return nil }
    let authority = try TestCertificate(.authority("authority"), key: TestKey(.p256))
    var recipe = CertificateRecipe()
    recipe.commonNames =
      expectations.nodeNames.map { names in
        names.prefix(1).map { $0.text.hasPrefix("/") ? "node-1.example.org" : $0.text }
      } ?? recipe.commonNames
    recipe.names =
      (["DNS:node"]
      + expectations.hosts.map { host in
        (IPAddress(host.name) == nil ? "DNS:" : "IP:") + host.name
      }).joined(separator: ",")
    let certificate = try TestCertificate(recipe, key: TestKey(.p256), issuer: authority)
    let root = try TemporaryDirectory()
    let files = [
      (paths.authority, authority.pem, 0o644), (paths.certificate, certificate.pem, 0o644),
      (paths.key, certificate.key.pkcs8, 0o600),
      (paths.revocationList, try authority.revocationList(), 0o644),
    ]
    for case (let path?, let text, let mode) in files {
      let folder = path.split(separator: "/").dropLast().joined(separator: "/")
      try root.makeDirectory(folder)
      try root.write(String(path.dropFirst()), text, mode: mode)
    }
    return root
  }

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
    let own = entries.flatMap { entry in
      String(decoding: entry, as: UTF8.self).matches(of: #/[a-z]+-secret/#).map { String($0.0) }
    }
    // What is shorter than this occurs in ordinary text, too.
    return
      (given + own + filed.map { $0.trimmingCharacters(in: .newlines) }
      + (passwords ?? []))
      .filter { $0.utf8.count >= 4 }
  }
}
