import Foundation
import TestSupport
import Testing

/// A start from beginning to end, with a script in the place of Patroni.
@Suite struct StartTests {
  private let home: TemporaryDirectory
  private var file: String { home.path + "/patroni.yml" }

  init() throws {
    home = try TemporaryDirectory()
  }

  private var environment: [String: String] {
    [
      "PATH": "\(home.path):/usr/bin:/bin", "HOME": home.path, "PATRONI_SCOPE": "demo",
      "PATRONI_NAME": "one", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
      "PGSSLMODE": "disable", "PATRONI_SUPERUSER_PASSWORD": "Sup3r-pw",
      "PATRONI_REPLICATION_PASSWORD": "R3pl-pw",
    ]
  }

  private func run(
    _ words: String...,
    adding more: [String: String] = [:]
  ) throws -> CommandResult {
    try Command.run(
      words,
      environment: environment.merging(more) { $1 },
      input: "typed\n"
    )
  }

  private var start: [String] { [Repository.releaseBinary, "--output", file] }

  @Test func becomesPatroniInTheSameProcessWithTheSameStreams() throws {
    try home.writeScript("patroni", "#!/bin/sh\necho \"$$ $*\"\ncat\necho said >&2\nexit 5\n")
    let result = try run(
      "sh",
      "-c",
      "echo $$; exec \(start.joined(separator: " ")) patroni --an-option"
    )
    let lines = result.output.split(separator: "\n").map { String($0) }
    #expect(lines.count == 3)
    #expect(lines[1] == "\(lines[0]) \(file) --an-option")
    #expect(lines[2] == "typed")
    #expect(result.errors == "said\n")
    #expect(result.exitCode == 5)
  }

  @Test func leavesSignalsAsTheyWere() throws {
    let script = try home.writeScript(
      "patroni",
      "#!/bin/sh\nexec cat /proc/self/status\n"
    )
    func signals(_ command: String) throws -> [Substring] {
      try run("sh", "-c", "trap '' INT HUP; exec \(command)").output
        .split(separator: "\n").filter { $0.hasPrefix("Sig") }
    }
    let direct = try signals(script)
    #expect(direct.contains { $0.hasPrefix("SigIgn:") && $0.hasSuffix("3") })
    #expect(try signals(start.joined(separator: " ")).dropFirst() == direct.dropFirst())
  }

  @Test func handsOnWhatIsNotText() throws {
    try home.writeScript("patroni", "#!/bin/sh\nexec cat /proc/$$/environ\n")
    let result = try run(
      "sh",
      "-c",
      "ODD=$(printf '\\377\\376') exec \(start.joined(separator: " ")) | od -An -tx1"
    )
    let bytes = result.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(bytes.contains("4f 44 44 3d ff fe 00"))
  }

  @Test func setsLibpqsVariablesToWhatTheFileSays() throws {
    try home.writeScript("patroni", "#!/bin/sh\nenv | grep ^PGSSL | sort\n")
    let all = [
      "PGSSLMODE": "require", "PGSSLROOTCERT": "/a/ca.crt", "PGSSLCERT": "/a/node.crt",
      "PGSSLKEY": "/a/node.key", "PGSSLCRL": "/a/crl",
    ]
    #expect(
      try run(start[0], start[1], start[2], adding: all).output == "PGSSLMODE=require\n"
    )
  }

  @Test func writesAFileThatOnlyItsOwnerReadsWhateverTheUmask() throws {
    try home.writeScript("patroni", "#!/bin/sh\n")
    for mask in ["000", "377", "777"] {
      let result = try run("sh", "-c", "umask \(mask); exec \(start.joined(separator: " "))")
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(try Command.output(["stat", "-c", "%a", file]) == "600\n")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: home.path).filter { $0.hasPrefix(".") }
        == []
    )
  }

  @Test func copiesThePassfile() throws {
    try home.writeScript("patroni", "#!/bin/sh\n")
    let passfile = try home.write("mounted", "*:*:*:app:app-pw\n", mode: 0o444)
    let result = try run(start[0], start[1], start[2], adding: ["NODE_PASSFILE": passfile])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try Command.output(["stat", "-c", "%a", home.path + "/.pgpass"]) == "600\n")
    #expect(try Command.output(["cat", home.path + "/.pgpass"]) == "*:*:*:app:app-pw\n")
  }

  /// 0750 is what `initdb --allow-group-access` makes.
  @Test(arguments: [("2770", "700"), ("777", "700"), ("750", "750"), ("700", "700")])
  func takesWriteAccessToTheDataDirectoryFromItsGroup(_ before: String, _ after: String) throws {
    try home.writeScript("patroni", "#!/bin/sh\n")
    let data = try home.makeDirectory("data")
    try Command.output(["chmod", before, data])
    let result = try run(
      start[0],
      start[1],
      start[2],
      adding: ["PATRONI_POSTGRESQL_DATA_DIR": data]
    )
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try Command.output(["stat", "-c", "%a", data]) == after + "\n")
    #expect(result.errors.contains("entrypoint: note: \(data): mode 0") == (before != after))
  }

  @Test func refusesToStartWithoutAStore() throws {
    var poor = environment
    poor["PATRONI_ETCD3_HOSTS"] = nil
    let result = try Command.run(start, environment: poor)
    #expect(result.exitCode == 78)
    #expect(result.errors.hasPrefix("entrypoint: error: PATRONI_ETCD3_HOSTS: is not set, and"))
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func saysWhenPatroniIsMissingOrCannotBeExecuted() throws {
    let only = ["PATH": home.path]
    #expect(try run(start[0], start[1], start[2], adding: only).exitCode == 127)
    try home.write("patroni", "#!/bin/sh\n", mode: 0o644)
    let result = try run(start[0], start[1], start[2], adding: only)
    #expect(result.exitCode == 126)
    #expect(result.errors == "entrypoint: error: patroni: could not execute: Permission denied\n")
    try home.writeScript("patroni", "#!/no/such/interpreter\n")
    #expect(try run(start[0], start[1], start[2], adding: only).exitCode == 127)
  }

  @Test func givesAnUnknownUserAnEntryInPasswd() throws {
    try home.writeScript("patroni", "#!/bin/sh\nid -un\n")
    try Command.output(["chmod", "777", home.path])
    for (passwd, mode, name) in [
      ("root:x:0:0::/:/bin/sh", 0o666, "postgres\n"),
      ("root:x:0:0::/:/bin/sh\n", 0o666, "postgres\n"),
      ("root:x:0:0::/:/bin/sh\n", 0o644, "4711\n"),
    ] {
      let table = try home.write("passwd", passwd, mode: mode)
      let result = try run(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mount --bind \(table) /etc/passwd && exec setpriv --reuid=4711 --regid=0 --clear-groups "
          + start.joined(separator: " ")
      )
      #expect(result.output == name)
      #expect(
        result.errors.contains("entrypoint: warning: /etc/passwd: user id 4711 has no entry")
          == (name == "4711\n")
      )
      try FileManager.default.removeItem(atPath: file)
    }
  }
}
