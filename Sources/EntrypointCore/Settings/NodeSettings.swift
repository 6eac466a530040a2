import PostgresConfig

/// How nodes log in to each other.
struct NodeSettings: Sendable {
  var auth: NodeAuth
  var addresses: [HBAAddress]
  var certNames: [IdentMapping.SystemName]
  /// Whether the mounted certificate itself says what nodes are called.
  var isNamedByCertificate: Bool
  var appRoles: [RoleName]
  var passfile: Secret?

  enum NodeAuth: String, CaseIterable, Sendable {
    case cert
    case scramSHA256 = "scram-sha-256"
    case md5
    case trust

    var needsPasswords: Bool { self == .scramSHA256 || self == .md5 }
  }

  /// Whether nodes can be told from clients by where they come from.
  var areApart: Bool { addresses != [.all] }

  init?(
    from reader: inout EnvironmentReader,
    version: PostgresVersion?,
    mode: SSLMode?,
    pod: PodSettings?,
    scope: String?
  ) {
    let auth = Self.auth(from: &reader, mode: mode)
    let addresses = Self.addresses(from: &reader, pod: pod)
    let certNames = Self.certNames(from: &reader)
    let appRoles = Self.appRoles(from: &reader, version: version)
    let passfile = Self.passfile(from: &reader)
    if auth == .trust, let addresses { Self.checkTrust(addresses, &reader) }
    guard let auth, let addresses, let certNames, let appRoles, let passfile, let pod, let scope,
      let version
    else { return nil }
    self.auth = auth
    self.addresses = addresses
    let mountedName = reader.surroundings.certificates?.leaf?.nodeName
    isNamedByCertificate = certNames == nil && mountedName != nil
    self.certNames =
      certNames ?? [
        mountedName
          ?? .exactly("*.\(scope).\(pod.namespace).svc.\(pod.domain)")
      ]
    self.appRoles = appRoles
    self.passfile = passfile
    warnAboutWhatHasNoEffect(&reader, version: version)
  }

  private static func auth(from reader: inout EnvironmentReader, mode: SSLMode?) -> NodeAuth? {
    let reading = reader.choice(.nodeAuth, of: NodeAuth.self)
    guard let mode, let auth = reading.or(mode.verifiesServer ? .cert : .scramSHA256) else {
      return nil
    }
    if auth == .cert, !reader.requireTLS(for: "NODE_AUTH=cert", mode: mode) { return nil }
    return auth
  }

  private static func checkTrust(_ addresses: [HBAAddress], _ reader: inout EnvironmentReader) {
    if addresses == [.all] {
      reader.report(
        Problem(
          EnvironmentVariable.nodeAddresses.name,
          "must be narrower than all with NODE_AUTH=trust",
          detail: "Everybody who reaches the port would be superuser.",
          hint:
            "Set NODE_ADDRESSES to the addresses of the nodes, such as /24 or .SERVICE.NAMESPACE.svc.DOMAIN."
        )
      )
    } else {
      reader.report(
        Problem(
          .warning,
          EnvironmentVariable.nodeAuth.name,
          "trust lets every process at the nodes' addresses in as superuser",
          hint: "Set NODE_AUTH=cert and mount certificates."
        )
      )
    }
  }

  private static func addresses(
    from reader: inout EnvironmentReader,
    pod: PodSettings?
  ) -> [HBAAddress]? {
    let variable = EnvironmentVariable.nodeAddresses
    guard case .value(let text) = reader.text(variable) else {
      return reader.environment.has(variable.name) ? nil : [.all]
    }
    let words = words(in: text)
    var addresses: [HBAAddress] = []
    for word in words {
      if word == "all" && words.count == 1 {
        addresses.append(.all)
      } else if word.hasPrefix("/") && pod == nil {
        continue  // The pod's address is missing, and that was reported.
      } else if let address = address(word, pod: pod) {
        addresses.append(address)
      } else {
        reader.reportInvalid(
          variable,
          word,
          expectation:
            "An entry is a network such as 10.0.0.0/8, an address, a host name, a suffix "
            + "such as .citus.default.svc.cluster.local, or /N for the pod IP's own network; "
            + "all stands alone.",
          hint: nil
        )
        return nil
      }
    }
    if words.isEmpty {
      reader.report(Problem(variable.name, "holds no address", hint: "Remove it to mean all."))
      return nil
    }
    return addresses
  }

  private static func address(_ word: String, pod: PodSettings?) -> HBAAddress? {
    if word.hasPrefix("/") {
      guard let pod, let length = Int(word.dropFirst()), !word.hasPrefix("/+") else { return nil }
      return IPNetwork(containing: pod.address, prefixLength: length).map { .network($0) }
    }
    if let network = IPNetwork(parsing: word) { return .network(network) }
    if let address = IPAddress(word) { return .network(IPNetwork(address)) }
    if word.hasPrefix(".") {
      return HostName.isName(word.dropFirst()) ? .suffix(word) : nil
    }
    let keywords = ["all", "samehost", "samenet"]
    let isNumeric = word.utf8.allSatisfy { $0 == UInt8(ascii: ".") || ($0 >= 0x30 && $0 <= 0x39) }
    return HostName.isName(word) && !keywords.contains(word) && !isNumeric ? .hostName(word) : nil
  }

