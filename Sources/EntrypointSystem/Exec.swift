import CSystem
import EntrypointCore

/// Becomes another program: same process, same streams, same signal dispositions.
public enum Exec {
  /// The program could not be started.
  public struct Failure: Error, Sendable {
    /// What to tell.
    public let problem: Problem
    /// 126 or 127.
    public let exitCode: ExitCode
  }

  /// Replaces this process by `command`, looked up in PATH unless it holds a slash.
  ///
  /// - Parameters:
  ///   - command: the program.
  ///   - arguments: the words after its name; null-terminated strings that stay valid.
  ///   - environment: how its environment differs from ours.
  /// - Throws: always; when it succeeds, there is nobody left to return to.
  public static func replaceProcess(
    by command: String,
    arguments: [UnsafeMutablePointer<CChar>],
    environment: PatroniEnvironment? = nil
  ) throws(Failure) -> Never {
    let entries = ProcessEnvironment.entries(
      removed: environment?.removed ?? [],
      added: environment?.added ?? []
    )
    let words = [strdup(command)] + arguments.map { Optional($0) } + [nil]
    var worst = ENOENT
    for candidate in candidates(for: command) {
      _ = retryingOnInterrupt { execve(candidate, words, entries) }
      let code = csystem_errno()
      if code != ENOENT && code != ENOTDIR { worst = code }
      if code != ENOENT && code != ENOTDIR && code != EACCES { break }
    }
    throw failure(command, code: worst)
  }

  /// As in a shell: an empty element of PATH is the current directory.
  private static func candidates(for command: String) -> [String] {
    guard !command.contains("/") else { return [command] }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":", omittingEmptySubsequences: false).map {
      $0.isEmpty ? command : "\($0)/\(command)"
    }
  }

  private static func failure(_ command: String, code: Int32) -> Failure {
    if code == ENOENT {
      return Failure(
        problem: Problem(
          command,
          "command not found",
          detail: "It is not in PATH, or the interpreter that its first line names is missing."
        ),
        exitCode: .notFound
      )
    }
    return Failure(
      problem: Problem(command, "could not execute: \(String(cString: strerror(code)))"),
      exitCode: .notExecutable
    )
  }
}
