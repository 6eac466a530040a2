import PatroniConfig
import PostgresConfig

// What patroni.yml says in the end: our defaults, the operator's values over them, and what is
// mandatory over both. The latter cannot collide any more: an operator's document that sets it was
// refused.
extension Settings {
  /// The whole document.
  public var document: YAMLNode {
    var root = PatroniConfiguration(for: self).yaml
    var theirs = overrides.document
    root.update("postgresql") { postgresql in
      postgresql["pg_hba"] = .sequence(hbaLines)
      let ident = IdentMappings.make(for: self).map { YAMLNode.string($0.line) } + overrides.ident
      if !ident.isEmpty { postgresql["pg_ident"] = .sequence(ident) }
    }
    theirs.update("bootstrap") { bootstrap in
      // A list stands in the place of ours, but for what lets Patroni in while the cluster is made.
      guard case .sequence(let options)? = bootstrap["initdb"]?.content else { return }
      let ours = Bootstrap.ours.initdb.filter { $0.isMandatory }.map { $0.node }
      bootstrap["initdb"] = .sequence(ours + options)
    }
    return .mapping(root.merged(with: theirs))
  }

  /// Records of nodes stand above the operator's, so that none of these can shadow them; those for
  /// everybody else stand below, so that the operator's can.
  private var hbaLines: [YAMLNode] {
    HBARules.ofNodes(for: self).map { .string($0.line) } + overrides.hba
      + HBARules.clients(self).map { .string($0.line) }
  }
}

extension YAMLMapping {
  /// These entries with `other` over them: mappings are merged, all else is replaced.
  func merged(with other: YAMLMapping) -> YAMLMapping {
    var merged = self
    merged.merge(other)
    return merged
  }

  /// Mappings within mappings.
  static func nested(_ path: [String], _ mapping: YAMLMapping) -> YAMLMapping {
    guard let first = path.first else { return mapping }
    var outer = YAMLMapping()
    outer.append(first, nested(Array(path.dropFirst()), mapping))
    return outer
  }

  /// Changes the mapping at `key`, when there is one.
  mutating func update(_ key: String, _ change: (inout YAMLMapping) -> Void) {
    guard case .mapping(var inner)? = self[key]?.content else { return }
    change(&inner)
    self[key]?.content = .mapping(inner)
  }
}

extension YAMLNode {
  /// The value of a key, when the node is a mapping that has it.
  subscript(key: String) -> YAMLNode? {
    guard case .mapping(let mapping) = content else { return nil }
    return mapping[key]
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
