import PostgresConfig

/// This pod, and how others reach it.
struct PodSettings: Sendable {
  var name: String
  var namespace: String
  var address: IPAddress
  var service: String
  var domain: String
  var connectBy: ConnectBy

  enum ConnectBy: String, CaseIterable, Sendable {
    case ip
    case name
  }

  /// The pod's own name in DNS, which its headless Service gives it.
  ///
  /// See <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/>.
  var fullName: String { "\(name).\(service).\(namespace).svc.\(domain)" }

  /// The host that other members connect to.
  var connectHost: String { connectBy == .ip ? address.description : fullName }

  init?(from reader: inout EnvironmentReader, scope: String?, mode: SSLMode?) {
    let name = Self.name(from: &reader)
    let namespace = Self.namespace(from: &reader)
    let address = Self.address(from: &reader)
    let label = "It must be letters, digits and hyphens, at most 63 bytes."
    let service = reader.value(.headlessService, expectation: label) {
      HostName.isLabel($0) ? $0 : nil
    }
    let domain = reader.value(.clusterDomain, expectation: "It must be a DNS name.") {
      HostName.isName($0) ? $0 : nil
    }
    let connectBy = reader.choice(.connectBy, of: ConnectBy.self)
    guard let name, let namespace, let address, let domain = domain.or("cluster.local"), let scope,
      let service = service.or(scope),
      let connectBy = connectBy.or(mode == .verifyFull ? .name : .ip)
    else { return nil }
    self.name = name
    self.namespace = namespace
    self.address = address
    self.service = service
    self.domain = domain
    self.connectBy = connectBy
    if connectBy == .name, !HostName.isName(fullName) {
      reader.report(
        Problem(
          EnvironmentVariable.connectBy.name,
          "the pod's name \(quoted(fullName)) is not a valid DNS name",
          detail: "A DNS name holds at most 253 bytes, and a label at most 63.",
          hint: "Shorten the names, or set CONNECT_BY=ip."
        )
      )
      return nil
    }
  }

  private static func name(from reader: inout EnvironmentReader) -> String? {
    let hostName = reader.surroundings.hostName
    let reading = reader.value(.name, expectation: ClusterSettings.objectNameExpectation) {
      ClusterSettings.isObjectName($0) ? $0 : nil
    }
    if case .unset = reading, !ClusterSettings.isObjectName(hostName) {
      reader.report(
        Problem(
          EnvironmentVariable.name.name,
          "is not set, and the host name \(quoted(hostName)) cannot stand for it",
          detail: ClusterSettings.objectNameExpectation,
          hint: "Set PATRONI_NAME to the name of the pod (field reference metadata.name)."
        )
      )
      return nil
    }
    return reading.or(hostName)
  }

  private static func namespace(from reader: inout EnvironmentReader) -> String? {
    let reading = reader.value(
      .namespace,
      expectation: "It must be letters, digits and hyphens, at most 63 bytes."
    ) { HostName.isLabel($0) ? $0 : nil }
    if case .unset = reading { return mountedNamespace(from: &reader) }
    return reading.or("default")
  }

  /// A file that is there but cannot be read is a fault: another namespace would be another name
  /// for every certificate and every member.
  private static func mountedNamespace(from reader: inout EnvironmentReader) -> String? {
    let path = Surroundings.namespaceFile
    switch reader.surroundings.files[path] {
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
    case .absent, .tooLong, .directory, nil: return "default"
    }
  }

  private static func address(from reader: inout EnvironmentReader) -> IPAddress? {
    let hint = "Set \(reader.nameInUse(.podIP)) from the pod's field reference status.podIP."
    guard let text = reader.required(.podIP, hint: hint) else { return nil }
    guard let address = IPAddress(text), !address.isUnspecified else {
      reader.reportInvalid(
        .podIP,
        text,
        expectation: "It must be one IPv4 or IPv6 address that others can reach.",
        hint: hint
      )
      return nil
    }
    return address
  }
}
