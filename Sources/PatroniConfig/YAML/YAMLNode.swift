import PostgresConfig

/// A YAML document as a tree; mappings keep the order in which they were written.
public indirect enum YAMLNode: Equatable, Sendable {
  /// A text; always written in quotes.
  case string(String)
  /// A text that only the file for Patroni shows.
  case secret(Secret)
  /// A whole number.
  case integer(Int)
  /// `true` or `false`.
  case boolean(Bool)
  /// A list.
  case sequence([YAMLNode])
  /// Keys and values.
  case mapping(YAMLMapping)

  /// A list of texts.
  public static func strings(_ texts: [String]) -> YAMLNode {
    .sequence(texts.map { .string($0) })
  }
}

/// The entries of a YAML mapping, in order.
public struct YAMLMapping: Equatable, Sendable {
  /// One key and its value.
  public struct Entry: Equatable, Sendable {
    /// The key.
    public let key: String
    /// The value.
    public var value: YAMLNode
  }

  /// The entries in the order of writing.
  public private(set) var entries: [Entry] = []

  /// No entries.
  public init() {}

  /// Whether there is no entry.
  public var isEmpty: Bool { entries.isEmpty }

  /// Adds an entry at the end, unless there is no value.
  public mutating func append(_ key: String, _ value: YAMLNode?) {
    if let value { entries.append(Entry(key: key, value: value)) }
  }

  /// Adds a text at the end, unless there is none.
  public mutating func append(_ key: String, _ text: String?) {
    append(key, text.map { .string($0) })
  }

  /// Adds a secret at the end, unless there is none.
  public mutating func append(_ key: String, _ secret: Secret?) {
    append(key, secret.map { .secret($0) })
  }

  /// Adds a mapping at the end, unless it is empty.
  public mutating func append(_ key: String, _ mapping: YAMLMapping) {
    if !mapping.isEmpty { append(key, .mapping(mapping)) }
  }
}
