import PatroniConfig
import PostgresConfig

/// How nodes log in to each other.
struct NodeSettings: Sendable {
  @Sourced var auth: NodeAuth
  @Sourced var addresses: [HBAAddress]
  @Sourced var certNames: [IdentMapping.SystemName]
  var appRoles: [RoleName]
  var passfile: Secret?

  /// Whether nodes can be told from clients by where they come from.
  var areApart: Bool { !addresses.coverAFamily }

  init(
    from reader: inout EnvironmentReader,
    version: Sourced<PostgresVersion>,
    tls: TLSSettings,
    pod: PodSettings,
    scope: String
  ) {
    _auth = reader.choice(.nodeAuth, of: NodeAuth.self, expectation: NodeAuth.expectation)
      .or(tls.mode.verifiesServer ? .cert : .scramSHA256, from: tls.$mode.source)
    let auth = _auth
    if auth.wrappedValue.shows(.cert) {
      reader.requireTLS(for: "NODE_AUTH=\(auth.wrappedValue.rawValue)", tls)
    }
    let addresses = Self.addresses(from: &reader, pod: pod)
    _addresses = addresses
    _certNames =
      Self.certNames(from: &reader)
      ?? Self.derivedCertNames(
        reader.environment.member?.certificate ?? reader.podFiles.certificates?.leaf,
        pod,
        scope: scope
      )
    appRoles = Self.appRoles(from: &reader, version: version)
    passfile = Self.passfile(from: &reader)
    if !auth.isFaulty, auth.wrappedValue == .trust, !addresses.isFaulty {
      Self.checkTrust(addresses.wrappedValue, &reader)
    }
    if reader.faults == 0 { warnAboutWhatHasNoEffect(&reader, version: version.wrappedValue) }
  }

  private static func checkTrust(_ addresses: [HBAAddress], _ reader: inout EnvironmentReader) {
    if addresses.coverAFamily {
      reader.report(
        Problem(
          EnvironmentVariable.nodeAddresses.name,
          "must be narrower than all with NODE_AUTH=trust",
          detail: "Anyone who can reach the port would be superuser.",
          hint:
            "Set NODE_ADDRESSES to the addresses of the nodes, such as /24 or "
            + ".SERVICE.NAMESPACE.svc.DOMAIN."
        )
      )
    } else {
      reader.report(
        Problem(
          .warning,
          EnvironmentVariable.nodeAuth.name,
          "trust lets every process at the nodes' addresses log in as superuser",
          hint: "Set NODE_AUTH=cert and mount certificates."
        )
      )
    }
  }

  private static func addresses(
    from reader: inout EnvironmentReader,
    pod: PodSettings
  ) -> Sourced<[HBAAddress]> {
    let variable = EnvironmentVariable.nodeAddresses
    let given = reader.text(variable)
    guard let text = given.wrappedValue else { return Sourced([.all], given.source) }
    let words = words(in: text)
    var addresses: [HBAAddress] = []
    for word in words {
      if word == "all" && words.count == 1 {
        addresses.append(.all)
      } else if word.hasPrefix("/") && pod.$address.isFaulty {
        return Sourced([.all], reader.fault(variable))
      } else if let address = address(word, pod: pod) {
        addresses.append(address)
      } else {
        reader.reportInvalid(
          variable,
          word,
          expectation:
            "An entry is a network such as 10.0.0.0/8, an address, a host name, a suffix "
            + "such as .citus.default.svc.cluster.local, or /N for the pod IP's own network; "
            + "all cannot be combined with others.",
          hint: nil
        )
        return Sourced([.all], reader.fault(variable))
      }
    }
    if words.isEmpty {
      reader.report(
        Problem(
          variable.name,
          "holds no address",
          hint: "To allow all addresses, remove it."
        )
      )
      return Sourced([.all], reader.fault(variable))
    }
    return Sourced(addresses, given.source)
  }

