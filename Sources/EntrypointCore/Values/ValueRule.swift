import PatroniConfig
import PostgresConfig

/// What a value must be so that Patroni can do something with it.
enum ValueRule: Equatable {
  /// A host, and a port behind a colon where it is not the usual one.
  case host
  /// Several of these.
  case hosts
  /// Several of these, and a path behind the last one, as ZooKeeper has it.
  case hostsWithPath
  /// Several names without a port.
  case names
  /// Several of the addresses by which members reach each other.
  case addresses
  /// A host and its port, by which others reach this member.
  case address
  /// `http://` or `https://`, a host, maybe a port.
  case url
  /// One of these words; upper and lower case count.
  case word([String])
  /// One of these words, in upper or lower case.
  case wordInAnyCase([String])
  /// A whole number in a range.
  case number(ClosedRange<Int>)
  /// One of Patroni's words for truth values.
  case boolean
  /// A DNS name.
  case name
  /// An absolute path.
  case path
  /// A time such as 5s.
  case duration
  /// Names and values of labels.
  case labels
  /// The name of a label.
  case labelName
  /// The value of a label.
  case labelValue
  /// Ports of a Service: each with a name and a number.
  case ports
  /// Codes of HTTP.
  case statusCodes

  /// Whether a variable's text is YAML.
  var isStructured: Bool {
    switch self {
    case .hosts, .hostsWithPath, .names, .addresses, .labels, .ports, .statusCodes: true
    default: false
    }
  }

  /// Why a value is not right.
  struct Fault: Equatable {
    /// What it would have to be, in a sentence.
    let expectation: String
    /// What to write instead, in a sentence.
    var hint: String?
    /// The part that is wrong, when it is not the whole.
    var part: String?
  }

  /// What is wrong with `node`; nil when Patroni takes it.
  func fault(of node: YAMLNode) -> Fault? {
    switch self {
    case .hosts, .hostsWithPath, .names, .addresses: faultOfHosts(node)
    case .labels: Self.faultOfLabels(node)
    case .ports: Self.faultOfPorts(node)
    case .statusCodes: Self.faultOfCodes(node)
    default: faultOfScalar(node)
    }
  }

  private func faultOfScalar(_ node: YAMLNode) -> Fault? {
    let text: String
    switch node.content {
    case .string(let string): text = string
    case .plain(let word, .integer), .plain(let word, .boolean):
      guard isPlain else { return Fault(expectation: expectation) }
      text = word
    case .plain(_, .null): return nil
    case .secret: return nil
    case .plain, .mapping, .sequence: return Fault(expectation: expectation)
    }
    return isValid(text) ? nil : Fault(expectation: expectation, hint: hint(for: text))
  }

  /// Whether a number or a Boolean without quotes may stand there.
  private var isPlain: Bool {
    switch self {
    case .number, .boolean: true
    default: false
    }
  }

  private func isValid(_ text: String) -> Bool {
    switch self {
    case .host: Self.isHost(text)
    case .address: HostAndPort(parsing: text).map { Self.isName($0.host) } ?? false
    case .url: Self.isURL(text)
    case .word(let words): words.contains(text)
    case .wordInAnyCase(let words): words.contains(text.lowercased())
    case .number(let range): Self.number(text).map { range.contains($0) } ?? false
    case .boolean:
      ["on", "off", "true", "false", "yes", "no", "1", "0"].contains(text.lowercased())
    case .name: HostName.isName(text)
    case .path: text.hasPrefix("/") && !text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    case .duration: Self.isDuration(text)
    case .labelName: KubernetesName.isLabelName(text)
    case .labelValue: KubernetesName.isLabelValue(text)
    case .hosts, .hostsWithPath, .names, .addresses, .labels, .ports, .statusCodes: true
    }
  }

  /// A number as Patroni reads it, hexadecimal ones included.
  private static func number(_ text: String) -> Int? {
    let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
    return isHexadecimal ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }

