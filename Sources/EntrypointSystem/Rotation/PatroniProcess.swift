import CSystem

/// Patroni as its watcher sees it.
public struct PatroniProcess: Sendable {
  /// What came of telling it something.
  public enum Answer: Equatable, Sendable {
    /// It will read its configuration again.
    case told
    /// A process of this name does not catch the signal: Patroni has not started yet, or it is none.
    case deaf(name: String)
    /// Nothing can be found out about it.
    case unknown(SystemError)
  }

  /// The number of the process.
  public let number: pid_t
  /// Nil where /proc is of no use.
  private let identity: ProcessIdentity?

  /// The process with that number.
  public init(_ number: pid_t) {
    self.number = number
    identity = ProcessIdentity(number)
  }

  /// Whether it is gone for certain: on a busy machine those who watch for it die a moment later.
  public var hasEnded: Bool { identity?.hasEnded ?? false }

  /// Tells Patroni to read its configuration again.
  ///
  /// It catches SIGHUP once it has started; before that the signal would end it.
  public func reload() -> Answer {
    do throws(SystemError) {
      let status = try ProcessStatus(of: number)
      let isReady = number == 1 ? try hasWorker() : true
      guard status.catchesHangup, isReady else { return .deaf(name: status.name) }
    } catch {
      return .unknown(error)
    }
    guard retryingOnInterrupt({ kill(number, SIGHUP) }) == 0 else {
      return .unknown(SystemError("kill", String(number)))
    }
    return .told
  }

  /// Whether another process of the same program catches SIGHUP.
  ///
  /// As process 1 Patroni starts another one, which does the work, and hands signals on to it, even
  /// before that one catches them.
  private func hasWorker() throws(SystemError) -> Bool {
    guard let program = FileIdentity("/proc/1/exe") else { return true }
    for name in try DirectoryLookup.names(in: "/proc") {
      guard let process = pid_t(name), process != 1, FileIdentity("/proc/\(name)/exe") == program
      else { continue }
      if (try? ProcessStatus(of: process))?.catchesHangup == true { return true }
    }
    return false
  }
}
