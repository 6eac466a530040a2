import PatroniConfig
import PostgresConfig

/// What a patroni.yml says otherwise than the one before, setting by setting.
public struct DocumentChanges: Sendable {
  /// A note for each setting.
  public private(set) var notes: [Problem] = []
  /// Parameters of the server that have another value.
  private var parameters: [String] = []
  /// Whether the old document was read from a file, in which secrets cannot be told from other texts.
  private let wasRead: Bool

  /// Compares two documents.
  ///
  /// - Parameters:
  ///   - wasRead: whether the old one was read from a file.
  ///   - settings: those that the new one comes from.
  public init(from old: YAMLNode, wasRead: Bool, to new: YAMLNode, _ settings: Settings) {
    self.wasRead = wasRead
    for difference in DocumentDifference.all(from: old, to: new) { add(difference) }
    for name in parameters where ServerRestart.isNeeded(for: name, settings.version) {
      let (scope, member) = (settings.cluster.scope, settings.pod.name)
      notes.append(.needsRestart(name, scope: scope, name: member))
    }
  }

  private static let parameterPath = "postgresql.parameters."

  private mutating func add(_ difference: DocumentDifference) {
    let (old, new) = (difference.old, difference.new)
    let by = new.map { " (\(YAMLNode.text(of: difference.source, $0.origin)))" } ?? ""
    if let list = difference.list {
      if let old {
        let text = wasRead ? "another line" : old.shownValue
        notes.append(Problem(.note, list, "- \(text)"))
      } else if let new {
        notes.append(Problem(.note, list, "+ \(new.shownValue)\(by)"))
      }
      return
    }
    let path = difference.setting
    if path.hasPrefix(Self.parameterPath) {
      parameters.append(String(path.dropFirst(Self.parameterPath.count)))
    }
    let was = old.map {
      new?.isSecret == true ? Secret.redacted : wasRead ? "another value" : $0.shownValue
    }
    let message =
      switch (was, new?.shownValue) {
      case (let was?, let value?): "changed from \(was) to \(value)\(by)"
      case (let was?, nil): "removed, was \(was)"
      case (nil, let value?): "set to \(value)\(by)"
      case (nil, nil): "removed"
      }
    notes.append(Problem(.note, shown(key: path), message))
  }
}

/// A line that one text has and another has not.
enum LineEdit: Equatable {
  case removed(Int)
  case added(Int)

  /// Where a table would have more cells than this, all lines between the first and the last change count.
  private static let largestTable = 100_000

  /// The edits that make `new` of `old`, in the order of the lines.
  static func all<Line: Equatable>(from old: [Line], to new: [Line]) -> [LineEdit] {
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var (oldEnd, newEnd) = (old.count, new.count)
    while oldEnd > start, newEnd > start, old[oldEnd - 1] == new[newEnd - 1] {
      oldEnd -= 1
      newEnd -= 1
    }
    let (height, width) = (oldEnd - start, newEnd - start)
    guard height * width <= largestTable else {
      return (start..<oldEnd).map { .removed($0) } + (start..<newEnd).map { .added($0) }
    }
    // How many lines the rests of both have in common, at most.
    var common = [Int](repeating: 0, count: (height + 1) * (width + 1))
    func place(_ row: Int, _ column: Int) -> Int { row * (width + 1) + column }
    for row in (0..<height).reversed() {
      for column in (0..<width).reversed() {
        common[place(row, column)] =
          old[start + row] == new[start + column]
          ? common[place(row + 1, column + 1)] + 1
          : max(common[place(row + 1, column)], common[place(row, column + 1)])
      }
    }
    var edits: [LineEdit] = []
    var (row, column) = (0, 0)
    while row < height || column < width {
      if row < height, column < width, old[start + row] == new[start + column] {
        row += 1
        column += 1
      } else if row < height,
        column == width || common[place(row + 1, column)] >= common[place(row, column + 1)]
      {
        edits.append(.removed(start + row))
        row += 1
      } else {
        edits.append(.added(start + column))
        column += 1
      }
    }
    return edits
  }
}

extension YAMLNode {
  /// The value as a note shows it.
  fileprivate var shownValue: String {
    isSecret ? scalarText ?? "" : quoted(plainText ?? "")
  }
}

extension Problem {
  fileprivate static func needsRestart(
    _ parameter: String,
    scope: String,
    name: String
  ) -> Problem {
    Problem(
      .note,
      "postgresql.parameters.\(parameter)",
      "takes effect when PostgreSQL restarts",
      hint: "Run patronictl restart \(scope) \(name)."
    )
  }
}
