import Foundation
import TestSupport
import Testing

/// Certificates change while Patroni runs; a script that counts reloads stands in its place.
@Suite struct RotationTests {
  private let pod: RotatingPod

  init() throws {
    pod = try RotatingPod()
  }

  @Test func takesANewCertificateIntoUse() throws {
    let process = try pod.start()
    #expect(
      try pod.serial(pod.staged + "/server.crt") == pod.serial(pod.home.path + "/first/server.crt")
    )
    #expect(process.children.count >= 1)
    try pod.generate("second", from: "first")
    try pod.volume.publish(pod.home.path + "/second")
    let new = try pod.serial(pod.home.path + "/second/server.crt")
    #expect(try eventually(within: 10) { try pod.serial(pod.staged + "/server.crt") == new })
    #expect(eventually(within: 10) { process.reloads == 1 })
    #expect(process.errors.contains("entrypoint: note: PGSSLCERT: a new certificate is in use\n"))
    #expect(try Command.output(["stat", "-c", "%a", pod.staged + "/server.key"]) == "600\n")
    #expect(
      try Command.output(["stat", "-c", "%a", pod.home.path + "/.postgresql-tls"]) == "700\n"
    )
  }

  @Test func refusesBadSetsAndTakesTheNextGoodOne() throws {
    let process = try pod.start()
    let old = try pod.serial(pod.staged + "/server.crt")
    for fault in try FaultySecret.all(from: pod.home.path + "/first", in: pod.home.path + "/faulty")
    {
      let before = process.errors.count
      try pod.volume.publish(fault.directory, names: fault.names)
      let isRefused = eventually(within: 5) {
        process.errors.dropFirst(before).contains("the new certificates are rejected")
      }
      let said = process.errors.dropFirst(before)
      #expect(isRefused, "\(fault.name): \(said)")
      #expect(said.contains(fault.message), "\(fault.name): \(said)")
      #expect(try pod.serial(pod.staged + "/server.crt") == old)
    }
    #expect(process.reloads == 0)
    try pod.generate("good", from: "first")
    try pod.volume.publish(pod.home.path + "/good")
    #expect(eventually(within: 10) { process.reloads == 1 })
    #expect(
      try pod.serial(pod.staged + "/server.crt") == pod.serial(pod.home.path + "/good/server.crt")
    )
  }

  /// Patroni's REST API reads its authorities again when its setting has changed, not before.
  @Test func newAuthoritiesChangeTheSettingOfTheRESTAPI() throws {
    let process = try pod.start(adding: ["RESTAPI_TLS": "on"])
    let file = pod.home.path + "/patroni.yml"
    let before = try String(contentsOfFile: file, encoding: .utf8)
    let line = "  cafile: '\(pod.staged)/ca.crt'\n"
    #expect(before.contains(line))
    try pod.generate("second", from: "first", step: "--rotate-ca")
    try pod.volume.publish(pod.home.path + "/second")
    #expect(eventually(within: 10) { process.reloads == 1 })
    let after = try String(contentsOfFile: file, encoding: .utf8)
    #expect(after == before.replacing(line, with: "  cafile: '\(pod.staged)/./ca.crt'\n"))
    #expect(try Command.output(["stat", "-c", "%a", file]) == "600\n")
  }

  /// The server reads its files again, and no other process that works in its directory or has its number.
  @Test func tellsTheServerThatWorksInTheDataDirectory() throws {
    let data = pod.home.path + "/data"
    try Command.output(["install", "-d", "-m", "0700", data, pod.home.path + "/bin"])
    let server = pod.home.path + "/bin/postgres"
    try Command.output(["install", "-m", "0755", "/bin/sh", server])
    func run(_ shell: String, in directory: String, _ script: String) throws -> BackgroundProcess {
      let process = try BackgroundProcess(
        [shell, "-c", "cd \(directory)\n" + script],
        environment: pod.environment
      )
      #expect(eventually(within: 5) { process.output.contains("started") })
      return process
    }
    let deaf = "echo started\nwhile :; do sleep 0.05; done\n"
    let strangers = [
      try run(server, in: "/", RotatingPod.listening),
      try run("/bin/sh", in: data, RotatingPod.listening),
      try run("/bin/sh", in: data, deaf),
      try run(server, in: data, deaf),
    ]
    let postgres = try run(server, in: data, RotatingPod.listening)
    let patroni = try pod.start(adding: ["PATRONI_POSTGRESQL_DATA_DIR": data])
    try pod.generate("second", from: "first")
    for (index, process) in (strangers + [postgres]).enumerated() {
      try "\(process.identifier)\n\(data)\n"
        .write(toFile: data + "/postmaster.pid", atomically: false, encoding: .utf8)
      #expect(try pod.rotate(to: index % 2 == 0 ? "second" : "first"))
      #expect(eventually(within: 5) { patroni.reloads == index + 1 })
    }
    #expect(eventually(within: 5) { postgres.reloads == 1 })
    #expect(strangers.allSatisfy { $0.isRunning && $0.reloads == 0 })
  }

  @Test func aThousandUpdatesLeaveNothingBehind() throws {
    let process = try pod.start()
    try pod.generate("second", from: "first")
    for _ in 0..<500 {
      for set in ["second", "first"] { try pod.volume.publish(pod.home.path + "/" + set) }
    }
    try pod.volume.publish(pod.home.path + "/second")
    let new = try pod.serial(pod.home.path + "/second/server.crt")
    #expect(try eventually(within: 20) { try pod.serial(pod.staged + "/server.crt") == new })
    let watcher = try #require(process.watcher)
    let status = try String(contentsOfFile: "/proc/\(watcher)/status", encoding: .utf8)
    let resident = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      .flatMap { Int($0.split(separator: " ")[1]) }
    #expect(try #require(resident) < 5_000)
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(watcher)/fd")
    #expect(descriptors.count <= 8)
    // The copies before the last ones go when the new ones are in use.
    let tls = pod.home.path + "/.postgresql-tls"
    #expect(
      try eventually(within: 5) {
        try FileManager.default.contentsOfDirectory(atPath: tls)
          .filter { !$0.contains("watcher.") }.count <= 3
      }
    )
    #expect(process.reloads >= 1)
  }

  /// Without inotify the files are looked at every 30 seconds.
  @Test func looksFromTimeToTimeWithoutInotify() throws {
    let script = "echo 0 > /proc/sys/user/max_inotify_instances; exec \"$@\""
    let process = try pod.start(["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"])
    #expect(
      eventually(within: 5) {
        process.errors.contains("changes of the certificates are noticed within 30 seconds")
      }
    )
    try pod.generate("second", from: "first")
    try pod.volume.publish(pod.home.path + "/second")
    let new = try pod.serial(pod.home.path + "/second/server.crt")
    #expect(try eventually(within: 40) { try pod.serial(pod.staged + "/server.crt") == new })
  }

  /// A volume that has become read-only: the old certificates stay, and the new ones follow.
  @Test func triesAgainWhereCopiesCannotBeWritten() throws {
    let place = pod.home.path + "/place"
    let process = try pod.start(
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
    try pod.generate("second", from: "first")
    try pod.volume.publish(pod.home.path + "/second")
    #expect(
      eventually(within: 5) {
        process.errors.contains(
          "warning: CERTIFICATE_RELOAD: could not copy the new certificates, and the old ones "
            + "remain in use: Read-only file system\n"
        )
      }
    )
    #expect(process.reloads == 0)
    try mount("rw")
    #expect(eventually(within: 40) { process.reloads == 1 })
  }

  @Test(arguments: ["0400", "0440", "0600", "0640", "0644", "0444"])
  func everyModeThatCanBeReadWorks(_ mode: String) throws {
    try pod.volume.publish(pod.home.path + "/first", mode: mode)
    let process = try pod.start()
    #expect(!process.errors.contains("error"), "\(process.errors)")
    #expect(try Command.output(["stat", "-c", "%a", pod.staged + "/server.key"]) == "600\n")
  }

  @Test func aKeyThatCannotBeReadIsNamed() throws {
    try Command.output(["chmod", "777", pod.home.path])
    let result = try Command.run(
      ["setpriv", "--reuid=4711", "--regid=4711", "--clear-groups"]
        + [Repository.releaseBinary, "--output", pod.home.path + "/patroni.yml"],
      environment: pod.environment
    )
    #expect(result.exitCode == 78)
    #expect(
      result.errors.contains(
        "entrypoint: error: PGSSLKEY: could not read file \"\(pod.volume.path)/server.key\": Permission denied\n"
      )
    )
    #expect(result.errors.contains("  hint: Set fsGroup in the pod's securityContext"))
  }

  @Test func aPlaceThatCannotBeWrittenToIsNamed() throws {
    let result = try Command.run(
      [
        "unshare", "--mount", "sh", "-c",
        "mount --bind \(pod.home.path) \(pod.home.path) && mount -o remount,ro,bind \(pod.home.path) && exec \"$@\"",
        "sh", Repository.releaseBinary, "--output", pod.home.path + "/patroni.yml",
      ],
      environment: pod.environment
    )
    #expect(result.exitCode == 73)
    #expect(
      result.errors.contains(
        "entrypoint: error: \(pod.home.path)/.postgresql-tls: could not copy the certificates: Read-only file system\n"
      )
    )
  }
}
