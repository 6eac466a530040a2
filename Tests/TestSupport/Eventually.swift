import Foundation

/// Seconds after which something that has not come about never will, on the busiest machine.
///
/// How long something takes is no concern of a test that waits for it.
public let patience: Double = 120

/// Waits until `condition` holds; returns whether it does.
///
/// - Parameter seconds: what a machine that has nothing else to do would need; `patience` is given at least.
public func eventually(
  within seconds: Double = patience,
  _ condition: () throws -> Bool
) rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(max(seconds, patience))
  while ContinuousClock.now < deadline {
    if try condition() { return true }
    usleep(20_000)
  }
  return try condition()
}
