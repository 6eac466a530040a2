import Foundation

/// A program that was run to its end.
public struct CommandResult: Sendable {
  /// Its exit code, or 128 plus the signal that ended it.
  public let exitCode: Int32
  /// What it wrote on standard output.
  public let output: String
  /// What it wrote on standard error.
  public let errors: String
}

/// A program that could not be run, or that failed where that was not expected.
public struct CommandFailure: Error, CustomStringConvertible {
  /// What happened.
  public let description: String

  /// A failure with its description.
  public init(description: String) {
    self.description = description
  }
}

/// Runs programs.
///
/// Nothing is inherited but what is passed.
public enum Command {
  /// The environment of a test: PATH, and a home.
  public static let plainEnvironment = [
    "PATH": Repository.virtualEnvironment
      + "/bin:/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/tmp", "LC_ALL": "C.UTF-8",
  ]

  /// Runs `words` to their end.
  ///
  /// - Parameters:
  ///   - environment: the whole environment; `plainEnvironment` unless given.
  ///   - input: what standard input holds.
  ///   - directory: the working directory.
  public static func run(
    _ words: [String],
    environment: [String: String]? = nil,
    input: String = "",
    directory: String? = nil
  ) throws -> CommandResult {
    let scratch = try TemporaryDirectory()
    let inputPath = try scratch.write("in", input)
    let (outputPath, errorPath) = (scratch.path + "/out", scratch.path + "/err")
    let status = try wait(
      for: spawn(
        words,
        environment ?? plainEnvironment,
        streams: [inputPath, outputPath, errorPath],
        directory: directory
      )
    )
    return CommandResult(
      exitCode: status,
      output: try text(outputPath),
      errors: try text(errorPath)
    )
  }

  /// Foundation's Process would wait for daemons that the program leaves behind, too.
  static func spawn(
    _ words: [String],
    _ environment: [String: String],
    streams: [String],
    directory: String?
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, path) in streams.enumerated() {
      let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND
      posix_spawn_file_actions_addopen(&actions, Int32(number), path, flags, 0o600)
    }
    // The threads that tests run on block signals, and a new process would inherit that.
    let arguments =
      (["env", "--default-signal"] + (directory.map { ["--chdir=" + $0] } ?? []) + ["--"] + words)
      .map { strdup($0) }
      + [nil]
    let entries = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + entries).forEach { free($0) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, "/usr/bin/env", &actions, nil, arguments, entries)
    guard code == 0 else {
      throw CommandFailure(
        description: "could not run \(words): \(String(cString: strerror(code)))"
      )
    }
    return child
  }

  private static func wait(for child: pid_t) throws -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1 {
      guard errno == EINTR else { throw CommandFailure(description: "could not wait for \(child)") }
    }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }

  /// Runs `words`, which must succeed, and returns their output.
  @discardableResult
  public static func output(
    _ words: [String],
    environment: [String: String]? = nil,
    input: String = "",
    directory: String? = nil
  ) throws -> String {
    let result = try run(words, environment: environment, input: input, directory: directory)
    guard result.exitCode == 0 else {
      throw CommandFailure(
        description: "\(words.joined(separator: " ")) exited \(result.exitCode):\n"
          + result.output + result.errors
      )
    }
    return result.output
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
}
