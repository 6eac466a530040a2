import Foundation
import TestSupport
import Testing

/// The watcher lives for months, alone: nothing silences it without a word.
@Suite struct WatcherLifeTests {
  private let pod: RotatingPod

  init() throws {
    pod = try RotatingPod()
    try pod.generate("second", from: "first")
  }

  /// All that a process can be sent, but what ends or stops any; 32 and 33 are the C library's own.
  @Test func noSignalEndsOrSilencesIt() throws {
    let process = try pod.start()
    let keeper = try #require(process.keeper)
    for signal in (1...64).map({ Int32($0) }) where signal != SIGKILL && signal != SIGSTOP {
      kill(keeper, signal)
      kill(try #require(process.watcher), signal)
    }
    #expect(try pod.rotate(to: "second"))
    #expect(eventually(within: 5) { process.reloads >= 1 })
    #expect(process.keeper == keeper)
    #expect(process.isRunning)
  }

  @Test(arguments: [SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, SIGINT, SIGIO, SIGPIPE, SIGXFSZ])
  func theProcessItselfStaysWhenItGets(_ signal: Int32) throws {
    let process = try pod.start()
    let watcher = try #require(process.watcher)
    kill(watcher, signal)
    #expect(try pod.rotate(to: "second"))
    #expect(process.watcher == watcher)
  }

  /// Somebody who reloads Patroni by hand in the usual way means Patroni.
  @Test func itsCommandLineIsNotPatronis() throws {
    let process = try pod.start()
    for identifier in [try #require(process.keeper), try #require(process.watcher)] {
      let path = "/proc/\(identifier)/cmdline"
      let words = try String(contentsOfFile: path, encoding: .utf8)
      #expect(words == "entrypoint\0--watch\0")
    }
  }

  @Test(arguments: [SIGKILL, SIGSEGV])
  func oneThatHasEndedIsStartedAnew(_ signal: Int32) throws {
    let process = try pod.start()
    let watcher = try #require(process.watcher)
    kill(watcher, signal)
    #expect(eventually(within: 10) { process.watcher.map { $0 != watcher } ?? false })
    let end = signal == SIGKILL ? "was ended by signal 9" : "exited 70"
    #expect(
      process.errors.contains(
        "warning: CERTIFICATE_RELOAD: the process that watches the certificates \(end), and is "
          + "being restarted\n"
      )
    )
    #expect(try pod.rotate(to: "second"))
    #expect(eventually(within: 5) { process.reloads >= 1 })
  }

