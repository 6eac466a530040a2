import PostgresConfig

/// What `--check` prints.
public struct CheckReport: Sendable {
  /// For whom it is.
  public enum Format: String, Sendable {
    /// For a person.
    case text
    /// For a program.
    case json
  }

  private let results: [CheckResult]

  /// The report on an environment, on the certificates that it names, and on those who watch them beside
  /// the file in use.
  public init(
    _ checked: CheckedSettings,
    _ certificates: [CheckResult],
    watchers: [WatcherCondition] = [],
    inUse file: FileInUse? = nil
  ) {
    var environment = CheckResult(.environment)
    environment.problems = checked.problems
    checked.settings?.describe(in: &environment)
    let note = checked.settings.flatMap { file?.note(comparedWith: $0) }
    let watched = watchers.map { watcher -> CheckResult in
      var result = CheckResult(watcher)
      if let note { result.problems.append(note) }
      return result
    }
    results = [environment] + certificates + watched
  }

  /// The worst verdict of all.
  public var verdict: CheckResult.Verdict {
    max(.ok, results.map { $0.verdict }.max() ?? .ok)
  }

  /// The report, line by line.
  public func rendered(as format: Format, on terminal: Terminal = .absent) -> String {
    switch format {
    case .text: text(on: terminal)
    case .json: json
    }
  }

  private func text(on terminal: Terminal) -> String {
    let indent = "         "
    var text = ""
    for result in results {
      let verdict = result.verdict
      text += terminal.styled(verdict.rawValue.padded(to: 9), verdict.style)
      text += result.check.rawValue.padded(to: 18)
      let words = verdict == .skipped ? (result.reasonToSkip ?? "").words : result.words
      text += terminal.filled(words, from: 27, indent: 27) + "\n"
      for problem in result.problems {
        for (index, line) in problem.lines.enumerated() {
          text += indent + (index == 0 ? "" : "  ")
          text += terminal.filled(line.words, from: index == 0 ? 9 : 11, indent: 13) + "\n"
        }
      }
    }
    return text + summary
  }

  /// `13 checks: 11 ok, 1 error, 1 skipped`.
  private var summary: String {
    let verdicts: [CheckResult.Verdict] = [.ok, .note, .warning, .error, .skipped]
    let counts = verdicts.map { verdict in
      (results.count { $0.verdict == verdict }, verdict.rawValue)
    }
    let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "\(results.count) checks: \(parts.joined(separator: ", "))\n"
  }

  /// An object with a check a line.
  ///
  /// `version` changes when a program that reads the report would have to.
  private var json: String {
    let checks = results.map { result -> String in
      var members = [
        JSON.member("check", .text(result.check.rawValue)),
        JSON.member("verdict", .text(result.verdict.rawValue)),
      ]
      if result.verdict == .skipped {
        members.append(JSON.member("reason", .text(result.reasonToSkip ?? "")))
      }
      let values = result.values.map { JSON.member($0.name, $0.content) }
      members.append(JSON.string("values") + ": " + JSON.object(values))
      let problems = result.problems.map { JSON.problem($0) }
      members.append(JSON.string("problems") + ": " + JSON.array(problems))
      return "    " + JSON.object(members)
    }
    return "{\n  \"version\": 1,\n  \"verdict\": \(JSON.string(verdict.rawValue)),\n"
      + "  \"checks\": [\n" + checks.joined(separator: ",\n") + "\n  ]\n}\n"
  }
}

extension CheckResult.Verdict {
  fileprivate var style: Terminal.Style {
    switch self {
    case .skipped: .faint
    case .ok: .green
    case .note: .cyan
    case .warning: .yellow
    case .error: .red
    }
  }
}

extension CheckResult {
  /// The values with commas between them; a name and what follows it stay on one line.
  fileprivate var words: [String] {
    var words: [String] = []
    for value in values {
      if !words.isEmpty { words[words.count - 1] += "," }
      let texts = value.content.texts
      words.append("\(value.name) \(texts[0])")
      words += texts.dropFirst()
    }
    return words
  }
}

extension CheckResult.Value.Content {
  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [Self.shown(text)]
    case .number(let number): [String(number)]
    case .list(let texts): texts.isEmpty ? ["none"] : texts.map { Self.shown($0) }
    }
  }

  /// In quotes where it would not be clear where it ends.
  private static func shown(_ text: String) -> String {
    let isOneWord = !text.isEmpty && !text.utf8.contains { $0 == 0x20 || $0 == UInt8(ascii: ",") }
    return isOneWord ? EntrypointCore.shown(key: text) : quoted(text)
  }
}

extension Settings {
  /// The settings that say most.
  fileprivate func describe(in result: inout CheckResult) {
    result.add("scope", cluster.scope)
    result.add("name", pod.name)
    result.add("connect_host", server.connectAddress.host)
    result.add("sslmode", tls.mode.rawValue)
    result.add("node_auth", nodes.auth.rawValue)
    result.add("client_auth", clients.auth.rawValue)
  }
}
