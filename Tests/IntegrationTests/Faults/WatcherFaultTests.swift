import Foundation
import TestSupport
import Testing

/// Every system call that the watcher makes for an update fails once, and it is killed at each one with which
/// it writes.
///
/// Pods of their own share the calls among them, as nearly all of the time goes into waiting for files to be at
/// rest.
@Suite(.onOwnThread) struct WatcherFaultTests {
  private static let shares = 0..<6
  private let pod: WatchedPod

  init() throws {
    pod = try WatchedPod()
  }

  /// The calls of an update that goes well.
  private func calls() throws -> [SystemCallTrace.Call] {
    try Tracer.calls(of: pod.watcher()) {
      try pod.change()
    } until: {
      pod.isInUse
    }
  }

  @Test(arguments: shares) func aCallThatFails(_ share: Int) throws {
    let errors = ["EIO", "ENOSPC", "EACCES", "EINTR", "EMFILE", "ENOMEM", "EROFS"]
    let calls = try calls().filter { $0.path != nil || ["poll", "kill", "read"].contains($0.name) }
    #expect(calls.count >= 40)
    let watcher = try pod.watcher()
    for (index, call) in calls.enumerated() where index % Self.shares.count == share {
      let error = errors[index % errors.count]
      let told = pod.process.errors.count
      let tracer = try Tracer(SystemCallTrace.options("error=\(error)", at: call), of: watcher)
      try pod.change()
      // What could not be read was refused, and what could not be written is tried again.
      func said() -> String { String(pod.process.errors.dropFirst(told)) }
      let isOver = eventually { pod.isInUse || said().contains("entrypoint: warning: ") }
      tracer.stop()
      let isDone = pod.isInUse
      let story: Comment = "\(error) at \(call.description): \(said())"
      #expect(isOver, story)
      // Sets that could not be listed stay until the next change; four calls in a row list them. While
      // others are being removed, nobody can look at all that is there.
      #expect(eventually { (try? pod.faultsOfCopies(sets: 6)) == [] }, story)
      if !isDone { try pod.touch() }
      #expect(eventually { pod.isInUse }, story)
      #expect(!pod.process.errors.contains("PRIVATE KEY"), story)
      #expect(pod.process.watcher == watcher, story)
    }
    try pod.change()
    #expect(eventually { pod.isInUse })
    #expect(eventually { (try? pod.faultsOfCopies()) == [] })
  }

  @Test(arguments: shares) func aKillAtACall(_ share: Int) throws {
    let calls = try calls().filter { $0.path?.contains("/.postgresql-tls") == true }
    #expect(calls.count >= 20)
    var kills = 0
    for (index, call) in calls.enumerated() where index % Self.shares.count == share {
      let watcher = try pod.watcher()
      let tracer = try Tracer(SystemCallTrace.options("signal=SIGKILL", at: call), of: watcher)
      try pod.change()
      let story: Comment = "killed at \(call.description)"
      let isKilled = eventually { kill(watcher, 0) != 0 }
      tracer.stop()
      if !isKilled {
        // How often it writes about itself depends on when Patroni listens.
        #expect(pod.isInUse, story)
        continue
      }
      kills += 1
      #expect(try pod.faultsOfCopies(whileWriting: true) == [], story)
      #expect(pod.process.isRunning, story)
      try pod.restart()
      #expect(pod.isInUse, story)
      #expect(try pod.faultsOfCopies() == [], story)
    }
    #expect(kills * Self.shares.count >= calls.count / 2)
  }
}
