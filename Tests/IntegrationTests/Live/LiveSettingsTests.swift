import Foundation
import TestSupport
import Testing

/// Settings change while Patroni runs.
@Suite struct LiveSettingsTests {
  private let pod: LivePod

  init() throws {
    pod = try LivePod()
  }

  private func configuration(_ memory: String, _ records: [String] = []) -> String {
    "postgresql:\n  parameters: {work_mem: \(memory)}\n  pg_hba:\n"
      + records.map { "  - \($0)\n" }.joined()
  }

  @Test func saysWhatHasChanged() throws {
    try pod.write([
      "PGSSLMODE": "disable", "PATRONI_CONFIGURATION": configuration("4MB", ["host a a all md5"]),
    ])
    try pod.start()
    let before = pod.errors.count
    try pod.write([
      "PGSSLMODE": "disable", "CLIENT_AUTH": "scram-sha-256\n",
      "PATRONI_CONFIGURATION": configuration("64MB", ["host b b all md5"]),
    ])
    #expect(eventually(within: 10) { pod.reloads == 1 }, "\(pod.errors)")
    #expect(try pod.file == pod.nextFile())
    let path = pod.settings.path
    let lines = pod.said(since: before).split(separator: "\n").map { String($0) }
    #expect(
      lines.dropLast() == [
        "entrypoint: note: postgresql.parameters.work_mem: changed from \"4MB\" to \"64MB\" (\(path)/PATRONI_CONFIGURATION:2)",
        "entrypoint: note: postgresql.pg_hba: - \"host a a all md5\"",
        "entrypoint: note: postgresql.pg_hba: - \"host all all all md5\"",
        "entrypoint: note: postgresql.pg_hba: + \"host b b all md5\" (\(path)/PATRONI_CONFIGURATION:4)",
        "entrypoint: note: postgresql.pg_hba: + \"host all all all scram-sha-256\" (\(path)/CLIENT_AUTH; clients that no record above matches)",
      ]
    )
    let last = try #require(lines.last)
    #expect(
      last.contains(
        #/^entrypoint: note: .*/patroni.yml: is in use since .* UTC, replacing the one of .* UTC$/#
      )
    )
  }

  @Test func aFaultChangesNothingAndIsToldOnce() throws {
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "md5"])
    try pod.start()
    let (file, before) = (pod.file, pod.errors.count)
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "nobody", "NODE_AUTH": "all"])
    let end = "warning: SETTINGS_RELOAD: the changed settings are rejected"
    #expect(eventually(within: 10) { pod.said(since: before).contains(end) })
    for name in ["CLIENT_AUTH", "NODE_AUTH"] {
      #expect(
        pod.said(since: before).contains("error: \(pod.settings.path)/\(name): invalid value")
      )
    }
    #expect(eventually(within: 5) { pod.status?.contains("settings-refused ") ?? false })
    let told = pod.errors.count
    kill(try #require(pod.process?.watcher), SIGHUP)
    sleep(1)
    #expect(pod.errors.count == told)
    #expect(pod.file == file)
    #expect(pod.reloads == 0)
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "md5"])
    #expect(eventually(within: 10) { pod.status?.contains("settings-refused ") == false })
    #expect(pod.reloads == 0)
  }

  /// docs/CHANGES.md shows the log of a change that was accepted, and of one that was refused.
  @Test func theDocumentShowsTheLog() throws {
    try pod.write([
      "PGSSLMODE": "disable", "PATRONI_CONFIGURATION": configuration("4MB", ["host a a all md5"]),
    ])
    try pod.start()
    func log(_ values: [String: String], until end: String) throws -> String {
      let mark = pod.errors.count
      try pod.write(values)
      #expect(eventually(within: 10) { pod.said(since: mark).contains(end) }, "\(pod.errors)")
      usleep(100_000)
      return pod.said(since: mark).replacing(pod.settings.path, with: "/etc/entrypoint/settings")
        .replacing(pod.path, with: "/home/postgres/patroni.yml")
    }
    var values = [
      "PGSSLMODE": "disable", "CLIENT_AUTH": "scram-sha-256\n",
      "PATRONI_CONFIGURATION": configuration("64MB", ["host b b all md5"]),
    ]
    let accepted = try log(values, until: "replacing the one of")
    values["CLIENT_AUTH"] = "scram"
    let refused = try log(values, until: "they are read again")
    let page = try Repository.read("docs/CHANGES.md")
    for (name, text) in [("accepted", accepted), ("refused", refused)] {
      let begin = try #require(page.range(of: "<!-- log: \(name) -->\n```text\n"))
      let rest = page[begin.upperBound...]
      let end = try #require(rest.range(of: "```\n<!-- end of log -->"))
      let time = #/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/#
      #expect(
        text.replacing(time, with: "TIME")
          == String(rest[..<end.lowerBound]).replacing(time, with: "TIME")
      )
    }
  }

  @Test func whatIsNotLiveWaitsAndTheRestGoesOn() throws {
    try pod.write(["PGSSLMODE": "disable", "HEADLESS_SERVICE": "old", "CLIENT_AUTH": "md5"])
    try pod.start(["CONNECT_BY": "name"])
    let before = pod.errors.count
    try pod.write([
      "PGSSLMODE": "disable", "HEADLESS_SERVICE": "new", "CLIENT_AUTH": "none", "PG_MAJOR": "17",
    ])
    #expect(eventually(within: 10) { pod.reloads == 1 }, "\(pod.errors)")
    #expect(pod.file.contains("one.old.default"))
    #expect(!pod.file.contains("host all all all md5"))
    let path = pod.settings.path
    for (name, detail) in [
      ("HEADLESS_SERVICE", "Until then it is \"old\", and then \"new\"."),
      ("PG_MAJOR", "Until then it is not set, and then \"17\"."),
    ] {
      #expect(
        pod.said(since: before).contains(
          "entrypoint: note: \(path)/\(name): takes effect at the next start, because \(name) is "
            + "not live\n"
            + "  detail: \(detail)\n"
        ),
        "\(pod.errors)"
      )
    }
  }

  /// No password stands in the log, whoever changes it.
  @Test func passwordsChange() throws {
    try pod.home.write("passfile", "*:*:*:app:Appl1-pw\n")
    try pod.write(["PGSSLMODE": "disable"])
    try pod.start(["NODE_PASSFILE": pod.home.path + "/passfile"])
    try pod.home.write("super", "0ther-pw\n")
    #expect(eventually(within: 10) { pod.file.contains("password: '0ther-pw'") }, "\(pod.errors)")
    try pod.home.write("passfile", "*:*:*:app:Appl2-pw\n")
    let copy = pod.home.path + "/.pgpass"
    #expect(
      eventually(within: 10) {
        (try? String(contentsOfFile: copy, encoding: .utf8)) == "*:*:*:app:Appl2-pw\n"
      }
    )
    #expect(
      eventually(within: 10) { pod.errors.contains("NODE_PASSFILE: \"\(copy)\" was replaced") }
    )
    #expect(
      pod.errors.contains(
        "note: postgresql.authentication.superuser.password: changed from <redacted> to <redacted> "
          + "(PATRONI_SUPERUSER_PASSWORD_FILE)\n"
      )
    )
    #expect(!pod.errors.contains("-pw"))
    #expect(try Command.output(["stat", "-c", "%a", copy, pod.path]) == "600\n600\n")
  }

  /// Both ladders' lower steps: the file is the one of a start each time.
  @Test func modesChange() throws {
    try pod.makeCertificates("first", named: "node")
    try pod.mount("first")
    try pod.write(["PGSSLMODE": "disable"])
    try pod.start(["CONNECT_BY": "ip"])
    for (round, mode) in ["require", "verify-ca", "require", "prefer", "disable"].enumerated() {
      try pod.write(["PGSSLMODE": mode, "RESTAPI_TLS": mode == "verify-ca" ? "on" : "off"])
      #expect(eventually(within: 10) { pod.reloads == round + 1 }, "\(mode): \(pod.errors)")
      #expect(try pod.file == pod.nextFile(), "\(mode)")
    }
  }

  /// The address that others use stays what it was, though verify-full would choose another.
  @Test func whatFollowsAndIsNotLiveStays() throws {
    try pod.makeCertificates("first", named: "node")
    try pod.mount("first")
    try pod.write(["PGSSLMODE": "verify-ca"])
    try pod.start()
    try pod.write(["PGSSLMODE": "verify-full"])
    let note =
      "note: CONNECT_BY: is not set, and other members reach this one by ip until it starts again\n"
    #expect(eventually(within: 10) { pod.errors.contains(note) }, "\(pod.errors)")
    #expect(pod.file.contains("connect_address: '192.0.2.1:5432'"))
  }

  /// The CN that nodes are known by is replaced in three steps; each is one change.
  @Test func theNameOfNodesIsReplaced() throws {
    try pod.makeCertificates("first", named: "old")
    try pod.makeCertificates("second", named: "new")
    try pod.mount("first")
    try pod.write(["PGSSLMODE": "verify-ca"])
    try pod.start()
    try pod.mount("second")
    let refusal = "PGSSLCERT: the new certificates are rejected, and the old ones remain in use\n"
    #expect(eventually(within: 10) { pod.errors.contains(refusal) }, "\(pod.errors)")
    #expect(pod.errors.contains("NODE_CERT_NAMES"))
    #expect(pod.copiesAre("first"))
    try pod.write(["PGSSLMODE": "verify-ca", "NODE_CERT_NAMES": "old,new"])
    #expect(eventually(within: 10) { pod.reloads == 1 }, "\(pod.errors)")
    #expect(pod.copiesAre("second"))
    try pod.write(["PGSSLMODE": "verify-ca", "NODE_CERT_NAMES": "new"])
    #expect(eventually(within: 10) { pod.reloads == 2 }, "\(pod.errors)")
    #expect(try pod.file == pod.nextFile())
    #expect(!pod.file.contains("cnmap old"))
  }

  @Test func aWatcherThatWasKilledTellsPatroniAgain() throws {
    try pod.write(["PGSSLMODE": "disable"])
    try pod.start()
    let watcher = try #require(pod.process?.watcher)
    kill(watcher, SIGKILL)
    #expect(eventually(within: 10) { pod.reloads == 1 })
    try pod.write(["PGSSLMODE": "disable", "CLIENT_AUTH": "none"])
    #expect(eventually(within: 10) { pod.reloads == 2 })
    #expect(try pod.file == pod.nextFile())
  }

  @Test func aPodWithoutFilesHasNoWatcher() throws {
    let result = try Command.run(
      [Repository.releaseBinary, "--output", pod.path],
      environment: [
        "PATH": "\(pod.home.path)/next:/usr/bin:/bin", "HOME": pod.home.path,
        "PATRONI_NAME": "one", "PATRONI_SCOPE": "demo", "POD_IP": "192.0.2.1",
        "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "disable",
        "PATRONI_SUPERUSER_PASSWORD": "a", "PATRONI_REPLICATION_PASSWORD": "b",
      ]
    )
    #expect(result.exitCode == 0)
    #expect(!FileManager.default.fileExists(atPath: pod.home.path + "/.postgresql-tls"))
  }

  /// What it reads and holds is little.
  @Test func itsMemoryStaysSmall() throws {
    try pod.makeCertificates("first", named: "node")
    try pod.mount("first")
    try pod.write(["PGSSLMODE": "verify-ca"])
    try pod.start()
    for round in 1...20 {
      let records = (0..<50).map { "host all app\($0) 10.0.\(round).0/24 md5" }
      try pod.write([
        "PGSSLMODE": "verify-ca", "PATRONI_CONFIGURATION": configuration("4MB", records),
      ])
      #expect(eventually(within: 10) { pod.reloads == round }, "\(pod.errors.suffix(2000))")
    }
    let watcher = try #require(pod.process?.watcher)
    let status = try String(contentsOfFile: "/proc/\(watcher)/status", encoding: .utf8)
    let peak = status.firstMatch(of: #/VmHWM:\s+(\d+) kB/#).flatMap { Int($0.1) }
    #expect(try #require(peak) < 5_000)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(watcher)/fd").count <= 8)
  }
}
