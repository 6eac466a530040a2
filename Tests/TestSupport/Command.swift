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
}

/// Runs programs. Nothing is inherited but what is passed.
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
    let (outputPath, errorPath) = (scratch.path + "/out", scratch.path + "/err")
    let inputPath = try scratch.write("in", input)
    for path in [outputPath, errorPath] {
      try Data().write(to: URL(fileURLWithPath: path))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Foundation's threads block signals, and a new process would inherit that.
    process.arguments = ["--default-signal", "--"] + words
    process.environment = environment ?? plainEnvironment
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.standardInput = FileHandle(forReadingAtPath: inputPath)
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: errorPath)
    try process.run()
    process.waitUntilExit()
    let signalled = process.terminationReason == .uncaughtSignal
    return CommandResult(
      exitCode: process.terminationStatus + (signalled ? 128 : 0),
      output: try text(outputPath),
      errors: try text(errorPath)
    )
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
