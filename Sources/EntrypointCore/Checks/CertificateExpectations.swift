import PostgresConfig

/// What the settings expect of the certificates.
///
/// There are some even when other settings are faulty, so that every fault is found in one run.
public struct CertificateExpectations: Sendable {
  /// How connections are protected.
  var mode: SSLMode
  /// The variables of a setting that cannot do without mounted certificates.
  var demands: [String]
  /// Whether anybody verifies certificates, so that the authorities matter.
  var verifies: Bool
  /// The names that certificates of nodes have; nil when nobody looks at them, or when a setting
  /// that they depend on is faulty.
  var nodeNames: [IdentMapping.SystemName]?
  /// The hosts that others connect to, when they compare them with the certificate.
  var hosts: [Host]
  /// Which libpq compares them.
  var version: PostgresVersion
  /// Whether the files are copied before anybody else reads them, so that their owner and mode do not
  /// matter.
  var areCopied: Bool
  /// Who logs in by password, over TLS, and has it bound to the connection.
  var binding = Binding()

  /// A host that somebody connects to.
  struct Host: Equatable, Sendable {
    var name: String
    /// Who does, in a sentence.
    var reason: String
    /// Whether nothing works without.
    var isNeeded: Bool
  }

  /// Who has passwords bound to the connection.
  struct Binding: Equatable, Sendable {
    /// Roles by which nodes log in to each other.
    var nodeRoles: [String] = []
    /// Whether everybody else does.
    var hasClients = false
  }

  /// Whether every fault is one too many.
  var isStrict = false

  /// In modes that verify certificates a fault keeps the node from working.
  var severity: Problem.Severity { mode.verifiesServer || isStrict ? .error : .warning }

  /// What `settings` expect.
  init(_ settings: Settings) {
    self.init(settings.tls)
    let clients = settings.clients
    let conditions: [(Bool, String)] = [
      (
        settings.nodes.auth.shows(.cert),
        "\(EnvironmentVariable.nodeAuth.name)=\(settings.nodes.auth.rawValue)"
      ),
      (clients.auth == .cert, "\(EnvironmentVariable.clientAuth.name)=cert"),
      (clients.certificate != nil, EnvironmentVariable.clientCert.name),
      (settings.restapi.usesTLS, "\(EnvironmentVariable.restapiTLS.name)=on"),
    ]
    demands = conditions.filter { $0.0 }.map { $0.1 }
    verifies =
      settings.takesClientCertificates || settings.nodes.auth.shows(.cert)
      || settings.restapi.usesTLS
    nodeNames = settings.nodes.auth.shows(.cert) ? settings.nodes.certNames : nil
    version = settings.version
    binding = settings.binding
    guard mode == .verifyFull else { return }
    let connectHost = settings.server.connectAddress.host
    let hasCitus = settings.cluster.citus != nil
    hosts = [
      Host(name: connectHost, reason: "Other members connect to it.", isNeeded: true),
      Host(
        name: "localhost",
        reason: hasCitus
          ? "Citus connects to its own node by this name."
          : "Programs in the container connect by this name.",
        isNeeded: hasCitus
      ),
    ]
  }

  /// What can be expected when only the TLS settings are known.
  init(_ tls: TLSSettings) {
    mode = tls.mode
    demands = []
    verifies = tls.mode.verifiesServer
    nodeNames = nil
    hosts = []
    version = .assumed
    areCopied = tls.reloads
  }
}
