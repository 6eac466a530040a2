import Foundation
import TestSupport

/// Something that was wanted and did not come about.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  init(_ result: CommandResult) {
    description = "exit code \(result.exitCode): \(result.output)\(result.errors)"
  }
}

/// Something that waiting will not bring about.
struct Hopeless: Error, CustomStringConvertible {
  let description: String
}

/// Waits until `attempt` returns a value, and returns that.
///
/// An error that `attempt` throws means "not yet": servers that are starting refuse connections.
/// The last one is told when time is up.
@discardableResult
func eventually<Value>(
  _ what: String,
  within seconds: Double = patience,
  pause: Double = 0.15,
  _ attempt: () throws -> Value?
) throws -> Value {
  let deadline = Date(timeIntervalSinceNow: seconds)
  var last = ""
  while true {
    do {
      if let value = try attempt() { return value }
      last = ""
    } catch let error as Hopeless {
      throw error
    } catch {
      last = "\nthe last attempt failed: \(error)"
    }
    guard Date() < deadline else {
      throw Failure("not within \(Int(seconds)) seconds: \(what)\(last)")
    }
    Thread.sleep(forTimeInterval: pause)
  }
}

/// Waits until `condition` holds.
func eventually(
  _ what: String,
  within seconds: Double = patience,
  pause: Double = 0.15,
  isTrue condition: () throws -> Bool
) throws {
  try eventually(what, within: seconds, pause: pause) { try condition() ? true : nil }
}
