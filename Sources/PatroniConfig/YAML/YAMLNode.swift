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
  /// Where somebody wrote it; nil for what the program made itself.
  public var origin: YAMLOrigin?

  /// A node that holds `content`.
  public init(_ content: Content, origin: YAMLOrigin? = nil) {
    self.content = content
    self.origin = origin
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

/// The entries of a YAML mapping, in order.
public struct YAMLMapping: Equatable, Sendable {
  /// One key and its value.
  public struct Entry: Equatable, Sendable {
    /// The key.
    public let key: String
    /// The value.
    public var value: YAMLNode
    /// Where somebody wrote the key; nil for what the program made itself.
    public var origin: YAMLOrigin?

    /// A key, its value, and where somebody wrote it.
    public init(key: String, value: YAMLNode, origin: YAMLOrigin? = nil) {
      self.key = key
      self.value = value
      self.origin = origin
    }
  }

  /// The entries in the order of writing.
  public private(set) var entries: [Entry] = []

  /// No entries.
  public init() {}

  init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// Whether there is no entry.
  public var isEmpty: Bool { entries.isEmpty }

  /// The value of `key`.
  ///
  /// Setting it replaces the value in its place, or adds an entry at the end;
  /// nil removes it.
  public subscript(key: String) -> YAMLNode? {
    get { index(of: key).map { entries[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append(Entry(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  private func index(of key: String) -> Int? {
    entries.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }

  /// Replaces every value by what `transform` makes of the entry.
  public mutating func mapValues(_ transform: (Entry) -> YAMLNode) {
    for index in entries.indices { entries[index].value = transform(entries[index]) }
  }

  /// Adds an entry at the end.
  public mutating func append(_ entry: Entry) {
    entries.append(entry)
  }

  /// Lets the entries of `other` win over these: mappings are merged, all else is replaced, and
  /// what is new stands at the end.
  public mutating func merge(_ other: YAMLMapping) {
    var indices: [ByteString: Int] = [:]
    for (index, entry) in entries.enumerated() { indices[ByteString(entry.key)] = index }
    for entry in other.entries {
      guard let index = indices[ByteString(entry.key)] else {
        entries.append(entry)
        continue
      }
      if case .mapping(var mine) = entries[index].value.content,
        case .mapping(let theirs) = entry.value.content
      {
        mine.merge(theirs)
        entries[index].value.content = .mapping(mine)
      } else {
        entries[index].value = entry.value
      }
    }
  }

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
