import Foundation
import TestSupport
import Testing

/// Where nobody can be told of new certificates, the log says so, and nobody asks for ever.
@Suite struct UntoldTests {
  private let pod: RotatingPod

  init() throws {
    pod = try RotatingPod()
    try pod.generate("second", from: "first")
  }

  /// How often a process has gone to sleep.
  private func sleeps(of process: pid_t) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let match = try #require(status.firstMatch(of: #/\nvoluntary_ctxt_switches:\s+(\d+)/#))
    return try #require(Int(match.1))
  }

  private func expectQuiet(_ watcher: pid_t) throws {
    let before = try sleeps(of: watcher)
    sleep(4)
    #expect(try sleeps(of: watcher) - before < 8)
  }

  /// A script in the place of Patroni that starts it as a child does not hand signals on.
  @Test func aScriptThatIsCalledPatroni() throws {
    try pod.home.writeScript("patroni", "#!/bin/sh\necho started\nsleep 1000 &\nwait\n")
    let process = try pod.start()
    #expect(try pod.rotate(to: "second"))
    let watcher = try #require(process.watcher)
    #expect(
      eventually(within: 40) {
        process.errors.contains(
          "warning: CERTIFICATE_RELOAD: new certificates are published, but Patroni could not be "
            + "notified: "
            + "process \(process.identifier), patroni, does not catch SIGHUP\n"
        )
      },
      "\(process.errors)"
    )
    #expect(!process.errors.contains("is in use"))
    #expect(process.isRunning)
    try expectQuiet(watcher)
  }

  /// Without /proc nobody knows whether the signal would end Patroni.
  @Test func withoutProc() throws {
    let process = try pod.start(
      ["unshare", "--mount", "sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"]
    )
    #expect(try pod.rotate(to: "second"))
    let watcher = try #require(process.watcher)
    #expect(
      eventually(within: 10) {
        process.errors.contains(
          "Patroni could not be notified: open failed on /proc/\(process.identifier)/status: "
            + "No such file or directory\n"
        )
      },
      "\(process.errors)"
    )
    #expect(!process.errors.contains("is in use"))
    #expect(process.reloads == 0)
    #expect(process.isRunning)
    try expectQuiet(watcher)
  }
}