  @Test(arguments: [SIGTERM, SIGKILL, SIGSEGV])
  func itEndsWithPatroni(_ signal: Int32) throws {
    let process = try pod.start()
    let all = [try #require(process.keeper), try #require(process.watcher)]
    process.stop(signal)
    #expect(eventually(within: 5) { all.allSatisfy { kill($0, 0) != 0 } })
  }

  /// What it does comes before what it says.
  @Test func renewalsGoOnWhenNobodyReadsTheLog() throws {
    let process = try pod.start(
      ["bash", "-c", "exec 2> >(exec true); sleep 0.3; exec \"$@\"", "bash"]
    )
    let watcher = try #require(process.watcher)
    #expect(try pod.rotate(to: "second"))
    #expect(try pod.rotate(to: "first"))
    #expect(eventually(within: 5) { process.reloads == 2 })
    #expect(process.watcher == watcher)
  }

  /// One of the two is in the heap of a process that renders the file.
  @Test func noPasswordIsInItsMemory() throws {
    let secrets = [
      "PATRONI_REPLICATION_PASSWORD": "R3pl-pw", "PATRONI_SUPERUSER_PASSWORD": "Sup3r-pw",
    ]
    let process = try pod.start(adding: secrets)
    #expect(try pod.rotate(to: "second"))
    let script = """
      import sys
      for line in open(f"/proc/{sys.argv[1]}/maps"):
          bounds, mode = line.split()[:2]
          start, end = [int(bound, 16) for bound in bounds.split("-")]
          if "r" in mode and "[v" not in line:
              with open(f"/proc/{sys.argv[1]}/mem", "rb") as memory:
                  memory.seek(start)
                  content = memory.read(end - start)
                  print(sum(content.count(word.encode()) for word in sys.argv[2:]))
      """
    for identifier in [try #require(process.keeper), try #require(process.watcher)] {
      let counts = try Command.output(
        ["python3", "-c", script, "\(identifier)", pod.volume.path] + secrets.values
      )
      let count = counts.split(separator: "\n").compactMap { Int($0) }.reduce(0, +)
      let passwords = try Command.output(
        ["python3", "-c", script, "\(identifier)"] + secrets.values
      )
      // Its own settings are found, so passwords would be, too.
      #expect(count > 0)
      #expect(passwords.split(separator: "\n").allSatisfy { $0 == "0" })
      let environment = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(identifier)/environ"))
      #expect(environment.isEmpty)
    }
  }

  /// A superuser of the database runs programs as the same user.
  @Test func noOtherProcessOfTheUserReadsItsMemory() throws {
    try Command.output(["chmod", "777", pod.home.path])
    try pod.volume.publish(pod.home.path + "/first", mode: "0644")
    let user = ["setpriv", "--reuid=4711", "--regid=4711", "--clear-groups"]
    let data = ["PATRONI_POSTGRESQL_DATA_DIR": pod.home.path + "/data"]
    let process = try pod.start(user, adding: data)
    for identifier in [try #require(process.keeper), try #require(process.watcher)] {
      for file in ["maps", "environ"] {
        let result = try Command.run(user + ["cat", "/proc/\(identifier)/\(file)"])
        #expect(result.errors.contains("Permission denied"), "\(result)")
      }
    }
    let own = try Command.run(user + ["cat", "/proc/\(process.identifier)/maps"])
    #expect(own.exitCode == 0)
  }

  /// In a container it is the next one who looks.
  @Test func checkSaysHowItIs() throws {
    let process = try pod.start()
    func check() throws -> CommandResult {
      let script = "mount -t tmpfs none /home && exec \"$@\""
      return try Command.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", Repository.releaseBinary, "--check"],
        environment: pod.environment
      )
    }
    func waits(for text: String) -> Bool {
      eventually(within: 10) { (try? check().output.contains(text)) ?? false }
    }
    let serial = try pod.serial(pod.home.path + "/first/server.crt").split(separator: "=")[1]
      .trimmingCharacters(in: .newlines)
    let (keeper, watcher) = (try #require(process.keeper), try #require(process.watcher))
    #expect(
      waits(
        for:
          "ok       watcher           process \(watcher), patroni \(process.identifier), serial \(serial), since "
      )
    )
    #expect(try check().exitCode == 0)

    kill(watcher, SIGSTOP)
    #expect(
      waits(
        for: "error: CERTIFICATE_RELOAD: the process that watches the certificates is stopped\n"
      )
    )
    #expect(try check().exitCode == 78)
    kill(watcher, SIGCONT)

    kill(keeper, SIGKILL)
    #expect(
      waits(for: "error: CERTIFICATE_RELOAD: the process that watches the certificates has ended\n")
    )
    #expect(try check().exitCode == 78)

    // A file of somebody who is gone tells nothing of anybody who got the number.
    process.stop(SIGKILL)
    #expect(try !check().output.contains("watcher"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: pod.tls).contains(
        "watcher.\(process.identifier)"
      )
    )
  }

  @Test func checkSaysWhatWasRefused() throws {
    let process = try pod.start()
    let fault = try #require(
      FaultySecret.all(from: pod.home.path + "/first", in: pod.home.path + "/faulty").first
    )
    try pod.volume.publish(fault.directory, names: fault.names)
    #expect(eventually(within: 10) { process.errors.contains("the new certificates are rejected") })
    let path = pod.tls + "/watcher.\(process.identifier)"
    #expect(
      eventually(within: 10) {
        (try? String(contentsOfFile: path, encoding: .utf8))?.contains("\nrefused ") ?? false
      }
    )
    #expect(try Command.output(["stat", "-c", "%a", path]) == "600\n")
  }
}
