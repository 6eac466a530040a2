import PatroniConfig
import PostgresConfig

// What patroni.yml says in the end: what the program says, and the operator's values over it. What is
// mandatory cannot collide any more: a document that sets it otherwise was refused.
extension Settings {
  /// The whole document.
  public var document: YAMLNode {
    var root = configuration
    // Labels are a selector: one more would leave out the pods that are there.
    let labels = overrides.document["kubernetes"]?["labels"]?.mapping?.entries ?? []
    for label in root["kubernetes"]?["labels"]?.mapping?.entries ?? []
    where labels.contains(where: { !$0.value.isNull })
      && !labels.contains(where: { $0.key == label.key })
    {
      root["kubernetes"]?.remove(label.key, from: "labels")
    }
    root.merge(overrides.document, removingNulls: true)
    return .mapping(root)
  }
}

extension YAMLMapping {
  /// Mappings within mappings.
  static func nested(_ path: [String], _ mapping: YAMLMapping) -> YAMLMapping {
    guard let first = path.first else { return mapping }
    var outer = YAMLMapping()
    outer.append(first, .mapping(nested(Array(path.dropFirst()), mapping)))
    return outer
  }
}

extension YAMLNode {
  /// The value of a key, when the node is a mapping that has it.
  subscript(key: String) -> YAMLNode? { mapping?[key] }

  /// The keys and values, when it is a mapping.
  var mapping: YAMLMapping? {
    guard case .mapping(let mapping) = content else { return nil }
    return mapping
  }

  /// Removes a key from the mapping at `section`, when there is one.
  fileprivate mutating func remove(_ key: String, from section: String) {
    guard case .mapping(var outer) = content, case .mapping(var inner)? = outer[section]?.content
    else {
      return
    }
    inner[key] = nil
    outer[section]?.content = .mapping(inner)
    content = .mapping(outer)
  }

  /// The items, when it is a list.
  var items: [YAMLNode] {
    guard case .sequence(let items) = content else { return [] }
    return items
  }

  /// The text of a scalar; a secret's is not shown.
  var scalarText: String? {
    switch content {
    case .string(let text), .plain(let text, _): text
    case .secret(let secret): secret.description
    case .sequence, .mapping: nil
    }
  }
}