  private static func address(_ word: String, pod: PodSettings) -> HBAAddress? {
    if word.hasPrefix("/") {
      guard let length = Int(word.dropFirst()), !word.hasPrefix("/+") else { return nil }
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

  /// Nil when the names have to be derived.
  private static func certNames(
    from reader: inout EnvironmentReader
  ) -> Sourced<[IdentMapping.SystemName]>? {
    let variable = EnvironmentVariable.nodeCertNames
    let given = reader.text(variable)
    guard let text = given.wrappedValue else {
      return given.isFaulty ? Sourced([], given.source) : nil
    }
    let texts = text.hasPrefix("/") ? [text] : entries(in: text)
    var names: [IdentMapping.SystemName] = []
    for text in texts {
      guard let name = certName(text, isAlone: texts.count == 1, &reader) else {
        return Sourced([], reader.fault(variable))
      }
      names.append(name)
    }
    if names.isEmpty {
      reader.report(Problem(variable.name, "holds no name"))
      return Sourced([], reader.fault(variable))
    }
    return Sourced(names, given.source)
  }

  private static func certName(
    _ text: String,
    isAlone: Bool,
    _ reader: inout EnvironmentReader
  ) -> IdentMapping.SystemName? {
    let variable = EnvironmentVariable.nodeCertNames
    guard let name = IdentMapping.SystemName(parsing: text), isAlone || !text.hasPrefix("/") else {
      reader.reportInvalid(
        variable,
        text,
        expectation:
          "It must be certificate CNs separated by commas, or one regular expression "
          + "after a slash; pg_ident.conf accepts no control characters, and names of at most "
          + "10239 bytes.",
        hint: nil
      )
      return nil
    }
    if case .matching(let pattern) = name, let fault = RegularExpression.invalidity(of: pattern) {
      reader.report(
        Problem(
          variable.name,
          "invalid regular expression \(quoted(text)): \(fault)",
          detail: "PostgreSQL would start with it, but reject every login of a node.",
          hint: "Correct the expression, or list the CNs of the nodes instead."
        )
      )
      return nil
    }
    if name.matchesEverything {
      reader.report(
        Problem(
          .warning,
          variable.name,
          "\(quoted(text)) accepts every certificate of the CA as a node's",
          detail: "Anyone with a certificate that it signed can log in as superuser.",
          hint: "Set NODE_CERT_NAMES to the CN of the node certificates."
        )
      )
    }
    return name
  }

  private static func derivedCertNames(
    _ mounted: Certificate?,
    _ pod: PodSettings,
    scope: String
  ) -> Sourced<[IdentMapping.SystemName]> {
    if let name = mounted?.nodeName {
      return Sourced(
        [name],
        .byDefault("NODE_CERT_NAMES is not set: the CN of the mounted certificate")
      )
    }
    return Sourced(
      [.exactly("*.\(scope).\(pod.namespace).svc.\(pod.domain)")],
      .byDefault("NODE_CERT_NAMES is not set: *.SCOPE.NAMESPACE.svc.DOMAIN, as no CN was found")
    )
  }

  private static func appRoles(
    from reader: inout EnvironmentReader,
    version: Sourced<PostgresVersion>
  ) -> [RoleName] {
    let variable = EnvironmentVariable.nodeAppRoles
    guard let text = reader.text(variable).wrappedValue, !version.isFaulty else { return [] }
    let names = entries(in: text)
    let roles = names.compactMap {
      reader.roleName($0, of: variable, version: version.wrappedValue)
    }
    if names.isEmpty { reader.report(Problem(variable.name, "holds no role")) }
    if roles.isEmpty || roles.count < names.count { _ = reader.fault(variable) }
    return roles
  }

  private static func passfile(from reader: inout EnvironmentReader) -> Secret? {
    let variable = EnvironmentVariable.nodePassfile
    guard let path = reader.path(variable).wrappedValue else { return nil }
    guard let bytes = reader.content(of: path, for: variable.name) else {
      _ = reader.fault(variable)
      return nil
    }
    for fault in Passfile.faults(in: bytes) {
      reader.reportContradiction(
        Problem(
          variable.name,
          "file \(quoted(path)), line \(fault.line): \(fault.message)",
          detail: "A line is host:port:database:user:password, and a colon within a field is \\:."
        )
      )
    }
    return Secret(String(decoding: bytes, as: UTF8.self))
  }

  private func warnAboutWhatHasNoEffect(
    _ reader: inout EnvironmentReader,
    version: PostgresVersion
  ) {
    func warn(_ variable: EnvironmentVariable, _ message: String, _ hint: String) {
      reader.report(Problem(.warning, variable.name, message, hint: hint))
    }
    if !appRoles.isEmpty, !auth.shows(.cert) {
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
        "Every role can log in from NODE_ADDRESSES with a node's certificate; remove the variable."
      )
    }
    if passfile != nil, !auth.showsPasswords {
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
    guard nodes.auth.showsPasswords else { return nil }
    return nodes.passfile.map { Array($0.reveal().utf8) }
  }
}
