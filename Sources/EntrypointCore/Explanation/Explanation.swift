import PatroniConfig
import PostgresConfig

/// Every setting of patroni.yml with its value and with what decided it.
public struct Explanation: Sendable {
  /// What is printed.
  public enum Format: String, Sendable {
    /// What was set, by variables and by the operator, on a terminal; everything elsewhere.
    case text
    /// What was set, then what was not.
    case all
    /// For a program: a list of objects.
    case json
  }

  /// One setting.
  public struct Row: Equatable, Sendable {
    /// Its keys, with dots between them, and the index of an item of a list in brackets.
    public let setting: String
    /// Its value; `<redacted>` for a secret.
    public let value: String
    /// What made the program write it; nil when somebody else wrote all of it.
    public let source: Source?
    /// Where the operator wrote it, or added to it.
    public let origin: YAMLOrigin?
    /// What the file in use says instead; nil when it says the same, or when none is in use.
    public fileprivate(set) var inUse: InUse?
  }

  /// What the file in use says otherwise.
  public enum InUse: Equatable, Sendable {
    /// Another value.
    case value(String)
    /// Nothing.
    case absent
  }

  /// The settings in the order of the file.
  public private(set) var rows: [Row] = []
  /// What only the file in use says: names and values.
  public private(set) var gone: [(setting: String, value: String)] = []
  private let comparesFile: Bool

  /// Explains what `settings` come to in a patroni.yml at `path`, and marks what `file` says otherwise.
  public init(of settings: Settings, at path: String, inUse file: FileInUse? = nil) {
    comparesFile = file != nil
    add(settings.namingCertificates(beside: path).document, path: "", within: nil)
    if let file { mark(file.differences(from: settings)) }
  }

  private mutating func mark(_ differences: [DocumentDifference]) {
    var marks: [String: InUse] = [:]
    for difference in differences {
      let old =
        difference.old?.isSecret == true || difference.new?.isSecret == true
        ? Secret.redacted : difference.old?.plainText ?? ""
      if difference.new == nil {
        gone.append((difference.setting, old))
      } else {
        marks[difference.setting] = difference.old == nil ? .absent : .value(old)
      }
    }
    if marks.isEmpty { return }
    for index in rows.indices { rows[index].inUse = marks[rows[index].setting] }
  }

  /// What decided a mapping or a list decided what is in it.
  private mutating func add(_ node: YAMLNode, path: String, within source: Source?) {
    let source = node.source ?? (node.origin == nil ? source : nil)
    switch node.content {
    case .mapping(let mapping) where !mapping.isEmpty:
      for entry in mapping.entries {
        let path = path.isEmpty ? entry.key : "\(path).\(entry.key)"
        add(entry.value, path: path, within: source)
      }
    case .sequence(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() {
        add(item, path: "\(path)[\(index)]", within: source)
      }
    default:
      let empty = if case .mapping = node.content { "{}" } else { "[]" }
      let value = node.scalarText ?? empty
      rows.append(Row(setting: path, value: value, source: source, origin: node.origin))
    }
  }

  /// The whole text: by source on a terminal, elsewhere a setting a line, with tabs between the columns.
  public func text(as format: Format, on terminal: Terminal = .absent) -> String {
    if format == .json {
      let objects = rows.map { $0.json } + gone.map { Self.json(of: $0) }
      return "[\n" + objects.map { "  " + $0 }.joined(separator: ",\n") + "\n]\n"
    }
    if terminal == .absent { return lines }
    let others = rows.filter { !$0.isSet }
    var text = Self.text(of: rows.filter { $0.isSet }, on: terminal)
    if !gone.isEmpty { text += terminal.styled("only in the file in use", .bold) + "\n" }
    for (setting, value) in gone { text += "  \(oneLine(setting))  \(oneLine(value))\n" }
    if format == .all { return text + Self.text(of: others, on: terminal) }
    let rest = "Not shown: \(others.count) defaults and mandatory settings; see --explain=all."
    return text + terminal.styled(rest, .faint) + "\n"
  }

  private static func json(of gone: (setting: String, value: String)) -> String {
    "{\"setting\": \(JSON.string(gone.setting)), \"in_use\": \(JSON.string(gone.value))}"
  }

  private var lines: String {
    var lines = [["SETTING", "VALUE", "SOURCE", "IN USE"]]
    lines += rows.map { [oneLine($0.setting), $0.line, oneLine($0.sourceText), $0.markText] }
    lines += gone.map { [oneLine($0.setting), "", "", oneLine($0.value)] }
    let columns = comparesFile ? 4 : 3
    return lines.map { $0.prefix(columns).joined(separator: "\t") + "\n" }.joined()
  }

  /// Each source, and below it what it decided.
  private static func text(of rows: [Row], on terminal: Terminal) -> String {
    var groups: [(heading: String, rows: [Row])] = []
    var indices: [String: Int] = [:]
    for row in rows {
      let heading = oneLine(row.heading)
      let index = indices[heading] ?? groups.count
      if index == groups.count { groups.append((heading, [])) }
      indices[heading] = index
      groups[index].rows.append(row)
    }
    let widest = rows.map { oneLine($0.setting).unicodeScalars.count }.max() ?? 0
    let width = min(widest, terminal.columns * 5 / 8)
    return groups.map { group in
      terminal.styled(terminal.filled(group.heading.words, from: 0, indent: 4), .bold) + "\n"
        + group.rows.map { $0.text(width: width, on: terminal) }.joined()
    }.joined()
  }
}

extension Explanation.Row {
  fileprivate var line: String { oneLine(value) }

