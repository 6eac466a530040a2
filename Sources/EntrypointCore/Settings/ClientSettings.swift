import PatroniConfig
import PostgresConfig

/// How everybody who is not a node logs in.
struct ClientSettings: Sendable {
  @Sourced var auth: ClientAuth
  @Sourced var certificate: HBARule.ClientCertificate?

  enum ClientAuth: String, CaseIterable, Sendable {
    case scramSHA256 = "scram-sha-256"
    case md5
    case cert
    case none

    /// The password method, when it is one.
    var passwordMethod: HBARule.PasswordMethod? {
      switch self {
      case .scramSHA256: .scramSHA256
      case .md5: .md5
      case .cert, .none: nil
      }
    }
  }

  init(from reader: inout EnvironmentReader, tls: TLSSettings) {
    _auth = reader.choice(.clientAuth, of: ClientAuth.self).or(.md5)
    _certificate = reader.choice(.clientCert, of: HBARule.ClientCertificate.self)
    guard !$auth.isFaulty, !$certificate.isFaulty else { return }
    if auth == .cert { reader.requireTLS(for: "CLIENT_AUTH=cert", tls) }
    guard let certificate else { return }
    if auth.passwordMethod != nil {
      reader.requireTLS(for: "CLIENT_CERT=\(certificate.rawValue)", tls)
    } else {
      reader.reportContradiction(
        Problem(
          EnvironmentVariable.clientCert.name,
          "cannot be combined with CLIENT_AUTH=\(auth.rawValue)",
          detail: "It asks for a certificate in addition to a password.",
          hint: "Remove it, or set CLIENT_AUTH to scram-sha-256 or md5."
        )
      )
    }
  }
}
