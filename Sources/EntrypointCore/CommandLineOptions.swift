import PostgresConfig

/// What the command line asks for.
public struct CommandLineOptions: Equatable, Sendable {
  /// What to do.
  public enum Action: Equatable, Sendable {
    /// Check, write the file, become Patroni.
    case start
    /// Print the file, and secrets in it only when they were asked for.
    case dryRun(showsSecrets: Bool)
    /// Run every check and print a report.
    case check(CheckReport.Format)
    /// Print every setting and what decided it.
    case explain(Explanation.Format)
    /// Become another command.
    case command
    /// Print the manual.
    case help
    /// Print the version, and the versions of the libraries that are linked in.
    case version(CheckReport.Format)
  }

  /// What to do.
  public var action: Action
  /// Where patroni.yml goes, when somebody said so.
  public var output: String?
  /// The index of the first word that belongs to the command, or the number of words.
  public var commandIndex: Int

  /// The options that there are, with the text that `--help` shows.
  static let options: [(name: String, argument: String?, summary: String)] = [
    (
      "--dry-run", nil,
      "print patroni.yml on standard output with secrets as <redacted>, write and start nothing"
    ),
    ("--show-secrets", nil, "with --dry-run: print secrets in clear text"),
    (
      "--check", "[=json]",
      "run every check of the environment and of the certificates, and print a report; write and "
        + "start nothing"
    ),
    (
      "--explain", "[=all|=json]",
      "print the settings, their values, what decided them, and what a running Patroni uses "
        + "instead; on a terminal only what is not a default, unless =all"
    ),
    ("--output", "FILE", "write patroni.yml to FILE"),
    ("--help", nil, "print this text; also -h"),
    (
      "--version", "[=json]",
      "print the versions of the program and of the libraries in it; json is a CycloneDX document"
    ),
  ]

  /// Reads the words after the program's name.
  ///
  /// - Throws: the first fault; its exit code is `ExitCode.usage`.
  public init(_ words: [String]) throws(Problem) {
    var isDryRun = false
    var showsSecrets = false
    var asked: Action?
    var report: (option: String, action: Action)?
    output = nil
    var index = 0
    while index < words.count {
      let word = words[index]
      if word == "--" {
        index += 1
        break
      }
      guard word.hasPrefix("-"), word != "-" else { break }
      index += 1
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      let value = parts.count == 2 ? String(parts[1]) : nil
      if value != nil, Self.options.contains(where: { $0.name == name && $0.argument == nil }) {
        throw Problem(name, "accepts no value")
      }
      switch name {
      case "--dry-run": isDryRun = true
      case "--show-secrets": showsSecrets = true
      case "--check": report = (name, .check(try Self.format(value, of: name)))
      case "--explain":
        report = (
          name,
          .explain(
            value == "all" ? .all : try Self.format(value, of: name) == .json ? .json : .text
          )
        )
      case "--help", "-h": asked = asked ?? .help
      case "--version":
        let format = try Self.format(value, of: name)
        asked = asked ?? .version(format)
      case "--output":
        if value == nil { index += 1 }
        guard let path = value ?? (index <= words.count ? words[index - 1] : nil), !path.isEmpty
        else { throw Problem(name, "requires a file name", hint: "Write --output=FILE.") }
        guard String(onOneLine: path) == path else {
          throw Problem(
            name,
            "invalid value \(quoted(path))",
            detail: "It holds a control character."
          )
        }
        output = path
      default:
        throw Self.unknown(name)
      }
    }
    commandIndex = index
    let command = index < words.count ? words[index] : "patroni"
    action =
      asked ?? report?.action ?? (isDryRun ? .dryRun(showsSecrets: showsSecrets) : .start)
    if asked == nil {
      try checkArguments(words.dropFirst(index))
      if let report { try checkAlone(report.option, isDryRun: isDryRun, command) }
      try checkCombination(command, isDryRun: isDryRun, showsSecrets: showsSecrets)
    }
  }

  /// Patroni gets the file that is written, and takes one only.
  private func checkArguments(_ words: ArraySlice<String>) throws(Problem) {
    guard words.first == "patroni", let file = words.dropFirst().first, !file.hasPrefix("-") else {
      return
    }
    throw Problem(
      "patroni",
      "accepts no configuration file: \(quoted(file))",
      detail: "It reads the patroni.yml that is written for it.",
      hint: "Set PATRONI_CONFIGURATION_FILE=\(file) to merge its settings into that file."
    )
  }

  private mutating func checkCombination(
    _ command: String,
    isDryRun: Bool,
    showsSecrets: Bool
  ) throws(Problem) {
    if showsSecrets, !isDryRun {
      throw Problem("--show-secrets", "requires --dry-run")
    }
    if isDryRun, output != nil {
      throw Problem(
        "--output",
        "cannot be combined with --dry-run",
        detail: "A dry run prints the file and writes nothing."
      )
    }
    guard command != "patroni" else { return }
    if isDryRun || output != nil {
      throw Problem(
        isDryRun ? "--dry-run" : "--output",
        "cannot be combined with command \(quoted(command))",
        detail: "Options apply to patroni.yml, which only patroni reads."
      )
    }
    action = .command
  }

  private static func format(
    _ value: String?,
    of option: String
  ) throws(Problem) -> CheckReport.Format {
    guard let value else { return .text }
    guard let format = CheckReport.Format(rawValue: value) else {
      throw Problem(
        option,
        "invalid value \(quoted(value))",
        detail: "Accepted values are "
          + "\(option == "--explain" ? "text, all and json" : "text and json").",
        hint: "Write \(option)\(option == "--explain" ? ", --explain=all" : "") or \(option)=json."
      )
    }
    return format
  }

  /// Reports are about what patroni would be started with, and about nothing else.
  private func checkAlone(
    _ option: String,
    isDryRun: Bool,
    _ command: String
  ) throws(Problem) {
    let other: String? =
      isDryRun
      ? "--dry-run"
      : output != nil ? "--output" : command != "patroni" ? "command \(quoted(command))" : nil
    if let other { throw Problem(option, "cannot be combined with \(other)") }
  }

  private static func unknown(_ name: String) -> Problem {
    let close = nearest(to: name, among: options.map { $0.name })
    return Problem(
      name,
      "unknown option",
      hint: close.map { "Did you mean \($0)?" } ?? "entrypoint --help lists the options."
    )
  }
}
