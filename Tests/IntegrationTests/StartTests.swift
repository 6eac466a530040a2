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
  @Test(arguments: [
    ("2770", "2700"), ("777", "700"), ("1770", "1700"), ("750", "750"), ("700", "700"),
  ])
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
      // Other fields and other numbers are no entry; one in the middle is.
      ("\n4711:x\na:4711:47110:4711::/:/bin/sh\n:\n", 0o666, "postgres\n"),
      ("root:x:0:0::/:/bin/sh\n\nme:x:4711:0::/:/bin/sh\nlast:x:1:1::/:/bin/sh", 0o644, "me\n"),
    ] {
      let table = try home.write("passwd", passwd, mode: mode)
      let result = try run(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mount --bind \(table) /etc/passwd && exec setpriv --reuid=4711 --regid=0 --clear-groups "
          + start.joined(separator: " "),
        adding: ["PATRONI_POSTGRESQL_DATA_DIR": home.path + "/data"]
      )
      #expect(result.output == name)
      #expect(
        result.errors.contains("entrypoint: warning: /etc/passwd: user id 4711 has no entry")
          == (name == "4711\n")
      )
      try FileManager.default.removeItem(atPath: file)
    }
  }

  private func isolated(_ script: String, adding more: [String: String] = [:]) throws
    -> CommandResult
  {
    try run(["bash", "-c", script, "bash"] + start, adding: more)
  }

  private func run(_ words: [String], adding more: [String: String] = [:]) throws -> CommandResult {
    try Command.run(words, environment: environment.merging(more) { $1 })
  }

  /// The first warning finds no reader; Patroni starts all the same.
  @Test func aLogWithoutAReaderEndsNothing() throws {
    try home.writeScript("patroni", "#!/bin/sh\necho started\n")
    let result = try isolated(
      "exec 2> >(exec true); sleep 0.3; exec \"$@\"",
      adding: ["PGPASSWORD": "libpq-pw"]
    )
    #expect(result.exitCode == 0)
    #expect(result.output == "started\n")
  }

  /// A limit of the file size: a message and an exit code, and nothing half-written.
  @Test func aFileThatMayNotBeSoLongIsAFailure() throws {
    try home.writeScript("patroni", "#!/bin/sh\necho started\n")
    // The log is no file, as in a container.
    let result = try isolated(
      "{ ulimit -f 1; \"$@\"; } 2>&1 >/dev/null | cat >&2; exit ${PIPESTATUS[0]}"
    )
    #expect(result.exitCode == 73)
    #expect(result.output == "")
    #expect(
      result.errors.hasPrefix("entrypoint: error: \(file): could not write file: File too large\n"),
      "\(result.errors)"
    )
    let names = try FileManager.default.contentsOfDirectory(atPath: home.path)
    #expect(!names.contains { $0.hasSuffix(".new") || $0 == "patroni.yml" })
  }

  /// The next file to be opened would be the one that messages are written to.
  @Test func closedStreamsAreNoFiles() throws {
    try home.writeScript("patroni", "#!/bin/sh\nexec ls /proc/self/fd\n")
    let plain = try isolated("exec \"$@\"", adding: ["PGPASSWORD": "libpq-pw"])
    #expect(plain.errors != "")
    let expected = try String(contentsOfFile: file, encoding: .utf8)
    for script in ["exec \"$@\" 2>&-", "exec \"$@\" <&- 2>&-"] {
      try FileManager.default.removeItem(atPath: file)
      let result = try isolated(script, adding: ["PGPASSWORD": "libpq-pw"])
      #expect(result.exitCode == 0)
      #expect(try String(contentsOfFile: file, encoding: .utf8) == expected)
    }
  }

  /// PostgreSQL works in another directory than a start does.
  @Test func aRelativeOutputBecomesAnAbsolutePath() throws {
    try home.writeScript("patroni", "#!/bin/sh\necho \"$1\"\n")
    let result = try Command.run(
      [Repository.releaseBinary, "--output", "./new.yml"],
      environment: environment.merging(["PGSSLMODE": "require"]) { $1 },
      directory: home.path
    )
    #expect(result.output == home.path + "/new.yml\n", "\(result.errors)")
    let text = try String(contentsOfFile: home.path + "/new.yml", encoding: .utf8)
    #expect(text.contains("'\(home.path)/.postgresql-tls/self-signed.pem'\n"))
    #expect(!text.contains("'./"))
  }

  @Test func whatIsNoOrdinaryFileIsNotReplaced() throws {
    try home.writeScript("patroni", "#!/bin/sh\necho started\n")
    try home.write("target", "kept")
    try FileManager.default.createSymbolicLink(
      atPath: home.path + "/link",
      withDestinationPath: "target"
    )
    try Command.output(["mkfifo", home.path + "/fifo"])
    try Command.output(["mknod", home.path + "/device", "c", "1", "3"])
    for name in ["link", "fifo", "device"] {
      let path = home.path + "/" + name
      let before = try Command.output(["stat", "-c", "%i %F", path])
      let result = try run([Repository.releaseBinary, "--output", path])
      #expect(result.exitCode == 73)
      #expect(result.output == "")
      #expect(
        result.errors.hasPrefix(
          "entrypoint: error: \(path): is not a regular file and is not replaced\n"
        )
      )
      #expect(try Command.output(["stat", "-c", "%i %F", path]) == before)
    }
    #expect(try String(contentsOfFile: home.path + "/target", encoding: .utf8) == "kept")
  }

  /// A link leads anywhere, and a directory with other things in it is no data directory.
  @Test func onlyADataDirectoryIsRestricted() throws {
    try home.writeScript("patroni", "#!/bin/sh\necho started\n")
    let empty = try home.makeDirectory("empty")
    let other = try home.makeDirectory("other")
    try home.write("other/file", "")
    let cluster = try home.makeDirectory("cluster")
    try home.write("cluster/PG_VERSION", "15\n")
    let link = home.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: empty)
    for (path, target, after) in [
      (link, empty, "777"), (other, other, "777"), (cluster, cluster, "700"),
    ] {
      try Command.output(["chmod", "777", target])
      let result = try run(start, adding: ["PATRONI_POSTGRESQL_DATA_DIR": path])
      #expect(result.exitCode == 0, "\(result.errors)")
      #expect(try Command.output(["stat", "-c", "%a", target]) == after + "\n")
    }
  }

  /// A line feed in HOME would be another user's entry, with any rights.
  @Test func homeMakesNoEntryOfItsOwn() throws {
    try home.writeScript("patroni", "#!/bin/sh\necho started\n")
    try Command.output(["chmod", "777", home.path])
    let before = "root:x:0:0::/:/bin/sh\n"
    for (name, code) in [("/x:/bin/sh\nadmin::0:0::/root", Int32(78)), ("/colon:s", 0)] {
      let table = try home.write("passwd", before, mode: 0o666)
      let result = try run(
        [
          "unshare", "--mount", "sh", "-c",
          "mount --bind \(table) /etc/passwd && exec setpriv --reuid=4711 --regid=0 --clear-groups \"$@\"",
          "sh",
        ] + start,
        adding: ["HOME": home.path + name, "PATRONI_POSTGRESQL_DATA_DIR": home.path + "/data"]
      )
      #expect(result.exitCode == code, "\(result.errors)")
      #expect(try String(contentsOfFile: table, encoding: .utf8) == before)
      #expect(!result.errors.split(separator: "\n").contains { $0.hasPrefix("admin") })
    }
  }

  @Test func whatIsPrintedIsOnOneLine() throws {
    let forged = "x\nentrypoint: note: forged\u{1b}[2J\u{9b}2J\u{2028}"
    for words in [[forged], ["--output", forged], ["--dry-run"], ["--explain"]] {
      let result = try run(
        [Repository.releaseBinary] + words,
        adding: words.count == 1 && words[0] != forged ? ["HOME": "/" + forged] : [:]
      )
      let all = result.output + result.errors
      #expect(!all.split(separator: "\n").contains { $0.hasPrefix("entrypoint: note: forged") })
      #expect(!all.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{9b}" || $0 == "\u{2028}" })
    }
  }
}
