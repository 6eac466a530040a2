import PatroniConfig
import PostgresConfig

/// Every setting of patroni.yml with its value and with what decided it.
public struct Explanation: Sendable {
  /// How it is printed.
  public enum Format: Equatable, Sendable {
    /// For a person at a terminal: in columns.
    case table
    /// For a program: one setting a line, with tabs between the columns.
    case plain
    /// For a program: a list of objects.
    case json
  }

  /// What decided a value.
  public enum Source: Equatable, Sendable {
    /// A variable of the environment.
    case variable(String)
    /// A place in the operator's own settings.
    case place(YAMLOrigin)
    /// The program's copy of a mounted file, and what names that: a variable, or nothing.
    case copy(of: String, variable: String?)
    /// Nobody said anything; and what holds then.
    case fallback(String)
    /// The program, and why nobody else can.
    case mandatory(String)
    /// Nothing that is known here: a defect.
    case unexplained
  }

  /// One setting.
  public struct Row: Equatable, Sendable {
    /// Its keys, with dots between them, and the index of an item of a list in brackets.
    public let setting: String
    /// Its value; `<redacted>` for a secret.
    public let value: String
    /// What decided it.
    public let source: Source
    /// What the operator's own settings added to it.
    public let addition: YAMLOrigin?
  }

  /// The settings in the order of the file.
  public private(set) var rows: [Row] = []

  /// Explains what `settings` come to in a patroni.yml at `path`.
  public init(of settings: Settings, at path: String, _ environment: Environment) {
    let sources = SettingSources(settings, environment)
    let document = settings.placingCertificates(beside: path).document
    add(document, path: "", list: nil, sources)
  }

  private mutating func add(
    _ node: YAMLNode,
    path: String,
    list: (path: String, index: Int)?,
    _ sources: SettingSources
  ) {
    switch node.content {
    case .mapping(let mapping) where !mapping.isEmpty:
      for entry in mapping.entries {
        add(
          entry.value,
          path: path.isEmpty ? entry.key : "\(path).\(entry.key)",
          list: list,
          sources
        )
      }
    case .sequence(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() {
        add(item, path: "\(path)[\(index)]", list: list ?? (path, index), sources)
      }
    default:
      let empty = if case .mapping = node.content { "{}" } else { "[]" }
      rows.append(
        Row(
          setting: path,
          value: node.scalarText ?? empty,
          source: node.origin.map { .place($0) } ?? sources.source(of: path, list),
          addition: path.hasSuffix("citus.node_conninfo") ? sources.nodeKeywordsOrigin : nil
        )
      )
    }
  }

  /// The whole text.
  public func text(as format: Format) -> String {
    switch format {
    case .json: "[\n" + rows.map { "  " + $0.json }.joined(separator: ",\n") + "\n]\n"
    case .plain: lines(separator: "\t", widths: [0, 0])
    case .table:
      lines(
        separator: "  ",
        widths: [width(of: "SETTING") { $0.setting }, min(48, width(of: "VALUE") { $0.line })]
      )
    }
  }

  private func width(of title: String, _ column: (Row) -> String) -> Int {
    rows.reduce(title.utf8.count) { max($0, column($1).unicodeScalars.count) }
  }

  private func lines(separator: String, widths: [Int]) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + separator
    }
    var text = padded("SETTING", widths[0]) + padded("VALUE", widths[1]) + "SOURCE\n"
    for row in rows {
      text += padded(oneLine(row.setting), widths[0]) + padded(row.line, widths[1])
      text += row.sourceText + "\n"
    }
    return text
  }
}

extension Explanation.Row {
  fileprivate var line: String { oneLine(value) }

  fileprivate var sourceText: String {
    let text =
      switch source {
      case .variable(let name): name
      case .place(let origin): "\(origin.document):\(origin.line)"
      case .copy(let path, let variable): "copy of \(path) (\(variable ?? "default"))"
      case .fallback(let reason): "default: " + reason
      case .mandatory(let reason): "mandatory: " + reason
      case .unexplained: "unexplained"
      }
    return addition.map { "\(text), \($0.document):\($0.line)" } ?? text
  }

  fileprivate var json: String {
    var pairs = [("setting", JSON.string(setting)), ("value", JSON.string(value))]
    func add(_ kind: String, _ name: String, _ text: String) {
      pairs += [("source", JSON.string(kind)), (name, JSON.string(text))]
    }
    switch source {
    case .variable(let name): add("variable", "variable", name)
    case .place(let origin):
      add("file", "file", origin.document)
      pairs.append(("line", String(origin.line)))
    case .copy(let path, let variable):
      add("copy", "of", path)
      if let variable { pairs.append(("variable", JSON.string(variable))) }
    case .fallback(let reason): add("default", "reason", reason)
    case .mandatory(let reason): add("mandatory", "reason", reason)
    case .unexplained: add("unexplained", "reason", "")
    }
    if let addition {
      pairs.append(("addition", JSON.string("\(addition.document):\(addition.line)")))
    }
    return "{" + pairs.map { "\(JSON.string($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
  }
}

/// A text as it is when it has nothing but printable characters, else in quotes.
private func oneLine(_ text: String) -> String {
  text.utf8.contains { $0 < 0x20 || $0 == 0x7f } ? quoted(text) : text
}
