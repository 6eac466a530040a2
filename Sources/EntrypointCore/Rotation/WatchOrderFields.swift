import PostgresConfig

extension WatchOrder {
  /// Texts in a row.
  struct Fields {
    private(set) var bytes: [UInt8] = []
    private var rest: ArraySlice<UInt8> = []

    init() {}

    init(_ bytes: [UInt8]) {
      rest = bytes[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    mutating func add(_ text: String) {
      bytes.append(contentsOf: text.utf8)
      bytes.append(0)
    }

    mutating func add(_ bytes: [UInt8]) {
      self.bytes += bytes
      self.bytes.append(0)
    }

    mutating func add(_ flag: Bool) {
      add(flag ? "yes" : "no")
    }

    mutating func add(_ texts: [String]) {
      add(String(texts.count))
      for text in texts { add(text) }
    }

    mutating func content() -> [UInt8]? {
      guard let end = rest.firstIndex(of: 0) else { return nil }
      defer { rest = rest[(end + 1)...] }
      return Array(rest[..<end])
    }

    mutating func text() -> String? {
      content().flatMap { String(validating: $0, as: UTF8.self) }
    }

    mutating func number() -> Int? { text().flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

    mutating func flag() -> Bool? {
      text().flatMap { $0 == "yes" ? true : $0 == "no" ? false : nil }
    }

    mutating func texts() -> [String]? {
      guard let count = number() else { return nil }
      var texts: [String] = []
      for _ in 0..<count {
        guard let text = text() else { return nil }
        texts.append(text)
      }
      return texts
    }
  }
}

extension CertificateExpectations {
  func add(to fields: inout WatchOrder.Fields) {
    fields.add(mode.rawValue)
    fields.add(demands)
    fields.add(verifies)
    fields.add(nodeNames != nil)
    fields.add(nodeNames?.map { $0.text } ?? [])
    fields.add(hosts.map { $0.name })
    fields.add(hosts.map { $0.reason })
    fields.add(hosts.map { $0.isNeeded ? "needed" : "" })
    fields.add(String(version.major))
    fields.add(areCopied)
    fields.add(binding.nodeRoles)
    fields.add(binding.hasClients)
    fields.add(isStrict)
  }

  init?(_ fields: inout WatchOrder.Fields) {
    guard let mode = fields.text().flatMap({ SSLMode(rawValue: $0) }),
      let demands = fields.texts(), let verifies = fields.flag(),
      let looksAtNames = fields.flag(), let names = fields.texts(),
      let hosts = fields.texts(), let reasons = fields.texts(), let needs = fields.texts(),
      hosts.count == reasons.count, hosts.count == needs.count,
      let version = fields.text().flatMap({ Int($0) }).flatMap({ PostgresVersion(major: $0) }),
      let areCopied = fields.flag(), let nodeRoles = fields.texts(),
      let hasClients = fields.flag(), let isStrict = fields.flag()
    else { return nil }
    self.mode = mode
    self.demands = demands
    self.verifies = verifies
    nodeNames =
      looksAtNames ? names.compactMap { IdentMapping.SystemName(parsing: $0) } : nil
    self.hosts = hosts.indices.map {
      Host(name: hosts[$0], reason: reasons[$0], isNeeded: needs[$0] == "needed")
    }
    self.version = version
    self.areCopied = areCopied
    binding = Binding(nodeRoles: nodeRoles, hasClients: hasClients)
    self.isStrict = isStrict
  }
}
