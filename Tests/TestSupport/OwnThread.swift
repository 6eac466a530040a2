import Foundation
import Testing

/// Runs each test case on a thread of its own.
///
/// Tests share as many threads as there are cores: one that mostly waits would keep others from running.
public struct OwnThread: SuiteTrait, TestTrait, TestScoping {
  /// Traits of a suite are those of its tests, too.
  public var isRecursive: Bool { true }

  /// Only of cases.
  public func scopeProvider(for test: Test, testCase: Test.Case?) -> OwnThread? {
    testCase == nil ? nil : self
  }

  /// Calls `function` on a new thread.
  public func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(NewThreads()) { try await function() }
  }
}

extension Trait where Self == OwnThread {
  /// See `OwnThread`.
  public static var onOwnThread: OwnThread { OwnThread() }
}

private final class NewThreads: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
