import PatroniConfig
import PostgresConfig

/// Reads variables and collects everything that is wrong with them.
struct EnvironmentReader {
  let environment: Environment
  let podFiles: PodFiles
  private(set) var problems: [Problem] = []
  /// How many faults left a setting without a value that can be meant.
  private(set) var faults = 0

  init(environment: Environment, podFiles: PodFiles) {
    self.environment = environment
    self.podFiles = podFiles
  }

  /// Reports under the name of the file that a variable's value was read from.
  mutating func report(_ problem: Problem) {
    var problem = problem
    problem.subject = environment.file(of: problem.subject) ?? problem.subject
    problems.append(problem)
  }

  /// Reports settings that exclude each other, so that what follows from them is not worth reporting.
  mutating func reportContradiction(_ problem: Problem) {
    report(problem)
    faults += 1
  }

  /// The source of a value that only stands in for a faulty one, which was reported.
  mutating func fault(_ variable: EnvironmentVariable) -> Source { fault(variable.name) }

  private mutating func fault(_ name: String) -> Source {
    faults += 1
    return .faulty(name)
  }

  /// A text, from the variable or from its second name.
  mutating func text(_ variable: EnvironmentVariable) -> Sourced<String?> {
    let first = text(named: variable.name, otherwise: .unset(variable.name))
    guard let alias = variable.alias else { return first }
    let second = text(named: alias, otherwise: .unset(variable.name))
    if first.isFaulty || second.isFaulty { return first.isFaulty ? first : second }
    guard let one = first.wrappedValue else { return second }
    guard let other = second.wrappedValue, one != other else { return first }
    report(
      Problem(
        variable.name,
        "conflicts with \(alias)",
        detail: "\(variable.name) is \(quoted(one)) and \(alias) is \(quoted(other)).",
        hint: "Set one of them, or both to the same value."
      )
    )
    return Sourced(nil, fault(variable))
  }

  private mutating func text(named name: String, otherwise unset: Source) -> Sourced<String?> {
    switch environment[name] {
    case .unset: return Sourced(nil, unset)
    case .text(let text): return Sourced(text, environment.source(of: name))
    case .empty:
      report(Problem(name, "is empty", hint: "Give it a value, or remove it from the pod."))
    case .faulty(let problem): report(problem)
    case .notUTF8(let bytes):
      report(
        Problem(
          name,
          "is not valid UTF-8",
          detail: isSecret(name)
            ? "The value is secret and not shown." : "It is \(quoted(bytes)).",
          hint: "Encode the value in UTF-8."
        )
      )
    }
    return Sourced(nil, fault(name))
  }

  /// A variable that is Patroni's own business: an empty one counts as not set, as it does there.
  mutating func passedText(_ name: String) -> Sourced<String?> {
    let unset = Source.unset(name)
    return environment[name] == .empty ? Sourced(nil, unset) : text(named: name, otherwise: unset)
  }

  private func isSecret(_ name: String) -> Bool {
    EnvironmentVariable.secrets.contains { $0.name == name }
  }

  /// A text that must be there.
  mutating func required(_ variable: EnvironmentVariable, hint: String) -> Sourced<String?> {
    let text = text(variable)
    guard case .unset = text.source else { return text }
    let also = variable.alias.map { ", and neither is \($0)" } ?? ""
    report(Problem(variable.name, "is not set\(also)", hint: hint))
    return Sourced(nil, fault(variable))
  }

  /// A value made from a text; `expectation` is the sentence that says what would be right.
  mutating func value<Value: Sendable>(
    _ variable: EnvironmentVariable,
    expectation: String,
    hint: String? = nil,
    parse: (String) -> Value?
  ) -> Sourced<Value?> {
    let text = text(variable)
    return value(of: text, variable, expectation: expectation, hint: hint, parse: parse)
  }

  /// A value made from what was read of a variable.
  mutating func value<Value: Sendable>(
    of text: Sourced<String?>,
    _ variable: EnvironmentVariable,
    expectation: String,
    hint: String? = nil,
    parse: (String) -> Value?
  ) -> Sourced<Value?> {
    guard let word = text.wrappedValue else { return Sourced(nil, text.source) }
    if let value = parse(word) { return Sourced(value, text.source) }
    reportInvalid(variable, word, expectation: expectation, hint: hint)
    return Sourced(nil, fault(variable))
  }

  /// One of a few words, which `expectation` lists when they do not list themselves well.
  mutating func choice<Value: CaseIterable & RawRepresentable<String> & Sendable>(
    _ variable: EnvironmentVariable,
    of type: Value.Type = Value.self,
    expectation: String? = nil
  ) -> Sourced<Value?> {
    let text = text(variable)
    guard let word = text.wrappedValue else { return Sourced(nil, text.source) }
    if let value = Value(rawValue: word) { return Sourced(value, text.source) }
    let words = Value.allCases.map { $0.rawValue }
    reportInvalid(
      variable,
      word,
      expectation: expectation ?? "Accepted values are \(words.joined(separator: ", ")).",
      hint: nearest(to: word, among: words).map { "Set \(variable.name)=\($0)." }
    )
    return Sourced(nil, fault(variable))
  }

