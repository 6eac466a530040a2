/// What decided a value that the program wrote.
public enum Source: Equatable, Sendable {
  /// A variable of the environment, by the name under which it is set.
  case variable(String)
  /// A file that is named like the variable whose value it holds.
  ///
  /// Only the path: every setting has a source, and a larger one would make every start dearer.
  case file(String)
  /// A variable that is not set; its definition has the rule that holds then.
  case unset(String)
  /// A variable that is set to something faulty; the value only stands in for it.
  case faulty(String)
  /// The program's copy of a mounted file, and what decided which file.
  indirect case copy(of: String, Source)
  /// The program, for a reason; others may decide otherwise.
  case byDefault(String)
  /// The program, for a reason that leaves nobody a choice.
  case mandatory(String)
  /// One of these, and what the value is for.
  indirect case purpose(String, Source)

  /// Whether the value only stands in for one that could not be read.
  public var isFaulty: Bool {
    switch self {
    case .faulty: true
    case .purpose(_, let source), .copy(_, let source): source.isFaulty
    case .variable, .file, .unset, .byDefault, .mandatory: false
    }
  }
}

/// Why a key is the program's own, or cannot do without a value.
public struct Refusal: Equatable, Sendable {
  /// What the key does, as a clause: "other members use it to connect to this one".
  public let reason: String
  /// What to do instead, without a full stop; nil where the value's source says it.
  public let instead: String?
  /// Whether others may replace the value all the same, and only not remove it.
  public let isReplaceable: Bool

  /// A reason and a way out.
  public init(_ reason: String, instead: String? = nil, isReplaceable: Bool = false) {
    self.reason = reason
    self.instead = instead
    self.isReplaceable = isReplaceable
  }
}
