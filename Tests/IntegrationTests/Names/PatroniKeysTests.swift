import TestSupport
import Testing

@testable import EntrypointCore

/// Patroni's own schema has the keys.
@Suite struct PatroniKeysTests {
  @Test func noKeyOfPatronisIsCalledMisplaced() throws {
    let script = Repository.root + "/Tests/IntegrationTests/Python/patroni_keys.py"
    let said = try Command.output([Repository.virtualEnvironment + "/bin/python", script])
    let lines = said.split(separator: "\n")
    #expect(lines.count > 150)
    var sections: Set<String> = []
    for line in lines {
      let words = line.split(separator: " ").map { String($0) }
      let section = words[0] == "-" ? "" : words[0]
      let path = section.isEmpty ? words[1] : "\(section).\(words[1])"
      let fault = MisplacedKey.fault(at: path, isMapping: false)
      #expect(fault == nil, "\(path): \(fault?.hint ?? "")")
      if PatroniKeys.keys(of: section) != nil { sections.insert(section) }
    }
    #expect(sections == Set(PatroniKeys.sections.map { $0.path }))
  }

  @Test(arguments: [
    ("pg_hba", "Write it in postgresql.pg_hba."), ("dcs", "Write it in bootstrap.dcs."),
    ("synchronous_mode", "Write it in bootstrap.dcs.synchronous_mode."),
    ("postgres", "Did you mean postgresql?"),
    (
      "bootstrap.dcs.users",
      "Create roles with SQL when the cluster runs: Patroni 4 does not "
        + "create them."
    ),
    (
      "postgresql.archive_command",
      "Write it in postgresql.parameters.archive_command, if it is a parameter of PostgreSQL."
    ),
    ("bootstrap.dcs.postgresql.pg_hbaa", "Did you mean pg_hba?"),
    ("bootstrap.dcs.postgresql.ttl", "Write it in bootstrap.dcs.ttl."),
  ])
  func theRightPlaceIsSaid(_ path: String, _ hint: String) {
    #expect(MisplacedKey.fault(at: path, isMapping: false)?.hint == hint)
  }

  @Test(arguments: [
    "postgresql.wal_e", "bootstrap.pgbackrest", "x-anchors", "anything", "tags.mine",
    "postgresql.parameters.ttl", "kubernetes.labels.ttl",
  ])
  func whatIsTheOperatorsIsLeftAlone(_ path: String) {
    #expect(MisplacedKey.fault(at: path, isMapping: true) == nil)
  }
}
