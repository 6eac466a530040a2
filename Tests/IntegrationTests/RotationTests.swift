import Foundation
import TestSupport
import Testing

/// Certificates change while Patroni runs; a script that counts reloads stands in its place.
@Suite struct RotationTests {
  private let home: TemporaryDirectory
  private let volume: SecretVolume
  private var staged: String { home.path + "/.postgresql-tls/current" }

  init() throws {
    home = try TemporaryDirectory()
    volume = try SecretVolume(at: home.path + "/mounted")
    try home.writeScript(
      "patroni",
      "#!/bin/sh\ntrap 'echo reloaded' HUP\necho started\nwhile :; do sleep 0.05; done\n"
    )
    try generate("first")
    try volume.publish(home.path + "/first")
  }

  /// Certificates of the script; a second set in the same directory has the same authority.
  private func generate(_ name: String, from other: String? = nil, step: String? = nil) throws {
    let directory = home.path + "/" + name
    if let other { try Command.output(["cp", "-a", home.path + "/" + other, directory]) }
    try Command.output(
      [Repository.root + "/scripts/generate-ssl-certs.sh"] + (step.map { [$0] } ?? []),
      environment: ["PATH": "/usr/bin:/bin", "CLUSTER_NAME": "demo", "OUTPUT_DIR": directory]
    )
  }

  private var environment: [String: String] {
    [
      "PATH": "\(home.path):/usr/bin:/bin", "HOME": home.path, "PATRONI_SCOPE": "demo",
      "PATRONI_NAME": "one", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
      "PGSSLMODE": "verify-ca", "PGSSLROOTCERT": volume.path + "/ca.crt",
      "PGSSLCERT": volume.path + "/server.crt", "PGSSLKEY": volume.path + "/server.key",
    ]
  }

  private func start(
    _ wrapper: [String] = [],
    adding more: [String: String] = [:],
    output: String? = nil
  ) throws -> BackgroundProcess {
    let process = try BackgroundProcess(
      wrapper + [Repository.releaseBinary, "--output", output ?? home.path + "/patroni.yml"],
      environment: environment.merging(more) { $1 }
    )
    #expect(eventually(within: 20) { process.output.contains("started") }, "\(process.errors)")
    return process
  }

  private func serial(_ path: String) throws -> String {
    try Command.output(["openssl", "x509", "-in", path, "-noout", "-serial"])
  }

  private func reloads(_ process: BackgroundProcess) -> Int {
    process.output.split(separator: "\n").count { $0 == "reloaded" }
  }

  @Test func takesANewCertificateIntoUse() throws {
    let process = try start()
    #expect(try serial(staged + "/server.crt") == serial(home.path + "/first/server.crt"))
    #expect(process.children.count >= 1)
    try generate("second", from: "first")
    try volume.publish(home.path + "/second")
    let new = try serial(home.path + "/second/server.crt")
    #expect(try eventually(within: 5) { try serial(staged + "/server.crt") == new })
    #expect(eventually(within: 5) { reloads(process) == 1 })
    #expect(process.errors.contains("entrypoint: note: PGSSLCERT: a new certificate is in use\n"))
    #expect(try Command.output(["stat", "-c", "%a", staged + "/server.key"]) == "600\n")
    #expect(try Command.output(["stat", "-c", "%a", home.path + "/.postgresql-tls"]) == "700\n")
  }

  @Test func refusesBadSetsAndTakesTheNextGoodOne() throws {
    let process = try start()
    let old = try serial(staged + "/server.crt")
    for fault in try FaultySecret.all(from: home.path + "/first", in: home.path + "/faulty") {
      let before = process.errors.count
      try volume.publish(fault.directory, names: fault.names)
      let isRefused = eventually(within: 5) {
        process.errors.dropFirst(before).contains("the new certificates are refused")
      }
      let said = process.errors.dropFirst(before)
      #expect(isRefused, "\(fault.name): \(said)")
      #expect(said.contains(fault.message), "\(fault.name): \(said)")
      #expect(try serial(staged + "/server.crt") == old)
    }
    #expect(reloads(process) == 0)
    try generate("good", from: "first")
    try volume.publish(home.path + "/good")
    #expect(eventually(within: 5) { reloads(process) == 1 })
    #expect(try serial(staged + "/server.crt") == serial(home.path + "/good/server.crt"))
  }

