import PatroniConfig
import PostgresConfig

/// The patroni.yml of a Patroni that runs, to compare with what the settings would give now.
///
/// They differ where settings were refused, wait for the next start, or have not been read yet.
public struct FileInUse: Sendable {
  private let path: String
  /// What it says; what is secret in it is told by the keys, or it looks like that.
  private let document: YAMLNode

  /// Reads `text`, which stands at `path`; nil when it is no patroni.yml.
  public init?(_ text: [UInt8], at path: String) {
    let authority = RESTAPIAuthority(in: TLSDirectory(beside: path))
    // Which of the two spellings it has says nothing about settings.
    let text = authority.isRespelled(text) ? authority.respelled(text) ?? text : text
    let root = YAMLParser.parse(text, document: path).root
    guard let root, root.mapping != nil else { return nil }
    self.path = path
    document = root.hidingSecrets()
  }

  /// What it says otherwise than `settings`.
  func differences(from settings: Settings) -> [DocumentDifference] {
    let wanted = settings.namingCertificates(beside: path).document
    return DocumentDifference.all(from: document, to: wanted)
  }

  /// How many names are listed in a sentence.
  private static let longestList = 5

  /// That it says otherwise than `settings`, and in what; nil when it does not.
  public func note(comparedWith settings: Settings) -> Problem? {
    let names = Self.names(of: differences(from: settings))
    if names.isEmpty { return nil }
    var list = names.prefix(Self.longestList).map { shown(key: $0) }.joined(separator: ", ")
    if names.count > Self.longestList { list += " and \(names.count - Self.longestList) more" }
    return Problem(
      .note,
      path,
      "is in use, but differs from what the environment and files give now",
      detail:
        "Different: \(list). Live settings take effect at the next reading, others at the next start.",
      hint: "Run entrypoint --explain to see both values."
    )
  }

  /// Each list of records is named once.
  private static func names(of differences: [DocumentDifference]) -> [String] {
    var names: [String] = []
    for difference in differences {
      let name = difference.list ?? difference.setting
      if names.last != name { names.append(name) }
    }
    return names
  }
}
