/// The checks, in the order of the report.
///
/// The names are part of `--check=json`.
public enum Check: String, CaseIterable, Sendable {
  /// The variables.
  case environment
  /// The file with the certificate authorities can be read.
  case authorityFile = "ca-file"
  /// The file with the node's certificate can be read.
  case certificateFile = "certificate-file"
  /// The file with its key can be read, and asks for no passphrase.
  case keyFile = "key-file"
  /// PostgreSQL and libpq are content with the key file's owner and mode.
  case keyPermissions = "key-permissions"
  /// The key belongs to the certificate, and is of use for TLS.
  case keyMatch = "key-match"
  /// The certificate leads to an authority, each of which may sign.
  case chain
  /// The certificate may be shown by a server.
  case serverUse = "server-use"
  /// The certificate may be shown by a client.
  case clientUse = "client-use"
  /// The certificate is valid today, and for a while.
  case validity
  /// The certificate's CN is one of a node.
  case commonName = "common-name"
  /// The certificate carries the names by which others connect.
  case hostNames = "host-names"
  /// Passwords can be bound to the TLS connection, as libpq does by default.
  case channelBinding = "channel-binding"
  /// The revocation list is current and does not hold the certificate.
  case revocation
  /// The process that watches the certificates of a Patroni which runs is there; part of the report only
  /// where Patroni runs.
  case watcher
}

/// What came of a check.
public struct CheckResult: Equatable, Sendable {
  /// How a check ended, from good to bad.
  public enum Verdict: String, Comparable, Sendable {
    /// It was not made; the result says why.
    case skipped
    /// All is well.
    case ok
    /// There is something to know.
    case note
    /// Somebody should look at it.
    case warning
    /// Nothing starts.
    case error

    private var badness: Int {
      switch self {
      case .skipped: 0
      case .ok: 1
      case .note: 2
      case .warning: 3
      case .error: 4
      }
    }

    /// Orders from good to bad.
    public static func < (left: Self, right: Self) -> Bool { left.badness < right.badness }
  }

  /// Something that was found.
  public struct Value: Equatable, Sendable {
    /// Its name in `--check=json`.
    public let name: String
    /// What it is.
    public let content: Content

    /// The kinds of values.
    public enum Content: Equatable, Sendable {
      /// A text.
      case text(String)
      /// A whole number.
      case number(Int)
      /// Several texts.
      case list([String])
    }
  }

  /// Which check.
  public let check: Check
  /// What was found, in order.
  public private(set) var values: [Value] = []
  /// What there is to say.
  public var problems: [Problem] = []
  /// Why the check was not made.
  public var reasonToSkip: String?

  init(_ check: Check) {
    self.check = check
  }

  static func skipped(_ check: Check, because reason: String) -> CheckResult {
    var result = CheckResult(check)
    result.reasonToSkip = reason
    return result
  }

  mutating func add(_ name: String, _ text: String) {
    values.append(Value(name: name, content: .text(text)))
  }

  mutating func add(_ name: String, _ number: Int) {
    values.append(Value(name: name, content: .number(number)))
  }

  mutating func add(_ name: String, _ texts: [String]) {
    values.append(Value(name: name, content: .list(texts)))
  }

  /// The worst of what was found.
  public var verdict: Verdict {
    let verdicts = problems.map { problem -> Verdict in
      switch problem.severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    }
    return verdicts.max() ?? (reasonToSkip == nil ? .ok : .skipped)
  }
}