  /// Patroni's REST API reads its authorities again when its setting has changed, not before.
  @Test func newAuthoritiesChangeTheSettingOfTheRESTAPI() throws {
    let process = try start(adding: ["RESTAPI_TLS": "on"])
    let file = home.path + "/patroni.yml"
    let before = try String(contentsOfFile: file, encoding: .utf8)
    let line = "  cafile: '\(staged)/ca.crt'\n"
    #expect(before.contains(line))
    try generate("second", from: "first", step: "--rotate-ca")
    try volume.publish(home.path + "/second")
    #expect(eventually(within: 5) { reloads(process) == 1 })
    let after = try String(contentsOfFile: file, encoding: .utf8)
    #expect(after == before.replacing(line, with: "  cafile: '\(staged)/./ca.crt'\n"))
    #expect(try Command.output(["stat", "-c", "%a", file]) == "600\n")
  }

  /// Programs that connect open the certificate, and the key a moment later.
  @Test func nobodyMeetsACertificateAndTheKeyOfAnother() throws {
    let process = try start()
    try generate("second", from: "first")
    let sets = ["first", "second"].map { home.path + "/" + $0 }
    let reader =
      [Repository.virtualEnvironment + "/bin/python3"]
      + [Repository.root + "/Tests/IntegrationTests/Python/pairs.py", staged] + sets
    let readers = try (0..<2).map { _ in try BackgroundProcess(reader, environment: environment) }
    for round in 1...25 {
      let set = sets[round % 2]
      try volume.publish(set)
      #expect(
        eventually(within: 5) {
          FileManager.default.contentsEqual(
            atPath: staged + "/server.crt",
            andPath: set + "/server.crt"
          )
        }
      )
    }
    #expect(eventually(within: 5) { process.errors.matches(of: #/ is in use\n/#).count == 25 })
    for reader in readers {
      let pairs = reader.output.split(separator: "\n")
      #expect(pairs.count > 100)
      #expect(pairs.count { $0 != "whole" } == 0, "\(reader.errors)")
    }
  }

  /// The server reads its files again, and no process that got the number of one that is gone.
  @Test func tellsTheServerThatWorksInTheDataDirectory() throws {
    let data = home.path + "/data"
    let script = "trap 'echo reloaded' HUP\necho started\nwhile :; do sleep 0.05; done\n"
    try Command.output(["install", "-d", "-m", "0700", data])
    let server = try BackgroundProcess(
      ["sh", "-c", "cd \(data)\n" + script],
      environment: environment
    )
    let stranger = try BackgroundProcess(["sh", "-c", script], environment: environment)
    for process in [server, stranger] {
      #expect(eventually(within: 5) { process.output.contains("started") })
    }
    let patroni = try start(adding: ["PATRONI_POSTGRESQL_DATA_DIR": data])
    try generate("second", from: "first")
    for (set, process) in [("second", stranger), ("first", server)] {
      let before = reloads(patroni)
      try "\(process.identifier)\n\(data)\n"
        .write(toFile: data + "/postmaster.pid", atomically: false, encoding: .utf8)
      try volume.publish(home.path + "/" + set)
      #expect(eventually(within: 5) { reloads(patroni) == before + 1 })
    }
    #expect(eventually(within: 5) { reloads(server) == 1 })
    #expect(reloads(stranger) == 0)
  }

  @Test(arguments: [SIGTERM, SIGKILL, SIGSEGV])
  func theWatcherEndsWithItsParent(_ signal: Int32) throws {
    let process = try start()
    let watcher = try #require(process.watcher)
    process.stop(signal)
    #expect(eventually(within: 5) { kill(watcher, 0) != 0 })
  }

  /// A process's environment is in /proc for everybody who may read the server's files.
  @Test func theWatcherKeepsNoPassword() throws {
    let process = try start(
      adding: ["PATRONI_REPLICATION_PASSWORD": "R3pl-pw", "PATRONI_SUPERUSER_PASSWORD": "Sup3r-pw"]
    )
    for identifier in [process.identifier, try #require(process.watcher)] {
      let environment = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(identifier)/environ"))
      #expect(!String(decoding: environment, as: UTF8.self).contains("-pw"))
    }
  }

  @Test func aThousandUpdatesLeaveNothingBehind() throws {
    let process = try start()
    try generate("second", from: "first")
    for _ in 0..<500 {
      for set in ["second", "first"] { try volume.publish(home.path + "/" + set) }
    }
    try volume.publish(home.path + "/second")
    let new = try serial(home.path + "/second/server.crt")
    #expect(try eventually(within: 10) { try serial(staged + "/server.crt") == new })
    let watcher = try #require(process.watcher)
    let status = try String(contentsOfFile: "/proc/\(watcher)/status", encoding: .utf8)
    let resident = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      .flatMap { Int($0.split(separator: " ")[1]) }
    #expect(try #require(resident) < 5_000)
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(watcher)/fd")
    #expect(descriptors.count <= 5)
    // The copies before the last ones go when the new ones are in use.
    let tls = home.path + "/.postgresql-tls"
    #expect(
      try eventually(within: 5) {
        try FileManager.default.contentsOfDirectory(atPath: tls).count <= 3
      }
    )
    #expect(reloads(process) >= 1)
  }

  /// Without inotify the files are looked at every 30 seconds.
  @Test func looksFromTimeToTimeWithoutInotify() throws {
    let script = "echo 0 > /proc/sys/user/max_inotify_instances; exec \"$@\""
    let process = try start(["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"])
    #expect(
      eventually(within: 5) {
        process.errors.contains("changes of the certificates are noticed within 30 seconds")
      }
    )
    try generate("second", from: "first")
    try volume.publish(home.path + "/second")
    let new = try serial(home.path + "/second/server.crt")
    #expect(try eventually(within: 40) { try serial(staged + "/server.crt") == new })
  }

  /// A volume that has become read-only: the old certificates stay, and the new ones follow.
  @Test func triesAgainWhereCopiesCannotBeWritten() throws {
    let place = home.path + "/place"
    let process = try start(
      [
        "unshare", "--mount", "sh", "-c",
        "mkdir \(place) && mount -t tmpfs tmpfs \(place) && exec \"$@\"", "sh",
      ],
      output: place + "/patroni.yml"
    )
    func mount(_ options: String) throws {
      let inside = ["nsenter", "--mount", "--target", "\(process.identifier)"]
      try Command.output(inside + ["mount", "-o", "remount," + options, place])
    }
    try mount("ro")
    try generate("second", from: "first")
    try volume.publish(home.path + "/second")
    #expect(
      eventually(within: 5) {
        process.errors.contains(
          "warning: CERTIFICATE_RELOAD: new certificates could not be copied, "
            + "and the old ones stay in use: Read-only file system\n"
        )
      }
    )
    #expect(reloads(process) == 0)
    try mount("rw")
    #expect(eventually(within: 40) { reloads(process) == 1 })
  }

  @Test(arguments: ["0400", "0440", "0600", "0640", "0644", "0444"])
  func everyModeThatCanBeReadWorks(_ mode: String) throws {
    try volume.publish(home.path + "/first", mode: mode)
    let process = try start()
    #expect(!process.errors.contains("error"), "\(process.errors)")
    #expect(try Command.output(["stat", "-c", "%a", staged + "/server.key"]) == "600\n")
  }

  @Test func aKeyThatCannotBeReadIsNamed() throws {
    try Command.output(["chmod", "777", home.path])
    let result = try Command.run(
      ["setpriv", "--reuid=4711", "--regid=4711", "--clear-groups"]
        + [Repository.releaseBinary, "--output", home.path + "/patroni.yml"],
      environment: environment
    )
    #expect(result.exitCode == 78)
    #expect(
      result.errors.contains(
        "entrypoint: error: PGSSLKEY: could not read file \"\(volume.path)/server.key\": Permission denied\n"
      )
    )
    #expect(result.errors.contains("  hint: Set fsGroup in the pod's securityContext"))
  }

  @Test func aPlaceThatCannotBeWrittenToIsNamed() throws {
    let result = try Command.run(
      [
        "unshare", "--mount", "sh", "-c",
        "mount --bind \(home.path) \(home.path) && mount -o remount,ro,bind \(home.path) && exec \"$@\"",
        "sh", Repository.releaseBinary, "--output", home.path + "/patroni.yml",
      ],
      environment: environment
    )
    #expect(result.exitCode == 73)
    #expect(
      result.errors.contains(
        "entrypoint: error: \(home.path)/.postgresql-tls: could not copy the certificates: Read-only file system\n"
      )
    )
  }
}

extension BackgroundProcess {
  /// The child that looks after the certificates.
  var watcher: pid_t? {
    func find() -> pid_t? {
      children.first { child in
        let name = try? String(contentsOfFile: "/proc/\(child)/comm", encoding: .utf8)
        return name == "certificates\n"
      }
    }
    _ = eventually(within: 10) { find() != nil }
    return find()
  }
}
