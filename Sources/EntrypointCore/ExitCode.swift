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

  /// What the code means, for `--help` and the README.
  public var meaning: String {
    switch self {
    case .success: "success; after a start it is the started program's own code"
    case .usage: "wrong usage"
    case .software: "a defect of this program"
    case .cannotCreate: "a file could not be written"
    case .configuration: "wrong configuration; each fault is named on standard error"
    case .notExecutable: "the command was found but cannot be executed"
    case .notFound: "the command was not found"
    }
  }
}
