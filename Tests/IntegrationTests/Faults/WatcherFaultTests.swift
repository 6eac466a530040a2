import Foundation
import TestSupport
import Testing

/// Every system call that the watcher makes for an update fails once, and it is killed at each one with which
/// it writes.
@Suite struct WatcherFaultTests {
  private let pod: WatchedPod

  init() throws {
    pod = try WatchedPod()
  }

  /// The calls of an update that goes well.
  private func calls() throws -> [SystemCallTrace.Call] {
    let log = try TemporaryDirectory()
    let tracer = try Tracer(["-y", "-o", log.path + "/log"], of: pod.watcher())
    try pod.change()
    #expect(eventually(within: 10) { pod.isInUse })
    usleep(500_000)
    tracer.stop()
    let calls = try SystemCallTrace(log: log.path + "/log").calls
    try #require(calls.contains { $0.name == "kill" })
    return calls
  }

  @Test func aCallThatFails() throws {
    let errors = ["EIO", "ENOSPC", "EACCES", "EINTR", "EMFILE", "ENOMEM", "EROFS"]
    let calls = try calls().filter { $0.path != nil || ["poll", "kill", "read"].contains($0.name) }
    #expect(calls.count >= 40)
    let watcher = try pod.watcher()
    for (index, call) in calls.enumerated() {
      let error = errors[index % errors.count]
      let told = pod.process.errors.count
      let tracer = try Tracer(SystemCallTrace.options("error=\(error)", at: call), of: watcher)
      try pod.change()
      // What could not be read was refused, and what could not be written is tried again.
      let isDone = eventually(within: 2) { pod.isInUse }
      tracer.stop()
      let said = String(pod.process.errors.dropFirst(told))
      let story: Comment = "\(error) at \(call.description): \(said)"
      #expect(isDone || said.contains("entrypoint: warning: "), story)
      // Sets that could not be listed stay until the next change; four calls in a row list them. While
      // others are being removed, nobody can look at all that is there.
      #expect(eventually(within: 2) { (try? pod.faultsOfCopies(sets: 6)) == [] }, story)
      if !isDone { try pod.touch() }
      #expect(eventually(within: 5) { pod.isInUse }, story)
      #expect(!pod.process.errors.contains("PRIVATE KEY"), story)
      #expect(pod.process.watcher == watcher, story)
    }
    try pod.change()
    #expect(eventually(within: 5) { pod.isInUse })
    #expect(eventually(within: 2) { (try? pod.faultsOfCopies()) == [] })
  }

  @Test func aKillAtACall() throws {
    let calls = try calls().filter { $0.path?.contains("/.postgresql-tls") == true }
    #expect(calls.count >= 20)
    for call in calls {
      let watcher = try pod.watcher()
      let tracer = try Tracer(SystemCallTrace.options("signal=SIGKILL", at: call), of: watcher)
      try pod.change()
      let story: Comment = "killed at \(call.description)"
      #expect(eventually(within: 5) { kill(watcher, 0) != 0 }, story)
      tracer.stop()
      #expect(try pod.faultsOfCopies(whileWriting: true) == [], story)
      #expect(pod.process.isRunning, story)
      try pod.restart()
      #expect(pod.isInUse, story)
      #expect(try pod.faultsOfCopies() == [], story)
    }
  }
}

/// strace, attached to a process that runs.
private struct Tracer {
  private let process: BackgroundProcess

  init(_ options: [String], of identifier: pid_t) throws {
    process = try BackgroundProcess(
      ["strace"] + options + ["-p", String(identifier)],
      environment: Command.plainEnvironment
    )
    let process = process
    try #require(
      eventually(within: 10) { process.errors.contains("attached") },
      "\(process.errors)"
    )
  }

  /// Lets the process go.
  func stop() {
    process.stop(SIGINT)
  }
}
