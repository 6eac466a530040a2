import PatroniConfig
import PostgresConfig

/// The process's environment, as the kernel handed it over.
public struct Environment: Sendable {
  /// What a name stands for.
  public enum Value: Equatable, Sendable {
    /// There is no such variable.
    case unset
    /// There is one, and nothing is in it.
    case empty
    /// A text.
    case text(String)
    /// Bytes that are not UTF-8.
    case notUTF8([UInt8])
    /// What cannot be used, and why.
    indirect case faulty(Problem)
  }

  private var values: [String: [UInt8]] = [:]
  /// What came from files; one at most.
  ///
  /// Every look at a variable copies this structure, and an empty list costs nothing.
  private var fileValues: [FileValues] = []

  /// What came from files.
  private struct FileValues: Sendable {
    /// The files that values were read from, by the variable's name.
    var files: [String: String] = [:]
    /// Why values cannot be used, by the variable's name.
    var faults: [String: Problem] = [:]
    var hasDirectory = false
    var member: RunningMember?
    var problems: [Problem] = []
  }

  /// Reads entries of the form `NAME=value`; of two with the same name the first counts, as for
  /// `getenv`.
  ///
  /// An entry without an equals sign, or whose name is not UTF-8, is nobody's.
  public init(entries: [[UInt8]]) {
    values.reserveCapacity(entries.count)
    // Backwards, so that the first of two stays.
    for entry in entries.reversed() {
      guard let equals = entry.firstIndex(of: UInt8(ascii: "=")),
        let name = String(validating: entry[..<equals], as: UTF8.self)
      else { continue }
      values[name] = Array(entry[(equals + 1)...])
    }
  }

  /// What `name` stands for.
  public subscript(name: String) -> Value {
    if !fileValues.isEmpty, let fault = fileValues[0].faults[name] { return .faulty(fault) }
    guard let bytes = values[name] else { return .unset }
    if bytes.isEmpty { return .empty }
    guard let text = String(validating: bytes, as: UTF8.self) else { return .notUTF8(bytes) }
    return .text(text)
  }

  /// The text that `name` stands for, or nil when it stands for none.
  public func text(_ name: String) -> String? {
    guard case .text(let text) = self[name] else { return nil }
    return text
  }

  /// Whether there is such a variable, with whatever value.
  public func has(_ name: String) -> Bool { values[name] != nil || isFaulty(name) }

  private func isFaulty(_ name: String) -> Bool { fileValues.first?.faults[name] != nil }

  /// Whether there is such a variable with something in it.
  public func isGiven(_ name: String) -> Bool { values[name]?.isEmpty == false }

  /// What follows `prefix` in the names that begin with it and have something in them.
  public func given(after prefix: String) -> [String] {
    values.compactMap { name, value in
      value.isEmpty || !name.begins(with: prefix)
        ? nil : String(name.utf8.dropFirst(prefix.utf8.count))
    }
  }

  /// The names that `isWanted` says, sorted; it sees the bytes of the value, too.
  func names(where isWanted: (_ name: String, _ value: [UInt8]) -> Bool) -> [String] {
    var names: [String] = []
    for (name, value) in values where isWanted(name, value) { names.append(name) }
    return names.count > 1 ? names.sorted() : names
  }

  /// Every name, sorted.
  public var names: [String] { values.keys.sorted() }

  /// The file that the value of `name` was read from; nil when the environment itself has it.
  public func file(of name: String) -> String? {
    fileValues.isEmpty ? nil : fileValues[0].files[name]
  }

  /// Whether there is a directory with settings.
  public internal(set) var hasDirectory: Bool {
    get { fileValues.first?.hasDirectory ?? false }
    set { changeFileValues { $0.hasDirectory = newValue } }
  }

  /// The member that runs, when the environment is read for one.
  var member: RunningMember? {
    get { fileValues.first?.member }
    set { changeFileValues { $0.member = newValue } }
  }

  /// What there is to say about where values were read from.
  public var problems: [Problem] { fileValues.first?.problems ?? [] }

  private mutating func changeFileValues(_ change: (inout FileValues) -> Void) {
    if fileValues.isEmpty { fileValues.append(FileValues()) }
    change(&fileValues[0])
  }

  /// Takes the value of `name` from a file, unless the environment has one.
  mutating func add(_ name: String, _ value: [UInt8], from file: String) {
    guard let own = values[name] else {
      values[name] = value
      return changeFileValues { $0.files[name] = file }
    }
    if own == value { return }
    changeFileValues { $0.faults[name] = .twoValues(of: name, own, value, in: file) }
  }

  /// Notes that the file which stands for `name` has no value that could be used.
  mutating func add(_ name: String, _ fault: Problem, from file: String) {
    changeFileValues {
      $0.faults[name] = fault
      $0.files[name] = file
    }
  }

  /// Takes a value that holds until the next start.
  mutating func keep(_ value: RunningMember.Value) {
    values[value.name] = value.bytes
    changeFileValues { $0.files[value.name] = value.file }
  }

  /// The values that were read from files, by name.
  var valuesFromFiles: [RunningMember.Value] {
    (fileValues.first?.files ?? [:]).keys.sorted().compactMap { name in
      guard let bytes = values[name], let file = file(of: name) else { return nil }
      return RunningMember.Value(name: name, bytes: bytes, file: file)
    }
  }

  /// The value of `name`, as bytes.
  func bytes(_ name: String) -> [UInt8]? { values[name] }

  /// The entries of the environment itself that settings are read from and `isWanted` is true of.
  func entries(_ isWanted: (String) -> Bool) -> [[UInt8]] {
    names.filter { file(of: $0) == nil && Self.counts($0) && isWanted($0) }.map {
      Array($0.utf8) + [UInt8(ascii: "=")] + (values[$0] ?? [])
    }
  }

  /// Whether settings depend on a variable of this name.
  private static func counts(_ name: String) -> Bool {
    name.begins(with: "PATRONI_") || name == "KUBERNETES_SERVICE_HOST"
      || EnvironmentVariable.all.contains { $0.allNames.contains(name) }
  }

  /// A number that tells whether anything has changed.
  public func hash(into hasher: inout Hasher) {
    for name in names {
      hasher.combine(name)
      hasher.combine(values[name])
    }
    let faults = fileValues.first?.faults ?? [:]
    for name in faults.keys.sorted() { hasher.combine(faults[name]?.text) }
    for problem in problems { hasher.combine(problem.text) }
  }

  /// Adds something to say about where values are read from.
  mutating func report(_ problem: Problem) {
    changeFileValues { $0.problems.append(problem) }
  }
}

extension Environment {
  /// What decided a value that `name` has.
  func source(of name: String) -> Source {
    file(of: name).map { .file($0) } ?? .variable(name)
  }
}

extension Problem {
  fileprivate static func twoValues(
    of name: String,
    _ own: [UInt8],
    _ value: [UInt8],
    in file: String
  ) -> Problem {
    let variable = EnvironmentVariable.all.first { $0.name == name || $0.alias == name }
    return Problem(
      name,
      "conflicts with file \(quoted(file))",
      detail: variable?.mayHoldSecret == false
        ? "The environment has \(quoted(own)), and the file has \(quoted(value))."
        : "The values differ; they are not shown because they may be secret.",
      hint: "Remove the variable from the pod, or the file from the directory."
    )
  }
}