  fileprivate var sourceText: String { YAMLNode.text(of: source, origin) }

  fileprivate var markText: String {
    switch inUse {
    case .value(let value): oneLine(value)
    case .absent: "not there"
    case nil: ""
    }
  }

  /// Whether somebody decided it, or it is not yet what is in use.
  fileprivate var isSet: Bool { origin != nil || source?.variableInUse != nil || inUse != nil }

  /// The source without the line, in which the settings of a document differ.
  fileprivate var heading: String {
    [source?.text, origin?.document].compactMap { $0 }.joined(separator: ", ")
  }

  /// Setting and value side by side where they fit, else one below the other.
  fileprivate func text(width: Int, on terminal: Terminal) -> String {
    let setting = oneLine(setting)
    var value = line + (origin.map { "  # line \($0.line)" } ?? "")
    if inUse != nil { value += "  # in use: \(markText)" }
    if setting.unicodeScalars.count <= width,
      width + 4 + value.unicodeScalars.count <= terminal.columns
    {
      return "  " + setting.padded(to: width) + "  " + value + "\n"
    }
    return "  \(setting)\n      " + terminal.filled(value.words, from: 6, indent: 6) + "\n"
  }

  fileprivate var json: String {
    var pairs = [("setting", JSON.string(setting)), ("value", JSON.string(value))]
    if let source {
      pairs += source.members.map { ($0.0, JSON.string($0.1)) }
      if let origin {
        pairs.append(("addition", JSON.string("\(origin.document):\(origin.line)")))
      }
    } else if let origin {
      pairs += [
        ("source", JSON.string("file")), ("file", JSON.string(origin.document)),
        ("line", String(origin.line)),
      ]
    }
    switch inUse {
    case .value(let value): pairs.append(("in_use", JSON.string(value)))
    case .absent: pairs.append(("in_use", "null"))
    case nil: break
    }
    return "{" + pairs.map { "\(JSON.string($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
  }
}

extension YAMLNode {
  /// Who wrote a value, on one line.
  static func text(of source: Source?, _ origin: YAMLOrigin?) -> String {
    [source?.text, origin.map { "\($0.document):\($0.line)" }].compactMap { $0 }
      .joined(separator: ", ")
  }
}

extension Source {
  /// A line of text.
  fileprivate var text: String {
    switch self {
    case .variable(let name), .faulty(let name), .file(let name): name
    case .unset: "default: " + reason
    case .copy(let path, let source): "copy of \(path) (\(source.variableInUse ?? "default"))"
    case .byDefault(let reason): "default: " + reason
    case .mandatory(let reason): "mandatory: " + reason
    case .purpose(let purpose, let source): "\(source.text); \(purpose)"
    }
  }

  /// Keys and values of an object.
  fileprivate var members: [(String, String)] {
    switch self {
    case .variable(let name), .faulty(let name): [("source", "variable"), ("variable", name)]
    case .file(let path):
      [("source", "file"), ("file", path), ("variable", path.lastComponent)]
    case .unset, .byDefault: [("source", "default"), ("reason", reason)]
    case .copy(let path, let source):
      [("source", "copy"), ("of", path)] + (source.variableInUse.map { [("variable", $0)] } ?? [])
    case .mandatory: [("source", "mandatory"), ("reason", reason)]
    case .purpose(let purpose, let source): source.members + [("purpose", purpose)]
    }
  }

  private var reason: String {
    switch self {
    case .byDefault(let reason), .mandatory(let reason): return reason
    case .unset(let name):
      let rule = EnvironmentVariable.all.first { $0.name == name }?.fallback ?? ""
      let words = rule.split(separator: "`", omittingEmptySubsequences: false)
      // A rule that is nothing but the value would say the value twice.
      let isValue = words.count == 3 && words[0].isEmpty && words[2].isEmpty
      return "\(name) is not set" + (isValue || rule.isEmpty ? "" : ": " + words.joined())
    case .variable, .file, .faulty, .copy, .purpose: return ""
    }
  }
}

/// A text as it is when it has nothing but printable characters, else in quotes.
private func oneLine(_ text: String) -> String {
  String(onOneLine: text) == text ? text : quoted(text)
}
