import PostgresConfig

/// Makes a tree from events.
///
/// Messages name keys only: what stands behind a key may be a secret, one that begins with `!`, `&`
/// or `*` included.
struct YAMLComposer: ~Copyable {
  /// What does not keep the rest from being read.
  private(set) var faults: [YAMLFault] = []
  private var stream: YAMLEventStream
  private var anchors: [String: Anchor] = [:]
  private var repetition = 0

  /// A node with the measures that bound its repetition.
  private struct Measured {
    var node: YAMLNode
    /// Bytes of text, and 16 for every node.
    var weight: Int
    /// How many collections are nested in it, itself included.
    var height: Int
  }

  private enum Anchor {
    case open
    case complete(Measured)
  }

  init(_ stream: consuming YAMLEventStream) {
    self.stream = stream
  }

  /// The only document of the stream, or nil when there is none.
  mutating func compose() throws(YAMLFault) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try stream.next()
      switch event.kind {
      case .streamEnd: return root
      case .documentStart where root != nil:
        throw fault(event.origin, "a second document begins", "One file holds one document.")
      case .documentStart:
        root = try node(beginningWith: try stream.next(), depth: 0).node
      default: break
      }
    }
  }

  private mutating func node(
    beginningWith event: YAMLEvent,
    depth: Int
  ) throws(YAMLFault) -> Measured {
    if case .alias = event.kind { return try target(of: event, depth: depth) }
    if let anchor = event.anchor {
      if anchors[anchor] != nil {
        throw fault(event.origin, "an anchor is defined a second time")
      }
      anchors[anchor] = .open
    }
    let measured: Measured
    switch event.kind {
    case .scalar(let text, let isPlain):
      let content = scalar(text, isPlain: isPlain, event)
      measured = Measured(
        node: YAMLNode(content, origin: event.origin),
        weight: 16 + text.utf8.count,
        height: 0
      )
    case .sequenceStart: measured = try sequence(event, depth: depth + 1)
    case .mappingStart: measured = try mapping(event, depth: depth + 1)
    default: throw fault(event.origin, "a value is missing")
    }
    if let anchor = event.anchor { anchors[anchor] = .complete(measured) }
    return measured
  }

  private mutating func target(of event: YAMLEvent, depth: Int) throws(YAMLFault) -> Measured {
    let name = event.anchor ?? ""
    switch anchors[name] {
    case nil: throw fault(event.origin, "an alias has no anchor before it")
    case .open:
      throw fault(event.origin, "an alias is within its own anchor")
    case .complete(let measured):
      repetition += measured.weight
      guard repetition <= YAMLParser.longestRepetition else {
        throw fault(
          event.origin,
          "aliases repeat more than \(YAMLParser.longestRepetition >> 20) MB",
          "Aliases of aliases can expand a short text without limit."
        )
      }
      try checkDepth(depth + measured.height, event.origin)
      return measured
    }
  }

  private func checkDepth(_ depth: Int, _ origin: YAMLOrigin) throws(YAMLFault) {
    guard depth <= YAMLParser.deepestNesting else {
      throw fault(origin, "collections are nested more than \(YAMLParser.deepestNesting) deep")
    }
  }

  private mutating func sequence(_ start: YAMLEvent, depth: Int) throws(YAMLFault) -> Measured {
    try checkDepth(depth, start.origin)
    checkTag(of: start, "tag:yaml.org,2002:seq")
    var items: [YAMLNode] = []
    var measures = Measured(node: .sequence([]), weight: 16, height: 1)
    while true {
      let event = try stream.next()
      if case .sequenceEnd = event.kind { break }
      let item = try node(beginningWith: event, depth: depth)
      measures.weight += item.weight
      measures.height = max(measures.height, item.height + 1)
      items.append(item.node)
    }
    measures.node = YAMLNode(.sequence(items), origin: start.origin)
    return measures
  }

  private mutating func mapping(_ start: YAMLEvent, depth: Int) throws(YAMLFault) -> Measured {
    try checkDepth(depth, start.origin)
    checkTag(of: start, "tag:yaml.org,2002:map")
    var entries: [YAMLMapping.Entry] = []
    var merged: [YAMLMapping.Entry]?
    var seen: Set<ByteString> = []
    var measures = Measured(node: .sequence([]), weight: 16, height: 1)
    while true {
      let event = try stream.next()
      if case .mappingEnd = event.kind { break }
      let key = try key(beginningWith: event, depth: depth)
      let value = try node(beginningWith: try stream.next(), depth: depth)
      measures.weight += value.weight + 16
      measures.height = max(measures.height, value.height + 1)
      switch key {
      case .merge:
        if merged != nil { report(event.origin, "key << is given twice in this mapping") }
        merged = (merged ?? []) + mergedEntries(value.node)
      case .text(let text):
        measures.weight += text.utf8.count
        if seen.insert(ByteString(text)).inserted {
          entries.append(YAMLMapping.Entry(key: text, value: value.node, origin: event.origin))
        } else {
          report(event.origin, "key \(String(quoting: text)) is given twice in this mapping")
        }
      case .faulty: break
      }
    }
    // The mapping's own entries win over merged ones, and earlier merged ones over later ones.
    for entry in merged ?? [] where seen.insert(ByteString(entry.key)).inserted {
      entries.append(entry)
    }
    measures.node = YAMLNode(.mapping(YAMLMapping(entries)), origin: start.origin)
    return measures
  }

  private enum Key {
    case text(String)
    case merge
    case faulty
  }

  private mutating func key(
    beginningWith event: YAMLEvent,
    depth: Int
  ) throws(YAMLFault) -> Key {
    if case .scalar("<<", isPlain: true) = event.kind { return .merge }
    let key = try node(beginningWith: event, depth: depth).node
    switch key.content {
    case .string(let text): return .text(text)
    case .plain(let text, let type):
      report(
        event.origin,
        "key \(String(quoting: text)) is not text",
        "Patroni would read it as \(type.phrase); in quotes it is text."
      )
    default: report(event.origin, "a key is not text")
    }
    return .faulty
  }

  private mutating func mergedEntries(_ node: YAMLNode) -> [YAMLMapping.Entry] {
    switch node.content {
    case .mapping(let mapping): return mapping.entries
    case .sequence(let items):
      var entries: [YAMLMapping.Entry] = []
      for item in items {
        guard case .mapping(let mapping) = item.content else {
          report(item.origin, "key << merges mappings only")
          continue
        }
        entries += mapping.entries
      }
      return entries
    default:
      report(node.origin, "key << merges mappings only")
      return []
    }
  }

  private mutating func scalar(
    _ text: String,
    isPlain: Bool,
    _ event: YAMLEvent
  ) -> YAMLNode.Content {
    guard isPlain || event.tag != nil, event.tag != "tag:yaml.org,2002:str" else {
      return .string(text)
    }
    let type = YAMLScalarType(plain: text)
    if event.tag != nil, event.tag != type.tag {
      reportTag(event.origin)
    } else if type == .broken || type == .merge {
      report(
        event.origin,
        "a value cannot be read",
        "It looks like a number, a date or YAML syntax, but is none; in quotes it is text."
      )
    }
    switch type {
    case .string: return .string(text)
    case .null: return .plain("null", .null)
    default: return .plain(text, type)
    }
  }

  private mutating func checkTag(of event: YAMLEvent, _ expected: String) {
    guard let tag = event.tag, tag != expected else { return }
    reportTag(event.origin)
  }

  private mutating func reportTag(_ origin: YAMLOrigin) {
    report(
      origin,
      "a tag is not accepted here",
      "A configuration consists of text, numbers, Booleans, dates, lists and mappings."
    )
  }

  private mutating func report(_ origin: YAMLOrigin?, _ message: String, _ detail: String? = nil) {
    let place = origin ?? YAMLOrigin(document: stream.document, line: 1, column: 1)
    faults.append(fault(place, message, detail))
  }

  private func fault(
    _ origin: YAMLOrigin,
    _ message: String,
    _ detail: String? = nil
  ) -> YAMLFault {
    YAMLFault(origin: origin, message: message, detail: detail)
  }
}

extension YAMLScalarType {
  /// What the type is called in a sentence.
  public var phrase: String {
    switch self {
    case .string, .merge, .broken: "text"
    case .null: "nothing"
    case .boolean: "a Boolean"
    case .integer, .float: "a number"
    case .timestamp: "a date"
    }
  }

  fileprivate var tag: String? {
    switch self {
    case .string: "tag:yaml.org,2002:str"
    case .null: "tag:yaml.org,2002:null"
    case .boolean: "tag:yaml.org,2002:bool"
    case .integer: "tag:yaml.org,2002:int"
    case .float: "tag:yaml.org,2002:float"
    case .timestamp: "tag:yaml.org,2002:timestamp"
    case .merge, .broken: nil
    }
  }
}
