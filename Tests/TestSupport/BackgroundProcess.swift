import Foundation

/// A program that runs beside the test, and is killed when nobody uses it any more.
public final class BackgroundProcess: Sendable {
  /// Its process id.
  public let identifier: pid_t
  private let directory: TemporaryDirectory

  /// Starts `words` with exactly `environment`.
  ///
  /// Standard input is empty.
  public init(_ words: [String], environment: [String: String]) throws {
    directory = try TemporaryDirectory()
    let streams = ["/dev/null", directory.path + "/out", directory.path + "/err"]
    identifier = try Command.spawn(words, environment, streams: streams, directory: nil)
  }

  deinit {
    if isRunning { stop(SIGKILL) }
  }

  /// What it has written on standard output so far.
  public var output: String { text("out") }

  /// What it has written on standard error so far.
  public var errors: String { text("err") }

  /// Whether it still runs.
  ///
  /// One that has ended is not waited for here.
  public var isRunning: Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      && information.si_signo == 0
  }

  /// Sends a signal.
  public func send(_ signal: Int32) {
    kill(identifier, signal)
  }

  /// Sends a signal, and waits for the end.
  public func stop(_ signal: Int32) {
    kill(identifier, signal)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
  }

  /// The processes whose parent it is.
  public var children: [pid_t] { Self.children(of: identifier) }

  /// The processes whose parent has that number.
  public static func children(of parent: pid_t) -> [pid_t] {
    let path = "/proc/\(parent)/task/\(parent)/children"
    let list = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return list.split(separator: " ").compactMap { pid_t($0) }
  }

  private func text(_ name: String) -> String {
    (try? String(contentsOfFile: directory.path + "/" + name, encoding: .utf8)) ?? ""
  }
}
