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
    /// Why nobody but the program sets the key; nil when others may.
    public var refusal: Refusal?

    /// A key, its value, where somebody wrote it, and why nobody else may.
    public init(
      key: String,
      value: YAMLNode,
      origin: YAMLOrigin? = nil,
      refusal: Refusal? = nil
    ) {
      self.key = key
      self.value = value
      self.origin = origin
      self.refusal = refusal
    }
  }

  /// The entries in the order of writing.
  public internal(set) var entries: [Entry] = []
  /// Keys of the program's own that are not written, with what holds all the same; null where nothing
  /// does.
  public internal(set) var unwritten: [Entry] = []

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
    if entries.isEmpty { entries.reserveCapacity(8) }
    entries.append(entry)
  }

  /// Lets the entries of `other` win over these: mappings are merged, all else is replaced, and
  /// what is new stands at the end.
  ///
  /// - Parameter removingNulls: whether null removes what is here; it stays where nothing is.
  public mutating func merge(_ other: YAMLMapping, removingNulls: Bool = false) {
    if other.isEmpty { return }
    var indices: [ByteString: Int] = [:]
    for (index, entry) in entries.enumerated() { indices[ByteString(entry.key)] = index }
    var removed: [Int] = []
    for entry in other.entries {
      guard let index = indices[ByteString(entry.key)] else {
        entries.append(entry)
        continue
      }
      switch (entries[index].value.content, entry.value.content) {
      case (.mapping(var mine), .mapping(let theirs)):
        mine.merge(theirs, removingNulls: removingNulls)
        entries[index].value.content = .mapping(mine)
      case (_, .plain(_, .null)) where removingNulls: removed.append(index)
      default: entries[index].value = entry.value
      }
    }
    for index in removed.sorted().reversed() { entries.remove(at: index) }
  }

  /// Adds an entry at the end, unless there is no value.
  public mutating func append(_ key: String, _ value: YAMLNode?) {
    if let value { append(Entry(key: key, value: value)) }
  }
}
