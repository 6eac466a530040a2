/// A text that prints as `<redacted>` everywhere, until somebody asks for it by name.
public struct Secret: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  private let value: String

  /// What stands in the place of every secret.
  public static let redacted = "<redacted>"

  /// Hides `value`.
  public init(_ value: String) {
    self.value = value
  }

  /// The text itself: for the file that Patroni reads, and for nothing else.
  public func reveal() -> String { value }

  /// Always `<redacted>`.
  public var description: String { Self.redacted }

  /// Always `<redacted>`.
  public var debugDescription: String { Self.redacted }
}

#if !hasFeature(Embedded)
extension Secret: CustomReflectable {
  /// No children: `dump` and failed test expectations show nothing either.
  public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
#endif
