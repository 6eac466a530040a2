import PostgresConfig

/// Reads variables and collects everything that is wrong with them.
struct EnvironmentReader {
  let environment: Environment
  let surroundings: Surroundings
  private(set) var problems: [Problem] = []

  /// What became of reading a variable.
  ///
  /// A faulty one was reported, and nothing that depends on it is worth reporting, too.
  enum Reading<Value> {
    case unset
    case value(Value)
    case faulty

    /// The value, or `fallback` when the variable is not set; nil when it is faulty.
    func or(_ fallback: @autoclosure () -> Value) -> Value? {
      switch self {
      case .unset: fallback()
      case .value(let value): value
      case .faulty: nil
      }
    }

    /// As `or`, for something that need not be there.
    var optional: Value?? {
      switch self {
      case .unset: .some(nil)
      case .value(let value): .some(value)
      case .faulty: nil
      }
    }

    func map<Other>(_ transform: (Value) -> Reading<Other>) -> Reading<Other> {
      switch self {
      case .unset: .unset
      case .value(let value): transform(value)
      case .faulty: .faulty
      }
    }
  }

  init(environment: Environment, surroundings: Surroundings) {
    self.environment = environment
    self.surroundings = surroundings
  }

  mutating func report(_ problem: Problem) {
    problems.append(problem)
  }

  /// A text, from the variable or from its second name.
  mutating func text(_ variable: EnvironmentVariable) -> Reading<String> {
    let first = text(named: variable.name)
    guard let alias = variable.alias else { return first }
    let second = text(named: alias)
    switch (first, second) {
    case (.faulty, _), (_, .faulty): return .faulty
    case (.unset, _): return second
    case (_, .unset): return first
    case (.value(let one), .value(let other)):
      guard one != other else { return first }
      report(
        Problem(
          variable.name,
          "conflicts with \(alias)",
          detail: "\(variable.name) is \(quoted(one)) and \(alias) is \(quoted(other)).",
          hint: "Set one of them, or both to the same value."
        )
      )
      return .faulty
    }
  }

  private mutating func text(named name: String) -> Reading<String> {
    switch environment[name] {
    case .unset: return .unset
    case .text(let text): return .value(text)
    case .empty:
      report(Problem(name, "is empty", hint: "Give it a value, or remove it from the pod."))
      return .faulty
    case .notUTF8(let bytes):
      report(
        Problem(
          name,
          "is not valid UTF-8",
          detail: isSecret(name)
            ? "The value is a secret and not shown." : "It is \(quoted(bytes)).",
          hint: "Encode the value in UTF-8."
        )
      )
      return .faulty
    }
  }

  /// A variable that is Patroni's own business: an empty one counts as not set, as it does there.
  mutating func passedText(_ name: String) -> Reading<String> {
    environment[name] == .empty ? .unset : text(named: name)
  }

  private func isSecret(_ name: String) -> Bool {
    EnvironmentVariable.secrets.contains { $0.name == name }
  }

  /// A text that must be there.
  mutating func required(_ variable: EnvironmentVariable, hint: String) -> String? {
    switch text(variable) {
    case .value(let text): return text
    case .faulty: return nil
    case .unset:
      let also = variable.alias.map { " and \($0) is not, either" } ?? ""
      report(Problem(variable.name, "is not set\(also)", hint: hint))
      return nil
    }
  }

  /// A value made from a text; `expectation` is the sentence that says what would be right.
  mutating func value<Value>(
    _ variable: EnvironmentVariable,
    expectation: String,
    hint: String? = nil,
    parse: (String) -> Value?
  ) -> Reading<Value> {
    text(variable).map { text in
      if let value = parse(text) { return .value(value) }
      reportInvalid(variable, text, expectation: expectation, hint: hint)
      return .faulty
    }
  }

  /// One of a few words.
  mutating func choice<Value: CaseIterable & RawRepresentable<String>>(
    _ variable: EnvironmentVariable,
    of type: Value.Type = Value.self
  ) -> Reading<Value> {
    text(variable).map { text in
      if let value = Value(rawValue: text) { return .value(value) }
      let words = Value.allCases.map { $0.rawValue }
      reportInvalid(
        variable,
        text,
        expectation: "Accepted values are \(words.joined(separator: ", ")).",
        hint: nearest(to: text, among: words).map { "Set \(variable.name)=\($0)." }
      )
      return .faulty
    }
  }

  mutating func reportInvalid(
    _ variable: EnvironmentVariable,
    _ text: String,
    expectation: String,
    hint: String?
  ) {
    report(
      Problem(nameInUse(variable), "invalid value \(quoted(text))", detail: expectation, hint: hint)
    )
  }

  /// The name under which `variable` is set in this pod.
  func nameInUse(_ variable: EnvironmentVariable) -> String {
    guard let alias = variable.alias, !environment.has(variable.name) else { return variable.name }
    return environment.has(alias) ? alias : variable.name
  }

