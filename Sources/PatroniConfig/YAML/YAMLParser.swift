import CYAML

/// Reads YAML text as PyYAML's safe loader does, with the place of every node.
///
/// Aliases and merge keys are resolved. What a configuration has no use for, or what the loader
/// would silently decide, is a fault: keys that are no text or stand twice, foreign tags, more than
/// one document, texts and nestings beyond the limits.
/// See <https://pyyaml.org/wiki/PyYAMLDocumentation>.
public enum YAMLParser {
  /// The longest text, in bytes.
  public static let longestText = 10 << 20
  /// How deep collections may be nested, aliases included.
  public static let deepestNesting = 100
  /// How much aliases may repeat: bytes of text, and 16 for every node.
  public static let longestRepetition = 1 << 20

  /// What was read of a text.
  public struct Reading: Sendable {
    /// The document; nil when it is empty, or when it could not be read to its end.
    public var root: YAMLNode?
    /// What is wrong with it, in the order of the text.
    public var faults: [YAMLFault]
  }

  /// Reads `text`, which faults call `document`.
  public static func parse(_ text: [UInt8], document: String) -> Reading {
    guard text.count <= longestText else {
      let origin = YAMLOrigin(document: document, line: 1, column: 1)
      let fault = YAMLFault(
        origin: origin,
        message: "is longer than \(longestText >> 20) MB",
        detail: nil
      )
      return Reading(root: nil, faults: [fault])
    }
    return text.withUnsafeBufferPointer { bytes in
      var faults: [YAMLFault] = []
      do throws(YAMLFault) {
        var composer = YAMLComposer(try YAMLEventStream(bytes, document: document))
        let root = try composer.compose()
        return Reading(root: root, faults: composer.faults)
      } catch {
        faults.append(error)
        return Reading(root: nil, faults: faults)
      }
    }
  }
}
