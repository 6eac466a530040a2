import PatroniConfig
import PostgresConfig

/// A setting that one patroni.yml says otherwise than another one.
struct DocumentDifference {
  /// Its keys, with dots between them, and the index of an item of a list in brackets.
  let setting: String
  /// The list that it is a line of, when their order counts.
  let list: String?
  let old: YAMLNode?
  let new: YAMLNode?
  /// What decided the new value.
  let source: Source?

  /// What there is in the order of `new`; what is gone comes behind its neighbours.
  static func all(from old: YAMLNode, to new: YAMLNode) -> [DocumentDifference] {
    var differences: [DocumentDifference] = []
    compare(old, new, "", within: nil, &differences)
    return differences
  }

  /// Lists whose lines are records: the first that matches decides.
  private static let lists = ["postgresql.pg_hba", "postgresql.pg_ident"]

  /// What decided a mapping or a list decided what is in it.
  private static func compare(
    _ old: YAMLNode?,
    _ new: YAMLNode?,
    _ path: String,
    within source: Source?,
    _ differences: inout [DocumentDifference]
  ) {
    let source = new?.source ?? (new?.origin == nil ? source : nil)
    if lists.contains(path) {
      differences += lines(old?.items ?? [], new?.items ?? [], path, within: source)
      return
    }
    let pairs = children(old, new, path)
    if !pairs.isEmpty {
      for pair in pairs { compare(pair.old, pair.new, pair.path, within: source, &differences) }
      return
    }
    guard old?.plainText != new?.plainText else { return }
    differences.append(
      DocumentDifference(setting: path, list: nil, old: old, new: new, source: source)
    )
  }

  /// What stands below one of two nodes, or both; nothing below scalars.
  private static func children(
    _ old: YAMLNode?,
    _ new: YAMLNode?,
    _ path: String
  ) -> [(old: YAMLNode?, new: YAMLNode?, path: String)] {
    let (before, after) = (old?.mapping?.entries ?? [], new?.mapping?.entries ?? [])
    if !before.isEmpty || !after.isEmpty {
      let gone = before.filter { entry in !after.contains { $0.key == entry.key } }
      return (after + gone).map { entry in
        (
          before.first { $0.key == entry.key }?.value, after.first { $0.key == entry.key }?.value,
          path.isEmpty ? entry.key : "\(path).\(entry.key)"
        )
      }
    }
    let (oldItems, newItems) = (old?.items ?? [], new?.items ?? [])
    return (0..<max(oldItems.count, newItems.count)).map { index in
      (
        index < oldItems.count ? oldItems[index] : nil,
        index < newItems.count ? newItems[index] : nil, "\(path)[\(index)]"
      )
    }
  }

  private static func lines(
    _ old: [YAMLNode],
    _ new: [YAMLNode],
    _ list: String,
    within source: Source?
  ) -> [DocumentDifference] {
    LineEdit.all(from: old.map { $0.plainText }, to: new.map { $0.plainText }).map { edit in
      switch edit {
      case .removed(let index):
        DocumentDifference(
          setting: "\(list)[\(index)]",
          list: list,
          old: old[index],
          new: nil,
          source: nil
        )
      case .added(let index):
        DocumentDifference(
          setting: "\(list)[\(index)]",
          list: list,
          old: nil,
          new: new[index],
          source: new[index].source ?? source
        )
      }
    }
  }
}

extension YAMLNode {
  /// The text of a scalar, a secret's too: to compare with, and never to print.
  var plainText: String? {
    if case .secret(let secret) = content { return secret.reveal() }
    if let text = scalarText { return text }
    if case .mapping = content { return "{}" }
    return "[]"
  }

  var isSecret: Bool { if case .secret = content { true } else { false } }
}