  /// A secret, from the variable or from the file that `NAME_FILE` names.
  ///
  /// No line break: `initdb` reads one line of its password file, and a `.pgpass` entry is one.
  mutating func secret(_ variable: EnvironmentVariable) -> Reading<Secret> {
    let direct = text(variable)
    let path = text(named: variable.fileName)
    let reading: Reading<String>
    let subject: String
    switch (direct, path) {
    case (.faulty, _), (_, .faulty): return .faulty
    case (.unset, .unset): return .unset
    case (.value, .value):
      report(
        Problem(
          variable.name,
          "conflicts with \(variable.fileName)",
          hint: "Set one of them."
        )
      )
      return .faulty
    case (.value, .unset): (reading, subject) = (direct, variable.name)
    case (.unset, .value(let path)):
      (reading, subject) = (secretFile(path, variable), variable.fileName)
    }
    return reading.map { text in
      guard !text.utf8.contains(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) else {
        report(
          Problem(
            subject,
            "contains a line break",
            detail: "initdb and .pgpass hold a password on one line, so it would be cut off.",
            hint: "Choose a secret without line breaks."
          )
        )
        return .faulty
      }
      return .value(Secret(text))
    }
  }

  private mutating func secretFile(
    _ path: String,
    _ variable: EnvironmentVariable
  ) -> Reading<String> {
    guard let bytes = content(of: path, for: variable.fileName) else { return .faulty }
    var line = bytes[...]
    if line.last == 0x0a { line = line.dropLast() }
    if line.last == 0x0d { line = line.dropLast() }
    guard !line.isEmpty else {
      report(Problem(variable.fileName, "file \(quoted(path)) is empty"))
      return .faulty
    }
    guard let text = String(validating: line, as: UTF8.self) else {
      report(
        Problem(
          variable.fileName,
          "file \(quoted(path)) is not valid UTF-8",
          hint: "Encode the secret in UTF-8."
        )
      )
      return .faulty
    }
    return .value(text)
  }

  /// The content of a gathered file; reports under `subject` when there is none.
  mutating func content(of path: String, for subject: String) -> [UInt8]? {
    switch surroundings.files[path] {
    case .content(let bytes): return bytes
    case .absent(let reason), .failed(let reason):
      report(Problem(subject, "could not read file \(quoted(path)): \(reason)"))
    case .tooLong(let limit):
      report(Problem(subject, "file \(quoted(path)) is longer than \(limit >> 20) MB"))
    case .directory:
      report(Problem(subject, "could not read file \(quoted(path)): Is a directory"))
    case nil:
      report(Problem(subject, "could not read file \(quoted(path))"))
    }
    return nil
  }

  /// An absolute path.
  mutating func path(_ variable: EnvironmentVariable) -> Reading<String> {
    value(variable, expectation: "It must be an absolute path without control characters.") {
      $0.hasPrefix("/") && !$0.utf8.contains { $0 < 0x20 || $0 == 0x7f } ? $0 : nil
    }
  }

  /// A role's name.
  mutating func role(_ variable: EnvironmentVariable, version: PostgresVersion) -> Reading<RoleName>
  {
    text(variable).map {
      roleName($0, of: variable, version: version).map { .value($0) } ?? .faulty
    }
  }

  /// Checks one role name of a variable, and reports what is wrong with it.
  mutating func roleName(
    _ text: String,
    of variable: EnvironmentVariable,
    version: PostgresVersion
  ) -> RoleName? {
    do throws(RoleName.Fault) {
      return try RoleName(text, version: version)
    } catch {
      reportInvalid(variable, text, expectation: error.sentence, hint: nil)
      return nil
    }
  }
}

/// A variable that turns something on or off.
enum Switch: String, CaseIterable {
  case on
  case off
}

extension RoleName.Fault {
  fileprivate var sentence: String {
    switch self {
    case .tooLong(let bytes):
      "A role name holds at most \(RoleName.longestName) bytes; this one has \(bytes)."
    case .controlCharacter: "A role name with a control character cannot stand in pg_hba.conf."
    case .reserved: "PostgreSQL reserves the names public, none and pg_…."
    case .readAsPattern:
      "PostgreSQL 16 and later read a name that begins with a slash as a regular expression."
    }
  }
}

/// The words of a list, which commas or white space separate.
func words(in text: String) -> [String] {
  text.split { $0 == "," || $0 == " " || $0 == "\n" || $0 == "\t" }.map { String($0) }
}

/// The entries of a list that commas separate; white space around an entry does not count.
func entries(in text: String) -> [String] {
  text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
}

private func trimmed(_ text: Substring) -> String {
  let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" }
  var rest = text.drop(while: isSpace)
  while let last = rest.last, isSpace(last) { rest.removeLast() }
  return String(rest)
}
