import TestSupport
import Testing

/// The builds of the same sources say the same.
@Suite struct BuildsTests {
  static let binaries =
    Repository.isReleaseBinaryGiven
    ? [Repository.releaseBinary]
    : [
      Repository.releaseBinary, Repository.root + "/dist/entrypoint-full",
      Repository.root + "/.build/debug/entrypoint",
    ]

  @Test(arguments: Scenario.all)
  func everyBuildGivesTheFileAndTheProblems(_ scenario: Scenario) throws {
    for binary in Self.binaries {
      let result = try PodSandbox.run([binary, "--dry-run", "--show-secrets"], in: scenario)
      #expect(result.output == scenario.expectedFile ?? "", "\(binary)")
      #expect(result.errors == scenario.expectedProblems, "\(binary)")
      #expect(result.exitCode == (scenario.expectedFile == nil ? 78 : 0), "\(binary)")
    }
  }

  @Test func theReleaseBinaryIsStatic() throws {
    let description = try Command.output(["file", Repository.releaseBinary])
    #expect(description.contains("statically linked"))
    #expect(description.contains(", stripped"))
  }

  @Test func theReleaseBinaryRunsInAnEmptyRoot() throws {
    let root = try TemporaryDirectory()
    try Command.output(["cp", Repository.releaseBinary, root.path])
    let result = try Command.run(
      [
        "chroot", root.path, "/entrypoint", "--dry-run",
      ],
      environment: [
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one",
        "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "disable",
        "PATRONI_SUPERUSER_PASSWORD": "Sup3r-pw", "PATRONI_REPLICATION_PASSWORD": "R3pl-pw",
      ]
    )
    #expect(result.errors == "")
    #expect(result.output.hasPrefix("name: 'one'\n"))
    #expect(result.exitCode == 0)
  }

  /// Embedded Swift compiles the interpolation of a type that it cannot print.
  @Test func theReleaseBinaryPrintsEveryType() throws {
    let strings = try Command.output(["strings", "-a", Repository.releaseBinary])
    #expect(strings.contains("PATRONI_SCOPE"))
    #expect(!strings.contains("cannot print value"))
  }
}
