import Synchronization
import Testing

/// Which member a test deals with, so that a failure can show what that member said last.
final class Attention: Sendable {
  private struct State: ~Copyable {
    var members: [String] = []
    var current: String?
  }

  /// What a healthy member says all the time.
  private static let routine = [
    "INFO: no action. I am", "INFO: Lock owner:", "LOG:  connection received:",
    "LOG:  connection authorized: user=postgres database=postgres application_name=p",
  ]

  /// That of the test that runs here; others run at the same time.
  @TaskLocal private static var current: Attention?

  private let state = Mutex(State())

  /// Runs a test that deals with members.
  static func pay<Result>(_ test: () throws -> Result) rethrows -> Result {
    try $current.withValue(Attention(), operation: test)
  }

  /// The members whose logs count.
  static func watch(_ members: [Member]) {
    current?.state.withLock { $0.members = members.map { $0.log } }
  }

  /// `member` is the one that is asked, or expected to do something.
  static func turn(to member: Member) {
    current?.state.withLock { $0.current = member.log }
  }

  /// The last lines of the member at fault, and a few of the others'.
  static func lastWords() -> String {
    let (logs, current) = current?.state.withLock { ($0.members, $0.current) } ?? ([], nil)
    return logs.map { log in
      let lines = ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
        .split(separator: "\n").filter { line in !routine.contains { line.contains($0) } }
      return "last lines of \(log):\n"
        + lines.suffix(log == current ? 60 : 15).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

extension Trait where Self == IssueHandlingTrait {
  /// Adds to every issue what the members said last.
  static var withLastWords: Self {
    .compactMapIssues { issue in
      let words = Comment(rawValue: Attention.lastWords())
      // The suites around a test handle its issues, too.
      guard !issue.comments.contains(words) else { return issue }
      var issue = issue
      issue.comments.append(words)
      return issue
    }
  }
}
