import PatroniConfig
import PostgresConfig

/// This pod, and how others reach it.
struct PodSettings: Sendable {
  @Sourced var name: String
  @Sourced var namespace: String
  @Sourced var address: IPAddress
  var service: String
  var domain: String
  @Sourced var connectBy: ConnectBy

  enum ConnectBy: String, CaseIterable, Sendable {
    case ip
    case name
  }

  /// The pod's own name in DNS, which its headless Service gives it.
  ///
  /// See <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/>.
  var fullName: String { "\(name).\(service).\(namespace).svc.\(domain)" }

  /// Where other members connect to.
  func connectAddress(port: Int) -> Sourced<HostAndPort> {
    connectBy == .ip
      ? Sourced(HostAndPort(host: address.description, port: port), $address.source)
      : Sourced(HostAndPort(host: fullName, port: port), $connectBy.source)
  }

  init(from reader: inout EnvironmentReader, scope: Sourced<String>, tls: TLSSettings) {
    let faults = reader.faults
    _name = Self.name(from: &reader)
    _namespace = Self.namespace(from: &reader)
    _address = Self.address(from: &reader)
    let label = "It must be letters, digits and hyphens, at most 63 bytes."
    service =
      reader.value(.headlessService, expectation: label) { HostName.isLabel($0) ? $0 : nil }
      .wrappedValue ?? scope.wrappedValue
    domain =
      reader.value(.clusterDomain, expectation: "It must be a DNS name.") {
        HostName.isName($0) ? $0 : nil
      }.wrappedValue ?? "cluster.local"
    _connectBy = reader.kept(
      reader.choice(.connectBy, of: ConnectBy.self)
        .or(tls.mode == .verifyFull ? .name : .ip, from: tls.$mode.source)
    )
    let isKnown = reader.faults == faults && !scope.isFaulty
    if isKnown, connectBy == .name, !HostName.isName(fullName) {
      reader.reportContradiction(
        Problem(
          EnvironmentVariable.connectBy.name,
          "the pod's name \(quoted(fullName)) is not a valid DNS name",
          detail: "A DNS name holds at most 253 bytes, and a label at most 63.",
          hint: "Shorten the names, or set CONNECT_BY=ip."
        )
      )
    }
  }

  private static func name(from reader: inout EnvironmentReader) -> Sourced<String> {
    let hostName = reader.podFiles.hostName
    let name = reader.value(.name, expectation: ClusterSettings.objectNameExpectation) {
      ClusterSettings.isObjectName($0) ? $0 : nil
    }
    if case .unset = name.source, !ClusterSettings.isObjectName(hostName) {
      reader.report(
        Problem(
          EnvironmentVariable.name.name,
          "is not set, and the host name \(quoted(hostName)) cannot replace it",
          detail: ClusterSettings.objectNameExpectation,
          hint: "Set PATRONI_NAME to the name of the pod (field reference metadata.name)."
        )
      )
      return Sourced("", reader.fault(.name))
    }
    return name.or(hostName)
  }

  private static func namespace(from reader: inout EnvironmentReader) -> Sourced<String> {
    let namespace = reader.value(
      .namespace,
      expectation: "It must be letters, digits and hyphens, at most 63 bytes."
    ) { HostName.isLabel($0) ? $0 : nil }
    guard case .unset = namespace.source else { return namespace.or("default") }
    guard let mounted = mountedNamespace(from: &reader) else {
      return Sourced("default", reader.fault(.namespace))
    }
    return namespace.or(mounted)
  }

  /// A file that is there but cannot be read is a fault: another namespace would be another name
  /// for every certificate and every member.
  private static func mountedNamespace(from reader: inout EnvironmentReader) -> String? {
    let path = PodFiles.namespaceFile
    switch reader.podFiles.contents[path] {
    case .content(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self), let word = words(in: text).first,
        HostName.isLabel(word)
      else { return "default" }
      return word
    case .failed(let reason):
      reader.report(
        Problem(
          EnvironmentVariable.namespace.name,
          "is not set, and file \(quoted(path)) could not be read: \(reason)",
          hint: "Set POD_NAMESPACE from the pod's field reference metadata.namespace."
        )
      )
      return nil
    case .absent, .nowhere, .tooLong, .directory, .pem, nil: return "default"
    }
  }

  private static func address(from reader: inout EnvironmentReader) -> Sourced<IPAddress> {
    let hint = "Set \(reader.nameInUse(.podIP)) from the pod's field reference status.podIP."
    let text = reader.required(.podIP, hint: hint)
    return reader.value(
      of: text,
      .podIP,
      expectation: "It must be one IPv4 or IPv6 address that others can reach.",
      hint: hint
    ) { text in IPAddress(text).flatMap { $0.isUnspecified ? nil : $0 } }.or(.unspecified)
  }
}

extension EnvironmentReader {
  /// What `connectBy` is until the next start, when it only follows from a mode that is live.
  fileprivate mutating func kept(
    _ connectBy: Sourced<PodSettings.ConnectBy>
  ) -> Sourced<PodSettings.ConnectBy> {
    guard case .unset = connectBy.source, let member = environment.member,
      member.connectBy != connectBy.wrappedValue
    else { return connectBy }
    report(
      Problem(
        .note,
        EnvironmentVariable.connectBy.name,
        "is not set, and other members reach this one by \(member.connectBy.rawValue) until it "
          + "starts again",
        detail: "With this PGSSLMODE a start chooses \(connectBy.wrappedValue.rawValue)."
      )
    )
    return Sourced(member.connectBy, connectBy.source)
  }
}
