import Foundation

/// A program that runs beside the test, with everything that it says in one file.
final class BackgroundProcess {
  /// The file that holds its standard output and standard error.
  let log: String
  private let process = Process()

  /// Starts `words`, found through PATH of `environment`; an existing log is continued.
  init(_ words: [String], environment: [String: String], log: String) throws {
    self.log = log
    if !FileManager.default.fileExists(atPath: log) {
      try Data().write(to: URL(fileURLWithPath: log))
    }
    guard let output = FileHandle(forWritingAtPath: log) else { throw CocoaError(.fileNoSuchFile) }
    try output.seekToEnd()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Foundation's threads block signals. Process 1 of a container would inherit that, and never
    // hear of children that ended.
    process.arguments = ["--default-signal", "--"] + words
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try output.close()
  }

  /// Its process id.
  var id: pid_t { process.processIdentifier }

  /// Whether it has not ended yet.
  var isRunning: Bool { process.isRunning }

  /// Waits for its end, and returns its exit code, or 128 plus the signal that ended it.
  func waitForExit(within seconds: Double = 60) throws -> Int32 {
    try eventually("the end of process \(id)", within: seconds) { process.isRunning ? nil : true }
    let signalled = process.terminationReason == .uncaughtSignal
    return process.terminationStatus + (signalled ? 128 : 0)
  }

  /// Its only child.
  var child: pid_t? {
    let path = "/proc/\(id)/task/\(id)/children"
    return (try? String(contentsOfFile: path, encoding: .utf8))
      .flatMap { $0.split(separator: " ").first }.flatMap { pid_t($0) }
  }
}
