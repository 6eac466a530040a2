import PostgresConfig

/// Something that the person who runs the pod should know, in the voice of PostgreSQL's messages.
///
/// See <https://www.postgresql.org/docs/current/error-style-guide.html>.
public struct Problem: Error, Equatable, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// Nothing starts.
    case error
    /// It starts, and somebody should look at it.
    case warning
    /// It starts, and this is what was decided.
    case note
  }

  /// How bad it is.
  public var severity: Severity
  /// The variable, option or file that it is about.
  public internal(set) var subject: String
  /// One factual line in lower case, without a full stop.
  public let message: String
  /// Sentences with the facts behind the message.
  public let detail: String?
  /// Sentences that say what to do.
  public let hint: String?

  /// A problem with its parts; secrets stand in none of them.
  public init(
    _ severity: Severity,
    _ subject: String,
    _ message: String,
    detail: String? = nil,
    hint: String? = nil
  ) {
    self.severity = severity
    self.subject = subject
    self.message = message
    self.detail = detail
    self.hint = hint
  }

  /// An error with its parts.
  public init(_ subject: String, _ message: String, detail: String? = nil, hint: String? = nil) {
    self.init(.error, subject, message, detail: detail, hint: hint)
  }

  /// The same, where nothing is started.
  public var asWarning: Problem {
    var problem = self
    if severity == .error { problem.severity = .warning }
    return problem
  }

  /// The lines for standard error, each with its line feed.
  public var text: String {
    "entrypoint: " + lines[0] + "\n" + lines.dropFirst().map { "  \($0)\n" }.joined()
  }

  /// One line for each part, whatever the parts hold: everything that is printed of a problem comes
  /// through here.
  var lines: [String] {
    var lines = ["\(severity.rawValue): \(subject): \(message)"]
    if let detail { lines.append("detail: \(detail)") }
    if let hint { lines.append("hint: \(hint)") }
    return lines.map { String(onOneLine: $0) }
  }
}

/// A value as it stands in a message: in quotes, on one line, whatever it holds.
public func quoted(_ bytes: some Collection<UInt8>) -> String { String(quoting: bytes) }

/// A value as it stands in a message.
public func quoted(_ text: some StringProtocol) -> String { String(quoting: text) }

/// A key, or the path of one, as it stands in a message: in quotes where it holds what could be taken
/// for something else, or would be another line.
func shown(key: String) -> String {
  let isBare = key.utf8.allSatisfy {
    $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
  }
  return isBare ? key : quoted(key)
}
