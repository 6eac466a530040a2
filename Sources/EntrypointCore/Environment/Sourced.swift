import PatroniConfig

/// A value, and what decided it: `mode` is the value, `$mode` both.
///
/// The value of a variable is nil when it is not set or faulty. A faulty one was reported, and nothing
/// that depends on it is worth reporting, too.
@propertyWrapper
struct Sourced<Value: Sendable>: Sendable {
  var wrappedValue: Value
  let source: Source

  init(_ value: Value, _ source: Source) {
    wrappedValue = value
    self.source = source
  }

  var projectedValue: Sourced<Value> { self }
  var isFaulty: Bool { source.isFaulty }

  /// The value, or `fallback` without one; that is as good as faulty when it follows from a faulty one.
  func or<Wrapped: Sendable>(
    _ fallback: @autoclosure () -> Wrapped,
    from cause: Source? = nil
  ) -> Sourced<Wrapped> where Value == Wrapped? {
    if let value = wrappedValue { return Sourced<Wrapped>(value, source) }
    if case .unset(let name) = source, let cause, cause.isFaulty {
      return Sourced<Wrapped>(fallback(), .faulty(name))
    }
    return Sourced<Wrapped>(fallback(), source)
  }
}

extension String {
  /// What stands behind the last slash.
  var lastComponent: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }
}

extension Source {
  /// The variable that is set, and decided the value.
  var variableInUse: String? {
    switch self {
    case .variable(let name): name
    case .file(let path): path.lastComponent
    case .purpose(_, let source), .copy(_, let source): source.variableInUse
    case .unset, .faulty, .byDefault, .mandatory: nil
    }
  }

  /// The variable whose value this is.
  var ownVariable: String? {
    switch self {
    case .variable, .file: variableInUse
    default: nil
    }
  }
}
