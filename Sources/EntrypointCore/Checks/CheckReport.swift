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

  /// The report on an environment and on the certificates that it names.
  public init(_ outcome: Settings.Outcome, _ certificates: [CheckResult]) {
    var environment = CheckResult(.environment)
    environment.problems = outcome.problems
    outcome.settings?.describe(in: &environment)
    results = [environment] + certificates
  }

  /// The worst verdict of all.
  public var verdict: CheckResult.Verdict {
    max(.ok, results.map { $0.verdict }.max() ?? .ok)
  }

  /// The report, line by line.
  public func rendered(as format: Format) -> String {
    switch format {
    case .text: text
    case .json: json
    }
  }

  private var text: String {
    var text = ""
    for result in results {
      let values = result.values.map { "\($0.name) \($0.content.text)" }.joined(separator: ", ")
      text += padded(result.verdict.rawValue, 9) + padded(result.check.rawValue, 18)
      text += (result.verdict == .skipped ? result.reasonToSkip ?? "" : values) + "\n"
      for problem in result.problems {
        text += indented("\(problem.severity.rawValue): \(problem.subject): \(problem.message)", 9)
        if let detail = problem.detail { text += indented("detail: " + detail, 11) }
        if let hint = problem.hint { text += indented("hint: " + hint, 11) }
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

  private func padded(_ word: String, _ width: Int) -> String {
    word + String(repeating: " ", count: max(1, width - word.utf8.count))
  }

  private func indented(_ line: String, _ width: Int) -> String {
    String(repeating: " ", count: width) + line + "\n"
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

extension CheckResult.Value.Content {
  fileprivate var text: String {
    switch self {
    case .text(let text): Self.shown(text)
    case .number(let number): String(number)
    case .list(let texts):
      texts.isEmpty ? "none" : texts.map { Self.shown($0) }.joined(separator: " ")
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
    result.add("connect_host", places.connectAddress?.host ?? pod.connectHost)
    result.add("sslmode", tls.mode.rawValue)
    result.add("node_auth", nodes.auth.rawValue)
    result.add("client_auth", clients.auth.rawValue)
  }
}
