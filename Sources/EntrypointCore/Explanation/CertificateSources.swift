import PatroniConfig
import PostgresConfig

// Where the settings that name certificate files come from: the variable of the mounted file, which
// may be another file than the one that patroni.yml names.
extension SettingSources {
  /// One of the files of TLS, with the variable that names it.
  struct CertificateFile {
    let variable: EnvironmentVariable
    let path: @Sendable (CertificateFiles<String>) -> String?

    static let authority = CertificateFile(variable: .sslRootCert) { $0.authority }
    static let certificate = CertificateFile(variable: .sslCert) { $0.certificate }
    static let key = CertificateFile(variable: .sslKey) { $0.key }
    static let revocationList = CertificateFile(variable: .sslCRL) { $0.revocationList }
  }

  private static let files: [String: CertificateFile] = [
    "sslrootcert": .authority, "ssl_ca_file": .authority, "cafile": .authority,
    "cacert": .authority,
    "sslcert": .certificate, "ssl_cert_file": .certificate, "certfile": .certificate,
    "sslkey": .key, "ssl_key_file": .key, "keyfile": .key,
    "sslcrl": .revocationList, "ssl_crl_file": .revocationList,
  ]

  /// The file that the setting at `path` names, when it names one.
  static func file(at path: String) -> CertificateFile? {
    let parts = path.split(separator: ".")
    guard let last = parts.last, let section = parts.first,
      ["postgresql", "restapi", "ctl"].contains(section)
    else { return nil }
    return files[String(last)]
  }

  /// What decides it.
  func source(of file: CertificateFile) -> Explanation.Source {
    let name = file.variable.name
    if environment.isGiven(name) { return .variable(name) }
    switch settings.certificatePlace {
    case .selfSigned:
      return .fallback("\(name) is not set, nothing is mounted: a certificate that signs itself")
    case .mounted, .staged: return .fallback("\(name) is not set")
    }
  }

  /// The mounted file that the one named by the setting at `path` is a copy of.
  func original(of path: String) -> String? {
    guard settings.certificatePlace == .staged, let file = Self.file(at: path) else { return nil }
    return file.path(settings.mountedFiles)
  }

  /// What decides which certificates are those of nodes.
  var nodeName: Explanation.Source {
    let name = EnvironmentVariable.nodeCertNames.name
    if environment.isGiven(name) { return .variable(name) }
    return settings.nodes.isNamedByCertificate
      ? .fallback("\(name) is not set: the CN of the mounted certificate")
      : .fallback("\(name) is not set, no CN was found: *.SCOPE.NAMESPACE.svc.DOMAIN")
  }
}
