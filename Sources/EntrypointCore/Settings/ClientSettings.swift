import PostgresConfig

/// How everybody who is not a node logs in.
struct ClientSettings: Sendable {
  var auth: ClientAuth
  var certificate: HBARule.ClientCertificate?

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

  init?(from reader: inout EnvironmentReader, mode: SSLMode?) {
    let auth = reader.choice(.clientAuth, of: ClientAuth.self)
    let certificate = reader.choice(.clientCert, of: HBARule.ClientCertificate.self)
    guard let auth = auth.or(.md5), let certificate = certificate.optional else { return nil }
    if auth == .cert, !reader.requireTLS(for: "CLIENT_AUTH=cert", mode: mode) { return nil }
    if let certificate {
      guard auth.passwordMethod != nil else {
        reader.report(
          Problem(
            EnvironmentVariable.clientCert.name,
            "cannot be combined with CLIENT_AUTH=\(auth.rawValue)",
            detail: "It asks for a certificate on top of a password.",
            hint: "Remove it, or set CLIENT_AUTH to scram-sha-256 or md5."
          )
        )
        return nil
      }
      let setting = "CLIENT_CERT=\(certificate.rawValue)"
      guard reader.requireTLS(for: setting, mode: mode) else { return nil }
    }
    self.auth = auth
    self.certificate = certificate
  }
}
