/// The exit codes, named as in `sysexits.h` and as shells use 126 and 127.
///
/// See <https://man.openbsd.org/sysexits.3>.
public enum ExitCode: Int32, CaseIterable, Sendable {
  /// All is well.
  case success = 0
  /// The command line was wrong.
  case usage = 64
  /// This program has a defect.
  case software = 70
  /// A file could not be written.
  case cannotCreate = 73
  /// The environment or a certificate was wrong.
  case configuration = 78
  /// The command was found and cannot be executed.
  case notExecutable = 126
  /// The command was not found.
  case notFound = 127

  /// What the code means, for `--help` and docs/REFERENCE.md.
  public var meaning: String {
    switch self {
    case .success: "success; after a start, the exit code of the started program"
    case .usage: "invalid command line"
    case .software: "an internal error"
    case .cannotCreate: "a file could not be written"
    case .configuration: "invalid configuration; standard error lists every error"
    case .notExecutable: "the command was found but cannot be executed"
    case .notFound: "the command was not found"
    }
  }
}