  private var expectation: String {
    switch self {
    case .host, .hosts, .hostsWithPath:
      "It must be a host, or a host and a port as in etcd-0:2379; IPv6 addresses are in brackets."
    case .names: "It must be a list of hosts without a port."
    case .addresses:
      "It must be a list of hosts with a port each; IPv6 addresses are in brackets."
    case .address: "It must be a host and a port, with IPv6 addresses in brackets."
    case .url: "It must be a URL such as https://etcd:2379."
    case .word(let words), .wordInAnyCase(let words):
      "Accepted values are \(words.joined(separator: ", "))."
    case .number(let range):
      "It must be a whole number from \(range.lowerBound) to \(range.upperBound)."
    case .boolean: "Accepted values are on, off, true, false, yes, no, 1, 0."
    case .name: "It must be a DNS name."
    case .path: "It must be an absolute path without control characters."
    case .duration: "It must be a number with a unit such as 5s or 1m30s."
    case .labels: KubernetesName.labelsExpectation
    case .labelName: KubernetesName.labelNameExpectation
    case .labelValue: KubernetesName.labelValueExpectation
    case .ports: "It must be a list of mappings, each with a name and a port."
    case .statusCodes: "It must be a number from 100 to 599, or a list of these."
    }
  }

  private func hint(for text: String) -> String? {
    switch self {
    case .word(let words), .wordInAnyCase(let words):
      nearest(to: text, among: words).map { "Write \($0)." }
    case .host where !text.utf8.contains(UInt8(ascii: "@")):
      Self.scheme(of: text).map { scheme in
        let rest = text.utf8.dropFirst(scheme.utf8.count + 3).prefix { $0 != UInt8(ascii: "/") }
        return "Write \(String(Substring(rest))) here, and \(scheme) in the variable or key for "
          + "the protocol."
      }
    case .url where !text.hasPrefix("http") && Self.isHost(text): "Write http://\(text)."
    default: nil
    }
  }

  private static func scheme(of text: String) -> String? {
    ["http", "https"].first { text.lowercased().hasPrefix($0 + "://") }
  }
}

// Hosts and URLs, as Patroni takes them apart.
extension ValueRule {
  private func faultOfHosts(_ node: YAMLNode) -> Fault? {
    switch node.content {
    case .string where self == .names || self == .addresses:
      return Fault(expectation: expectation)
    case .string(let text):
      return fault(
        ofItems: text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
      )
    case .sequence(let items):
      var texts: [String] = []
      for item in items {
        guard case .string(let text) = item.content else { return Fault(expectation: expectation) }
        texts.append(text)
      }
      return fault(ofItems: texts)
    case .plain(_, .null), .secret: return nil
    case .plain, .mapping: return Fault(expectation: expectation)
    }
  }

  private func fault(ofItems items: [String]) -> Fault? {
    for (index, item) in items.enumerated() {
      var text = item.withoutOuterBlanks
      if self == .hostsWithPath, index == items.count - 1 {
        text = String(text.utf8.prefix { $0 != UInt8(ascii: "/") }) ?? text
      }
      if let fault = fault(ofItem: text) { return fault }
    }
    return nil
  }

  private func fault(ofItem text: String) -> Fault? {
    let isRight: (String) -> Bool = { text in
      switch self {
      case .names: Self.isName(text) && IPAddress(text)?.isIPv6 != true
      case .addresses: ValueRule.address.isValid(text)
      default: Self.isHost(text)
      }
    }
    guard !isRight(text) else { return nil }
    var fault = Fault(expectation: expectation, hint: ValueRule.host.hint(for: text), part: text)
    let words = text.split(separator: " ").map { String($0) }
    if words.count > 1, words.allSatisfy(isRight) {
      fault.hint = "Write commas between them: \(words.joined(separator: ","))."
    } else if let address = IPAddress(text), address.isIPv6, self != .names {
      fault.hint = "Also write the port: [\(text)]:PORT."
    }
    return fault
  }

  static func isHost(_ text: String) -> Bool {
    if let pair = HostAndPort(parsing: text) { return isName(pair.host) }
    // Patroni would take what stands behind the last colon for a port.
    return isName(text) && !text.utf8.contains(UInt8(ascii: ":"))
  }

