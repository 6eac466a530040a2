import Foundation
import TestSupport
import Testing

/// Settings from a directory, as the built program reads it.
@Suite struct SettingsDirectoryTests {
  private let home: TemporaryDirectory
  private let settings: String

  init() throws {
    home = try TemporaryDirectory()
    settings = try home.makeDirectory("settings")
    try home.writeScript("patroni", "#!/bin/sh\nenv\n")
  }

  private var environment: [String: String] {
    [
      "PATH": "\(home.path):/usr/bin:/bin", "HOME": home.path, "PATRONI_SCOPE": "demo",
      "PATRONI_NAME": "one", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
      "PGSSLMODE": "disable", "SETTINGS_DIRECTORY": settings, "SETTINGS_RELOAD": "off",
    ]
  }

  private func run(_ words: [String], as user: [String] = []) throws -> CommandResult {
    try Command.run(user + [Repository.releaseBinary] + words, environment: environment)
  }

  private func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
    try home.write("settings/" + name, text, mode: mode)
  }

  private func writePasswords() throws {
    try write("PATRONI_SUPERUSER_PASSWORD", "Sup3r-pw\n")
    try write("PATRONI_REPLICATION_PASSWORD", "R3pl-pw\n")
  }

  @Test func aStartReadsItAndKeepsItsSecrets() throws {
    try writePasswords()
    try write("CLIENT_AUTH", "scram-sha-256\n")
    let file = home.path + "/patroni.yml"
    let result = try run(["--output", file])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(!result.output.contains("-pw"))
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("password: 'Sup3r-pw'\n"))
    #expect(text.contains("- 'host all all all scram-sha-256'\n"))
  }

  @Test func everyActionReadsIt() throws {
    try writePasswords()
    try write("CLIENT_AUTH", "none")
    #expect(try !run(["--dry-run"]).output.contains("host all all all"))
    #expect(try run(["--check"]).output.contains("client_auth none\n"))
    #expect(
      try run(["--explain"]).output.contains(
        "password\t<redacted>\t\(settings)/PATRONI_SUPERUSER_PASSWORD\n"
      )
    )
    try write("CLIENT_AUTH", "nobody")
    for action in [["--dry-run"], ["--check"], ["--explain"], ["--output", home.path + "/file"]] {
      let result = try run(action)
      #expect(result.exitCode == 78)
      let said = result.errors + result.output
      #expect(said.contains("error: \(settings)/CLIENT_AUTH: invalid value \"nobody\"\n"))
    }
  }

  @Test func whatIsNoFileIsToldAndNotWaitedFor() throws {
    try writePasswords()
    try Command.output(["mkfifo", settings + "/NODE_AUTH"])
    try home.makeDirectory("settings/CLIENT_AUTH")
    try Command.output(["ln", "-s", "gone", settings + "/CLIENT_CERT"])
    try Command.output(["ln", "-s", "/dev/zero", settings + "/NODE_APP_ROLES"])
    try write("RESTAPI_TLS", "on", mode: 0o000)
    try Command.output(["chmod", "711", home.path])
    let result = try run(
      ["--dry-run"],
      as: ["setpriv", "--reuid=4711", "--regid=4711", "--clear-groups"]
    )
    #expect(result.exitCode == 78)
    for (name, reason) in [
      ("NODE_AUTH", "not a regular file"), ("CLIENT_AUTH", "not a regular file"),
      ("CLIENT_CERT", "No such file or directory"), ("NODE_APP_ROLES", "not a regular file"),
      ("RESTAPI_TLS", "Permission denied"),
    ] {
      let line = "entrypoint: error: \(settings)/\(name): could not read file: \(reason)\n"
      #expect(result.errors.contains(line), "\(result.errors)")
    }
  }

  @Test func aDirectoryThatCannotBeListedStopsTheStart() throws {
    try writePasswords()
    try Command.output(["chmod", "700", settings])
    let result = try run(
      ["--dry-run"],
      as: ["setpriv", "--reuid=4711", "--regid=4711", "--clear-groups"]
    )
    #expect(result.exitCode == 78)
    #expect(
      result.errors.contains(
        "SETTINGS_DIRECTORY: could not read directory \"\(settings)\": Permission denied\n"
      )
    )
  }

  /// The directory that nobody names costs one call where it does not exist.
  @Test func aStartWithoutOneLooksOnce() throws {
    var environment = environment
    environment["SETTINGS_DIRECTORY"] = nil
    environment["PATRONI_SUPERUSER_PASSWORD"] = "Sup3r-pw"
    environment["PATRONI_REPLICATION_PASSWORD"] = "R3pl-pw"
    let trace = try SystemCallTrace(
      of: [Repository.releaseBinary, "--version"],
      in: [],
      environment: environment
    )
    #expect(!trace.calls.contains { $0.path?.contains("/etc/entrypoint") ?? false })
    let start = try SystemCallTrace(
      of: [Repository.releaseBinary, "--dry-run"],
      in: [],
      environment: environment
    )
    #expect(start.calls.count { $0.path?.contains("/etc/entrypoint") ?? false } == 1)
  }
}
