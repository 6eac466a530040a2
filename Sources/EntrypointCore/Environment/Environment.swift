/// The process's environment, as the kernel handed it over.
public struct Environment: Sendable {
  /// What a name stands for.
  public enum Value: Equatable, Sendable {
    /// There is no such variable.
    case unset
    /// There is one, and nothing is in it.
    case empty
    /// A text.
    case text(String)
    /// Bytes that are not UTF-8.
    case notUTF8([UInt8])
  }

  private var values: [String: [UInt8]] = [:]

  /// Reads entries of the form `NAME=value`; of two with the same name the first counts, as for
  /// `getenv`.
  ///
  /// An entry without an equals sign, or whose name is not UTF-8, is nobody's.
  public init(entries: [[UInt8]]) {
    for entry in entries {
      guard let equals = entry.firstIndex(of: UInt8(ascii: "=")),
        let name = String(validating: entry[..<equals], as: UTF8.self), values[name] == nil
      else { continue }
      values[name] = Array(entry[(equals + 1)...])
    }
  }

  /// What `name` stands for.
  public subscript(name: String) -> Value {
    guard let bytes = values[name] else { return .unset }
    if bytes.isEmpty { return .empty }
    guard let text = String(validating: bytes, as: UTF8.self) else { return .notUTF8(bytes) }
    return .text(text)
  }

  /// The text that `name` stands for, or nil when it stands for none.
  public func text(_ name: String) -> String? {
    guard case .text(let text) = self[name] else { return nil }
    return text
  }

  /// Whether there is such a variable, with whatever value.
  public func has(_ name: String) -> Bool { values[name] != nil }

  /// Whether there is such a variable with something in it.
  public func isGiven(_ name: String) -> Bool { values[name]?.isEmpty == false }

  /// What follows `prefix` in the names that begin with it and have something in them.
  public func given(after prefix: String) -> [String] {
    values.compactMap { name, value in
      value.isEmpty || !name.utf8.starts(with: prefix.utf8)
        ? nil : String(name.utf8.dropFirst(prefix.utf8.count))
    }
  }

  /// Every name, sorted.
  public var names: [String] { values.keys.sorted() }
}
