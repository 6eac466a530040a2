// What the program itself says: each setting with what decided it, and with whether others may
// decide otherwise.
extension YAMLMapping {
  /// Adds a setting that others may replace or remove.
  public mutating func add(_ key: String, _ value: YAMLNode, _ source: Source) {
    var value = value
    value.source = source
    append(Entry(key: key, value: value))
  }

  /// Adds a setting that nobody but the program sets; without a value the key is not written.
  ///
  /// - Parameter instead: what to do instead of setting it, where `source` does not say that.
  public mutating func addMandatory(
    _ key: String,
    _ value: YAMLNode?,
    _ source: Source,
    _ reason: String,
    instead: String? = nil
  ) {
    guard var value else { return reserve(key, source, reason, instead: instead) }
    value.source = source
    append(Entry(key: key, value: value, refusal: Refusal(reason, instead: instead)))
  }

  /// Adds a setting that leaves nobody a choice, for a reason that holds in every pod.
  public mutating func addMandatory(_ key: String, _ value: YAMLNode, because reason: String) {
    addMandatory(key, value, .mandatory(reason), reason)
  }

  /// Keeps a key from being set; `value` is what holds without its being written.
  public mutating func reserve(
    _ key: String,
    _ source: Source,
    _ reason: String,
    instead: String? = nil,
    holding value: YAMLNode = .null
  ) {
    if unwritten.isEmpty { unwritten.reserveCapacity(8) }
    var value = value
    value.source = source
    unwritten.append(Entry(key: key, value: value, refusal: Refusal(reason, instead: instead)))
  }

  /// Adds a section; one without entries is not written, but keeps its keys from being set.
  public mutating func add(_ key: String, _ section: YAMLMapping) {
    let entry = Entry(key: key, value: .mapping(section))
    if section.isEmpty { unwritten.append(entry) } else { append(entry) }
  }

  /// What the program has to say about `key`, written or not.
  public func setting(_ key: String) -> Entry? {
    entries.first { $0.key.utf8.elementsEqual(key.utf8) }
      ?? unwritten.first { $0.key.utf8.elementsEqual(key.utf8) }
  }

  /// Whether a key is the program's own here, or in a mapping below.
  public var holdsMandatory: Bool {
    (entries + unwritten).contains { entry in
      if entry.refusal?.isReplaceable == false { return true }
      guard case .mapping(let mapping) = entry.value.content else { return false }
      return mapping.holdsMandatory
    }
  }
}