  static func isName(_ host: String) -> Bool {
    IPAddress(host) != nil || (HostName.isName(host) && !host.utf8.contains(UInt8(ascii: ":")))
  }

  private static func isURL(_ text: String) -> Bool {
    guard let scheme = scheme(of: text) else { return false }
    let rest = text.utf8.dropFirst(scheme.utf8.count + 3)
    let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[$0...].dropFirst() }
    let name = String(Substring(host ?? authority))
    return isHost(name) && (IPAddress(name)?.isIPv6 != true)
  }

  /// As Go's `time.ParseDuration` takes it, without a sign.
  private static func isDuration(_ text: String) -> Bool {
    var rest = text.utf8[...]
    let isDigit: (UInt8) -> Bool = { $0 >= 0x30 && $0 <= 0x39 }
    while !rest.isEmpty {
      let number = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
      rest = rest.dropFirst(unit.count)
      guard number.contains(where: isDigit), number.count(where: { $0 == UInt8(ascii: ".") }) < 2,
        ["ns", "us", "µs", "ms", "s", "m", "h"].contains(String(Substring(unit)))
      else { return false }
    }
    return !text.isEmpty
  }
}

// What Kubernetes' API takes.
extension ValueRule {
  private static func faultOfLabels(_ node: YAMLNode) -> Fault? {
    let expectation = KubernetesName.labelsExpectation
    if case .plain(_, .null) = node.content { return nil }
    guard case .mapping(let labels) = node.content else { return Fault(expectation: expectation) }
    for label in labels.entries {
      guard KubernetesName.isLabelName(label.key) else {
        let parts = label.key.split(separator: "=", maxSplits: 1)
        let isPair = parts.count == 2
        return Fault(
          expectation: isPair ? expectation : KubernetesName.labelNameExpectation,
          hint: isPair ? "Write \(parts[0]): \(parts[1])." : nil,
          part: label.key
        )
      }
      switch label.value.content {
      case .string(let text):
        guard !KubernetesName.isLabelValue(text) else { continue }
        return Fault(expectation: KubernetesName.labelValueExpectation, part: text)
      // In the operator's document it removes a label.
      case .plain(_, .null) where label.value.origin != nil: continue
      case .plain(let text, let type):
        return Fault(
          expectation: "The value of label \(label.key) is \(type.phrase) instead of text.",
          hint: type == .null ? nil : "Write it in quotes: \(label.key): \"\(text)\".",
          part: type == .null ? label.key : text
        )
      case .secret: continue
      case .mapping, .sequence: return Fault(expectation: expectation, part: label.key)
      }
    }
    return nil
  }

  private static func faultOfPorts(_ node: YAMLNode) -> Fault? {
    let expectation = ValueRule.ports.expectation
    let hint = "Write [{\"name\": \"postgresql\", \"port\": 5432}]."
    guard case .sequence(let items) = node.content else {
      if case .plain(_, .null) = node.content { return nil }
      return Fault(expectation: expectation, hint: hint)
    }
    for item in items {
      guard case .mapping(let port) = item.content, case .string(let name)? = port["name"]?.content,
        KubernetesName.isLabel(name), case .plain(let number, .integer)? = port["port"]?.content,
        ValueRule.number(1...65535).isValid(number)
      else { return Fault(expectation: expectation, hint: hint) }
    }
    return nil
  }

  private static func faultOfCodes(_ node: YAMLNode) -> Fault? {
    let items: [YAMLNode]
    switch node.content {
    case .sequence(let several): items = several
    case .plain(_, .null): items = []
    default: items = [node]
    }
    let areCodes = items.allSatisfy { item in
      switch item.content {
      case .plain(let text, .integer), .string(let text): ValueRule.number(100...599).isValid(text)
      default: false
      }
    }
    return areCodes ? nil : Fault(expectation: ValueRule.statusCodes.expectation)
  }
}

extension String {
  var withoutOuterBlanks: String {
    var bytes = utf8[...]
    while bytes.first == 0x20 { bytes = bytes.dropFirst() }
    while bytes.last == 0x20 { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }
}
