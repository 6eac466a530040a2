import Foundation
import TestSupport

/// An application that writes without a pause, and knows what the server acknowledged.
final class Writer {
  private let process: BackgroundProcess

  /// Starts it; table `numbers` must be there.
  ///
  /// - Parameter settings: libpq's connection settings.
  init(on host: Host, _ settings: String, log: String) throws {
    process = try BackgroundProcess(
      host.words([
        Repository.virtualEnvironment + "/bin/python3",
        Repository.root + "/Tests/ClusterTests/Upgrade/writer.py", settings,
      ]),
      environment: Command.plainEnvironment,
      log: log
    )
  }

  /// The numbers that were acknowledged.
  func acknowledged() throws -> Set<Int> {
    Set(try lines().compactMap { Int($0) })
  }

  /// What it said when it lost its connection.
  func complaints() throws -> [Substring] {
    try lines().filter { Int($0) == nil }
  }

  /// Waits until that many more numbers are acknowledged.
  func waitForMore(_ count: Int = 50) throws {
    let before = try acknowledged().count
    try eventually("the application writes \(count) more numbers") {
      try acknowledged().count >= before + count
    }
  }

  /// Ends it.
  func stop() throws {
    kill(process.id, SIGKILL)
    _ = try process.waitForExit()
  }

  private func lines() throws -> [Substring] {
    let text = try String(contentsOfFile: process.log, encoding: .utf8)
    // The last line may be half written.
    guard let end = text.lastIndex(of: "\n") else { return [] }
    return text[..<end].split(separator: "\n")
  }
}
