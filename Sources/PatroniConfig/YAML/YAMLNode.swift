import PostgresConfig

/// A YAML document as a tree; mappings keep the order in which they were written.
public struct YAMLNode: Equatable, Sendable {
  /// What a node holds.
  public indirect enum Content: Equatable, Sendable {
    /// A text; always written in quotes.
    case string(String)
    /// A text that only the file for Patroni shows.
    case secret(Secret)
    /// A number, truth value, date or null: written without quotes, so that a reader takes it for
    /// what it is.
    case plain(String, YAMLScalarType)
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values.
    case mapping(YAMLMapping)
  }

  /// What the node holds.
  public var content: Content
  /// Where somebody wrote it, or a part of it; nil for what the program made alone.
  public var origin: YAMLOrigin?
  /// What made the program write it; nil for what was read.
  public var source: Source?

  /// A node that holds `content`.
  public init(_ content: Content, origin: YAMLOrigin? = nil, source: Source? = nil) {
    self.content = content
    self.origin = origin
    self.source = source
  }

  /// A text.
  public static func string(_ text: String) -> YAMLNode { YAMLNode(.string(text)) }

  /// A text that only the file for Patroni shows.
  public static func secret(_ secret: Secret) -> YAMLNode { YAMLNode(.secret(secret)) }

  /// A whole number.
  public static func integer(_ number: Int) -> YAMLNode {
    YAMLNode(.plain(String(number), .integer))
  }

  /// `true` or `false`.
  public static func boolean(_ flag: Bool) -> YAMLNode {
    YAMLNode(.plain(flag ? "true" : "false", .boolean))
  }

  /// Nothing.
  public static let null = YAMLNode(.plain("null", .null))

  /// A list.
  public static func sequence(_ items: [YAMLNode]) -> YAMLNode { YAMLNode(.sequence(items)) }

  /// Keys and values.
  public static func mapping(_ mapping: YAMLMapping) -> YAMLNode { YAMLNode(.mapping(mapping)) }

  /// A list of texts.
  public static func strings(_ texts: [String]) -> YAMLNode {
    .sequence(texts.map { .string($0) })
  }
}

/// Where a node begins in the text that it was read from.
public struct YAMLOrigin: Equatable, Sendable, CustomStringConvertible {
  /// The name of the text: a file, or a variable.
  public let document: String
  /// The line, from 1.
  public let line: Int
  /// The character in the line, from 1.
  public let column: Int

  /// A place in a text.
  public init(document: String, line: Int, column: Int) {
    self.document = document
    self.line = line
    self.column = column
  }

  /// `FILE:LINE:COLUMN`.
  public var description: String { "\(document):\(line):\(column)" }
}