  mutating func reportInvalid(
    _ variable: EnvironmentVariable,
    _ text: String,
    expectation: String,
    hint: String?
  ) {
    let reference = UnexpandedReference.first(in: text)
    report(
      Problem(
        nameInUse(variable),
        "invalid value \(quoted(text))",
        detail: expectation,
        hint: reference.map { UnexpandedReference.hint(for: $0) } ?? hint
      )
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
  mutating func secret(_ variable: EnvironmentVariable) -> Sourced<Secret?> {
    let direct = text(variable)
    let path = text(named: variable.fileName, otherwise: .unset(variable.name))
    if direct.isFaulty || path.isFaulty { return Sourced(nil, fault(variable)) }
    if direct.wrappedValue != nil, path.wrappedValue != nil {
      report(
        Problem(variable.name, "conflicts with \(variable.fileName)", hint: "Set one of them.")
      )
      return Sourced(nil, fault(variable))
    }
    let (subject, source, text): (String, Source, String?)
    if let path = path.wrappedValue {
      (subject, source) = (variable.fileName, environment.source(of: variable.fileName))
      text = secretFile(path, variable)
      if text == nil { return Sourced(nil, fault(variable)) }
    } else {
      (subject, source, text) = (variable.name, direct.source, direct.wrappedValue)
    }
    guard let text else { return Sourced(nil, source) }
    guard !text.utf8.contains(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) else {
      report(
        Problem(
          subject,
          "contains a line break",
          detail: "initdb and .pgpass read a password from one line, so it would be truncated.",
          hint: "Choose a secret without line breaks."
        )
      )
      return Sourced(nil, fault(variable))
    }
    guard !text.utf8.starts(with: [0xef, 0xbb, 0xbf]) else {
      report(
        Problem(
          subject,
          "begins with a byte order mark",
          detail: "It would become part of the secret.",
          hint: "Save it as UTF-8 without one: sed -i '1s/^\\xef\\xbb\\xbf//' FILE"
        )
      )
      return Sourced(nil, fault(variable))
    }
    return Sourced(Secret(text), source)
  }

  private mutating func secretFile(_ path: String, _ variable: EnvironmentVariable) -> String? {
    guard let bytes = content(of: path, for: variable.fileName) else { return nil }
    var line = bytes[...]
    if line.last == 0x0a { line = line.dropLast() }
    if line.last == 0x0d { line = line.dropLast() }
    guard !line.isEmpty else {
      report(Problem(variable.fileName, "file \(quoted(path)) is empty"))
      return nil
    }
    guard let text = String(validating: line, as: UTF8.self) else {
      report(
        Problem(
          variable.fileName,
          "file \(quoted(path)) is not valid UTF-8",
          hint: "Encode the secret in UTF-8."
        )
      )
      return nil
    }
    return text
  }

  /// The content of a gathered file; reports under `subject` when there is none.
  mutating func content(of path: String, for subject: String) -> [UInt8]? {
    if let problem = unreadable(path, for: subject) { report(problem) }
    guard case .content(let bytes) = podFiles.contents[path] else { return nil }
    return bytes
  }

  /// Why a gathered file has no content, as a problem of `subject`.
  func unreadable(_ path: String, for subject: String) -> Problem? {
    switch podFiles.contents[path] {
    case .content, .pem: nil
    case .absent(let reason), .failed(let reason):
      Problem(subject, "could not read file \(quoted(path)): \(reason)")
    case .nowhere(let reason):
      Problem(
        subject,
        "could not read the file that it names: \(reason)",
        detail: "The value is not shown because it may be the secret itself.",
        hint: "Set it to the absolute path of a file that is mounted."
      )
    case .tooLong(let limit):
      Problem(subject, "file \(quoted(path)) is longer than \(limit >> 20) MB")
    case .directory:
      Problem(subject, "could not read file \(quoted(path)): Is a directory")
    case nil: Problem(subject, "could not read file \(quoted(path))")
    }
  }

  /// An absolute path.
  mutating func path(_ variable: EnvironmentVariable) -> Sourced<String?> {
    let expectation = "It must be an absolute path without control characters."
    let text = text(variable)
    guard let path = text.wrappedValue else { return text }
    let isOneLine = !path.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    if path.hasPrefix("/"), isOneLine { return text }
    if variable.mayHoldSecret {
      report(
        Problem(
          nameInUse(variable),
          "is not the path of a file",
          detail: expectation
            + " The value is not shown because it may be the content of the file."
        )
      )
    } else {
      reportInvalid(variable, path, expectation: expectation, hint: nil)
    }
    return Sourced(nil, fault(variable))
  }

  /// A role's name.
  mutating func role(
    _ variable: EnvironmentVariable,
    version: PostgresVersion
  ) -> Sourced<RoleName?> {
    let text = text(variable)
    guard let name = text.wrappedValue else { return Sourced(nil, text.source) }
    guard let role = roleName(name, of: variable, version: version) else {
      return Sourced(nil, fault(variable))
    }
    return Sourced(role, text.source)
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
      "A role name has at most \(RoleName.longestName) bytes; this one has \(bytes)."
    case .controlCharacter: "A role name with a control character cannot be written to pg_hba.conf."
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
