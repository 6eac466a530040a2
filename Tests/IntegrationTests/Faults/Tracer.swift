import Foundation
import TestSupport
import Testing

/// strace, attached to a process that runs.
struct Tracer {
  private let process: BackgroundProcess

  init(_ options: [String], of identifier: pid_t) throws {
    process = try BackgroundProcess(
      ["strace"] + options + ["-p", String(identifier)],
      environment: Command.plainEnvironment
    )
    let process = process
    try #require(
      eventually { process.errors.contains("attached") },
      "\(process.errors)"
    )
  }

  /// Lets the process go.
  func stop() {
    process.stop(SIGINT)
  }

  /// The calls of the process while `change` is made, which has gone well when `isDone`.
  static func calls(
    of identifier: pid_t,
    during change: () throws -> Void,
    until isDone: () -> Bool
  ) throws -> [SystemCallTrace.Call] {
    let log = try TemporaryDirectory()
    let tracer = try Tracer(["-y", "-o", log.path + "/log"], of: identifier)
    try change()
    #expect(eventually { isDone() })
    usleep(500_000)
    tracer.stop()
    let calls = try SystemCallTrace(log: log.path + "/log").calls
    try #require(calls.contains { $0.name == "kill" })
    return calls
  }
}
