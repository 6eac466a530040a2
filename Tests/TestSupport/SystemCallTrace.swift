import Foundation

/// The system calls that a program makes, as strace sees them.
public struct SystemCallTrace {
  /// One call.
  public struct Call: Sendable, CustomStringConvertible {
    /// The system's name for it, `openat`.
    public let name: String
    /// How many calls of that name there were up to and with this one.
    public let occurrence: Int
    /// The file that it is about, by its name or through a descriptor.
    public let path: String?
    /// The whole line.
    public let description: String
    /// Whether the C library makes it before the program's own first line.
    public let isBeforeMain: Bool
  }

  /// The calls up to the one that makes the process another program, and with it.
  public let calls: [Call]

  /// Runs `words` to their end and notes their calls; `sandbox` are words before strace.
  public init(
    of words: [String],
    in sandbox: [String] = [],
    environment: [String: String]
  ) throws {
    let scratch = try TemporaryDirectory()
    let log = try scratch.write("log", "", mode: 0o666)
    let trace = ["strace", "-y", "-o", log]
    try Command.output(sandbox + trace + words, environment: environment)
    // strace starts to count after the call that made the process this program.
    try self.init(log: log, skipping: 1)
  }

  /// The calls in what strace wrote to the file `log`, without those of the first lines.
  public init(log: String, skipping first: Int = 0) throws {
    let text = try String(contentsOfFile: log, encoding: .utf8)
    var calls: [Call] = []
    var counts: [Substring: Int] = [:]
    var isBeforeMain = true
    for line in text.split(separator: "\n").dropFirst(first) {
      guard let parenthesis = line.firstIndex(of: "("), !line.hasPrefix("-"), !line.hasPrefix("+")
      else { continue }
      let name = line[..<parenthesis]
      counts[name, default: 0] += 1
      // The program's own first deed is to handle its defects.
      if name == "rt_sigaction" { isBeforeMain = false }
      calls.append(
        Call(
          name: String(name),
          occurrence: counts[name] ?? 0,
          path: Self.path(in: line),
          description: String(line),
          isBeforeMain: isBeforeMain
        )
      )
      if name == "execve" { break }
    }
    self.calls = calls
  }

  /// The first file name of a line: `"/file"`, or `3</file>`.
  private static func path(in line: Substring) -> String? {
    let named = line.firstMatch(of: #/"(/[^"]*)"/#).map { String($0.1) }
    return named ?? line.firstMatch(of: #/\(\d+<(/[^>]*)>/#).map { String($0.1) }
  }

  /// The words before a program that let `call` fail, or that end the program at it.
  public static func injecting(_ fault: String, at call: Call) -> [String] {
    ["strace"] + options(fault, at: call)
  }

  /// The same without strace's name.
  public static func options(_ fault: String, at call: Call) -> [String] {
    [
      "-o", "/dev/null", "-e", "trace=\(call.name)", "-e",
      "inject=\(call.name):\(fault):when=\(call.occurrence)",
    ]
  }
}
