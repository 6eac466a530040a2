import EntrypointCore
import EntrypointSystem
import Foundation
import TestSupport
import Testing

/// Facts about real directories; `initdb` is the judge of what can be a data directory.
@Suite struct DataDirectoryTests {
  @Test func tellsWhatIsThere() throws {
    let directory = try TemporaryDirectory()
    let facts = DataDirectoryFacts.gather(at: directory.path + "/a/b")
    #expect(facts.state == .absent(nil))
    #expect(facts.userID == geteuid())
    let file = try directory.write("file", "")
    let below = DataDirectoryFacts.gather(at: file + "/a/b")
    #expect(below.state == .absent(.file(file)))
    #expect(DataDirectoryFacts.gather(at: file).state == .notDirectory)
    try directory.write("PG_VERSION", "17\n")
    let content = DataDirectoryFacts.Content(
      names: ["PG_VERSION", "file"],
      version: "17",
      owner: geteuid(),
      writeFault: nil
    )
    guard case .directory(var found) = DataDirectoryFacts.gather(at: directory.path).state else {
      Issue.record("no directory")
      return
    }
    found.names.sort()
    #expect(found == content)
  }

  @Test func tellsOfLinksAndFilesInTheWay() throws {
    let directory = try TemporaryDirectory()
    let link = directory.path + "/link"
    try FileManager.default.createSymbolicLink(
      atPath: link,
      withDestinationPath: directory.path + "/nothing"
    )
    #expect(DataDirectoryFacts.gather(at: link).state == .danglingLink)
    #expect(DataDirectoryFacts.gather(at: link + "/a/b").state == .absent(.danglingLink(link)))
    let file = try directory.write("file", "")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    #expect(DataDirectoryFacts.gather(at: file + "/a").state == .absent(.file(file)))
    let data = directory.path + "/data"
    try FileManager.default.createDirectory(
      atPath: data + "/PG_VERSION",
      withIntermediateDirectories: true
    )
    #expect(DataDirectoryFacts.gather(at: data).state == .unreadableVersion("Is a directory"))
  }

  @Test(arguments: [0o700, 0o750, 0o2700, 0o770, 0o2770, 0o755, 0o777])
  func postgreSQLAgreesAboutModes(_ mode: Int) throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
    try directory.write("data/postgresql.conf", "")
    try directory.write("data/PG_VERSION", "15\n")
    try Command.output(["chown", "-R", "postgres:postgres", directory.path])
    try Command.output(["chmod", String(mode, radix: 8), data])
    // It stops in any case: there is nothing in the directory.
    let result = try Command.run([
      "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
      "/usr/lib/postgresql/15/bin/postgres", "-D", data,
    ])
    #expect(result.exitCode != 0)
    let isRefused = result.errors.contains("has invalid permissions")
    let link = directory.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: data)
    for (path, found) in [(data, nil), (link, isRefused ? UInt32(mode) : nil)] {
      guard case .directory(let content) = DataDirectoryFacts.gather(at: path).state else {
        Issue.record("no directory")
        return
      }
      #expect(content.refusedMode == found, "\(result.errors)")
    }
  }

  /// What the checks call a mount point is what initdb does not take.
  @Test(arguments: [["lost+found"], [".snapshot"], []])
  func initdbAgrees(_ names: [String]) throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
    for name in names {
      try FileManager.default.createDirectory(
        atPath: data + "/" + name,
        withIntermediateDirectories: false
      )
    }
    try Command.output(["chown", "-R", "postgres:postgres", directory.path])
    let result = try Command.run([
      "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
      "/usr/lib/postgresql/15/bin/initdb", "--no-sync", "-D", data,
    ])
    #expect((result.exitCode == 0) == names.isEmpty, "\(result.errors)")
  }

  /// `initdb` agrees.
  @Test func theFirstProcessOfAContainerIsNotRoot() throws {
    let home = try TemporaryDirectory()
    let environment = [
      "PATH": home.path, "HOME": home.path, "PATRONI_SCOPE": "x", "POD_NAME": "x-0",
      "POD_IP": "10.0.0.1", "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "disable",
      "NODE_AUTH": "trust", "NODE_ADDRESSES": "10.0.0.0/8",
    ]
    func start(_ words: [String]) throws -> CommandResult {
      try Command.run(
        ["/usr/bin/unshare"] + words + ["--pid", "--fork", Repository.releaseBinary],
        environment: environment
      )
    }
    let root = try start([])
    #expect(root.exitCode == 78)
    #expect(root.errors.contains("entrypoint: error: user id 0: cannot run PostgreSQL\n"))
    // Patroni is not in PATH.
    #expect(try start(["--user", "--map-user=999"]).exitCode == 127)
    let initdb = try Command.run(["/usr/lib/postgresql/15/bin/initdb", "-D", home.path + "/data"])
    #expect(initdb.exitCode != 0)
    #expect(initdb.errors.contains("cannot be run as root"))
  }
}