  /// Nil for a fault, `.some(nil)` when the names have to be derived.
  private static func certNames(
    from reader: inout EnvironmentReader
  ) -> [IdentMapping.SystemName]?? {
    let variable = EnvironmentVariable.nodeCertNames
    switch reader.text(variable) {
    case .unset: return .some(nil)
    case .faulty: return nil
    case .value(let text):
      let texts = text.hasPrefix("/") ? [text] : entries(in: text)
      var names: [IdentMapping.SystemName] = []
      for text in texts {
        guard let name = IdentMapping.SystemName(parsing: text),
          texts.count == 1 || !text.hasPrefix("/")
        else {
          reader.reportInvalid(
            variable,
            text,
            expectation:
              "It must be certificate CNs separated by commas, or one regular expression "
              + "after a slash; pg_ident.conf takes no control characters, "
              + "and names of at most 10239 bytes.",
            hint: nil
          )
          return nil
        }
        names.append(name)
        if case .matching(let pattern) = name,
          let fault = RegularExpression.invalidity(of: pattern)
        {
          reader.report(
            Problem(
              variable.name,
              "invalid regular expression \(quoted(text)): \(fault)",
              detail: "PostgreSQL would start with it, and refuse every login of a node.",
              hint: "Correct the expression, or list the CNs of the nodes instead."
            )
          )
          return nil
        }
        guard name.matchesEverything else { continue }
        reader.report(
          Problem(
            .warning,
            variable.name,
            "\(quoted(text)) makes every certificate of the authority a node",
            detail: "Whoever holds any certificate that it signed can log in as superuser.",
            hint: "Set NODE_CERT_NAMES to the CN of the node certificates."
          )
        )
      }
      if names.isEmpty { reader.report(Problem(variable.name, "holds no name")) }
      return names.isEmpty ? nil : names
    }
  }

  private static func appRoles(
    from reader: inout EnvironmentReader,
    version: PostgresVersion?
  ) -> [RoleName]? {
    let variable = EnvironmentVariable.nodeAppRoles
    switch reader.text(variable) {
    case .unset: return []
    case .faulty: return nil
    case .value(let text):
      guard let version else { return nil }
      let roles = entries(in: text).map { reader.roleName($0, of: variable, version: version) }
      if roles.isEmpty { reader.report(Problem(variable.name, "holds no role")) }
      return roles.isEmpty || roles.contains { $0 == nil } ? nil : roles.compactMap { $0 }
    }
  }

  private static func passfile(from reader: inout EnvironmentReader) -> Secret?? {
    let variable = EnvironmentVariable.nodePassfile
    switch reader.path(variable) {
    case .unset: return .some(nil)
    case .faulty: return nil
    case .value(let path):
      guard let bytes = reader.content(of: path, for: variable.name) else { return nil }
      let faults = Passfile.faults(in: bytes)
      for fault in faults {
        reader.report(
          Problem(
            variable.name,
            "file \(quoted(path)), line \(fault.line): \(fault.message)",
            detail: "A line is host:port:database:user:password, and a colon within a field is \\:."
          )
        )
      }
      return faults.isEmpty ? Secret(String(decoding: bytes, as: UTF8.self)) : nil
    }
  }

  private func warnAboutWhatHasNoEffect(
    _ reader: inout EnvironmentReader,
    version: PostgresVersion
  ) {
    func warn(_ variable: EnvironmentVariable, _ message: String, _ hint: String) {
      reader.report(Problem(.warning, variable.name, message, hint: hint))
    }
    if !appRoles.isEmpty, auth != .cert {
      warn(
        .nodeAppRoles,
        "has no effect with NODE_AUTH=\(auth.rawValue)",
        "Give the roles' passwords in NODE_PASSFILE, or set NODE_AUTH=cert."
      )
    } else if !appRoles.isEmpty, !areApart {
      warn(
        .nodeAppRoles,
        "has no effect while NODE_ADDRESSES is all",
        "Set NODE_ADDRESSES to the addresses of the nodes."
      )
    } else if !appRoles.isEmpty, version.readsPatternsInRoleNames {
      warn(
        .nodeAppRoles,
        "is not needed from PostgreSQL 16 on",
        "Every role is let in from NODE_ADDRESSES with a node's certificate; remove the variable."
      )
    }
    if passfile != nil, !auth.needsPasswords {
      warn(
        .nodePassfile,
        "has no effect with NODE_AUTH=\(auth.rawValue)",
        "Remove the variable."
      )
    }
  }
}

extension Certificate {
  /// The CN as the name of a node, when `pg_ident.conf` can hold it as a name: after a slash it
  /// would be a regular expression.
  fileprivate var nodeName: IdentMapping.SystemName? {
    guard let commonName, let text = String(validating: commonName, as: UTF8.self),
      case .exactly(let name) = IdentMapping.SystemName(parsing: text)
    else { return nil }
    return .exactly(name)
  }
}

extension Settings {
  /// What belongs into `$HOME/.pgpass`, for the nodes' own connections.
  public var passfile: [UInt8]? {
    guard nodes.auth.needsPasswords else { return nil }
    return nodes.passfile.map { Array($0.reveal().utf8) }
  }
}
