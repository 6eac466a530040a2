import Foundation
import Testing

/// One pod of `Tests/EntrypointCoreTests/Scenarios`: a folder with its environment, and with what
/// should come of it.
///
/// - `environment`: a variable a line; `\n`, `\\` and `\xHH` stand for bytes, `#` begins a comment.
/// - `hostname`: the pod's host name, `pod-0` when there is no such file.
/// - `files/`: what the pod's file system holds, from its root.
/// - `patroni.yml`: the file with its secrets, when it can be rendered.
/// - `problems`: standard error, when anything is said.
/// - `explanation`: what `--explain` prints, where that tells most.
public struct Scenario: Sendable, CustomTestStringConvertible {
  /// The folder's name.
  public let name: String
  /// The entries of the environment.
  public let entries: [[UInt8]]
  /// The pod's host name.
  public let hostName: String

  /// Every scenario, by name.
  public static let all: [Scenario] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.sorted().compactMap { try? Scenario($0) }
  }()

  /// Those whose file can be rendered.
  public static let rendered = all.filter { $0.expectedFile != nil }

  private static let directory = Repository.root + "/Tests/EntrypointCoreTests/Scenarios"

  private init(name: String, entries: [[UInt8]], hostName: String) {
    self.name = name
    self.entries = entries
    self.hostName = hostName
  }

  private init(_ name: String) throws {
    self.name = name
    let text = try String(contentsOfFile: Self.directory + "/\(name)/environment", encoding: .utf8)
    entries = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      Self.unescaped(Array($0.utf8))
    }
    hostName = Self.read(name, "hostname")?.trimmingCharacters(in: .newlines) ?? "pod-0"
  }

  /// How test reports name it.
  public var testDescription: String { name }

  /// `patroni.yml` as it should be, or nil when it cannot be rendered.
  public var expectedFile: String? { Self.read(name, "patroni.yml") }

  /// What should stand on standard error.
  public var expectedProblems: String { Self.read(name, "problems") ?? "" }

  /// What `--explain` should print, or nil where nobody recorded it.
  public var expectedExplanation: String? { Self.read(name, "explanation") }

  /// Where the pod's own files are, or nil when it has none.
  public var files: String? {
    let path = Self.directory + "/\(name)/files"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The variables whose values are text.
  public var environment: [String: String] {
    var values: [String: String] = [:]
    for entry in entries {
      let text = String(decoding: entry, as: UTF8.self)
      guard let equals = text.firstIndex(of: "=") else { continue }
      values[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return values
  }

  /// The same pod with more in its environment.
  public func with(_ added: [String]) -> Scenario {
    Scenario(name: name, entries: entries + added.map { Array($0.utf8) }, hostName: hostName)
  }

  /// Writes what is expected from now on; an empty or nil text removes the file.
  public func record(file: String?, problems: String) throws {
    for (part, text) in [("patroni.yml", file), ("problems", problems)] {
      let path = Self.directory + "/\(name)/\(part)"
      if let text, !text.isEmpty {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      } else {
        try? FileManager.default.removeItem(atPath: path)
      }
    }
  }

  /// Writes what `--explain` should print from now on.
  public func record(explanation: String) throws {
    let path = Self.directory + "/\(name)/explanation"
    try explanation.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private static func read(_ name: String, _ part: String) -> String? {
    try? String(contentsOfFile: directory + "/\(name)/\(part)", encoding: .utf8)
  }

  private static func unescaped(_ line: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = line[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "n"): bytes.append(0x0a)
      case UInt8(ascii: "x"):
        bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
      default: bytes.append(next)
      }
    }
    return bytes
  }
}
