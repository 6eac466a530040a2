import PatroniConfig
import PostgresConfig

// Keys of the operator's that nobody but the program sets.
extension OverridesChecker {
  /// Refuses what an operator says beside a setting of the program's own, unless it is the same.
  mutating func judge(
    _ entry: YAMLMapping.Entry,
    beside setting: YAMLMapping.Entry,
    _ name: String
  ) {
    let source = setting.value.source
    if source?.isFaulty != true, setting.value.says(entry.value) {
      reportNeedless(name, entry.origin, source?.variableInUse)
    } else if let refusal = setting.refusal {
      report(
        entry.origin,
        entry.value.isNull ? "\(name) cannot be removed" : "\(name) cannot be set here",
        detail: refusal.reason.sentence,
        hint: refusal.isReplaceable
          ? "Write another value, or remove the line." : setting.value.way(refusal.instead)
      )
    }
  }

  mutating func reportNeedless(_ name: String, _ origin: YAMLOrigin?, _ variable: String?) {
    report(
      origin,
      "\(name) already has this value",
      hint: (variable.map { "\($0) decides it; the" } ?? "The") + " line can be removed.",
      as: .note
    )
  }
}

extension YAMLMapping.Entry {
  /// Whether somebody else's value has to be looked at.
  func refuses(_ value: YAMLNode) -> Bool {
    refusal.map { !$0.isReplaceable || value.isNull } ?? false
  }
}

extension YAMLNode {
  var isNull: Bool { if case .plain(_, .null) = content { true } else { false } }

  /// Whether `other`, which somebody wrote, means the same to Patroni and PostgreSQL.
  func says(_ other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.secret(let secret), .string(let text)): secret == Secret(text)
    case (.plain(_, .boolean), .plain(_, .boolean)): truth != nil && truth == other.truth
    case (.plain(_, .null), .plain(_, .null)): true
    case (.plain(_, .null), _), (_, .plain(_, .null)), (.plain(_, .boolean), _): false
    case (.string, .plain(_, .boolean)): truth != nil && truth == other.truth
    default:
      scalarText.map { mine in
        other.scalarText.map { $0.utf8.elementsEqual(mine.utf8) } ?? false
      } ?? false
    }
  }

  private var truth: Bool? {
    switch scalarText?.lowercased() {
    case "on", "true", "yes": true
    case "off", "false", "no": false
    default: nil
    }
  }

  /// What to do instead of replacing the value: `instead`, or what its source says.
  func way(_ instead: String?) -> String {
    var holds: String?
    switch content {
    case .string, .plain(_, .integer), .plain(_, .boolean): holds = scalarText.map { quoted($0) }
    case .secret, .plain, .sequence, .mapping: break
    }
    if let name = source?.ownVariable {
      let change = instead ?? "Change \(name)"
      return holds.map { "\(name) sets it to \($0). \(change), or remove the line." }
        ?? "\(change), or remove the line."
    }
    switch source {
    case .unset(let name):
      let set = instead ?? "Set \(name)"
      return holds.map { "It is \($0), as \(name) is not set. \(set), or remove the line." }
        ?? "\(set), and remove the line."
    case .faulty(let name): return "\(instead ?? "Set \(name)"), and remove the line."
    default: return instead.map { "\($0), and remove the line." } ?? "Remove the line."
    }
  }
}

extension String {
  /// A clause as a sentence.
  fileprivate var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
