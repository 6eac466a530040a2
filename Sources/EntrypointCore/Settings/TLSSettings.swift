import PatroniConfig
import PostgresConfig

/// The certificate files, and how far connections are protected.
struct TLSSettings: Sendable {
  @Sourced var mode: SSLMode
  @Sourced var rootCertificate: String
  @Sourced var certificate: String
  @Sourced var key: String
  @Sourced var revocationList: String?
  /// Whether logins by password are bound to the connection, where libpq can.
  @Sourced var bindsChannel: Bool
  /// Whether there is a certificate or a key, as far as somebody looked.
  var isMounted: Bool
  /// Whether new certificates are taken into use without a restart.
  var reloads: Bool
  /// Whether one of the variables is faulty.
  var isFaulty: Bool

  private static let directory = "/etc/ssl/certs/postgresql"

  /// The names of our own script, then those that a `kubernetes.io/tls` Secret has.
  ///
  /// See <https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets>.
  static func defaultFiles(for environment: Environment) -> [String] {
    directories(for: environment).flatMap { directory in
      ["ca.crt", "server.crt", "server.key", "tls.crt", "tls.key"].map { directory + "/" + $0 }
    }
  }

  /// Where files are looked for whose variables are not set: beside those that a variable names, then in
  /// the image's own directory.
  private static func directories(for environment: Environment) -> [String] {
    for variable in [EnvironmentVariable.sslRootCert, .sslCert, .sslKey] {
      guard let path = environment.text(variable.name), path.hasPrefix("/"),
        let slash = path.lastIndex(of: "/"), slash != path.startIndex
      else { continue }
      let beside = String(path[..<slash])
      return beside == directory ? [directory] : [beside, directory]
    }
    return [directory]
  }

  init(from reader: inout EnvironmentReader) {
    let existing = reader.podFiles.existing
    let directories = Self.directories(for: reader.environment)
    func mounted(_ names: String...) -> String {
      for directory in directories where !existing.isEmpty {
        for name in names where existing.contains(directory + "/" + name) {
          return directory + "/" + name
        }
      }
      return directories[0] + "/" + names[0]
    }
    let faults = reader.faults
    let mode = reader.choice(.sslMode, of: SSLMode.self).or(.prefer)
    _mode = mode
    _rootCertificate = reader.path(.sslRootCert).or(mounted("ca.crt"))
    _certificate = reader.path(.sslCert).or(mounted("server.crt", "tls.crt"))
    _key = reader.path(.sslKey).or(mounted("server.key", "tls.key"))
    _revocationList = reader.path(.sslCRL)
    _bindsChannel = Self.channelBinding(from: &reader)
    let reload = reader.choice(.certificateReload, of: Switch.self).wrappedValue
    let found = reader.podFiles.certificates?.files
    isMounted = found?.certificate.reading != .missing || found?.key.reading != .missing
    isFaulty = reader.faults > faults
    reloads =
      (reload.map { $0 == .on } ?? mode.wrappedValue.verifiesServer)
      && mode.wrappedValue != .disable
  }
}

extension TLSSettings {
  /// See <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING>.
  private static func channelBinding(from reader: inout EnvironmentReader) -> Sourced<Bool> {
    reader.value(
      .channelBinding,
      expectation: "It must be prefer or disable. With require, Patroni could not log in over "
        + "the socket, which has no TLS to bind to."
    ) {
      $0 == "prefer" ? true : $0 == "disable" ? false : nil
    }.or(true)
  }

  /// The paths of the files.
  var files: CertificateFiles<String> {
    CertificateFiles(
      authority: rootCertificate,
      certificate: certificate,
      key: key,
      revocationList: revocationList
    )
  }

  /// Names the program's copies of the files.
  mutating func useCopies(at copies: CertificateFiles<String>) {
    _rootCertificate = _rootCertificate.copied(to: copies.authority)
    _certificate = _certificate.copied(to: copies.certificate)
    _key = _key.copied(to: copies.key)
    if let list = revocationList, let copy = copies.revocationList {
      _revocationList = Sourced(copy, .copy(of: list, $revocationList.source))
    }
  }

  /// Names a certificate of the program's own, with its key in the same file.
  mutating func useOwn(_ path: String) {
    let source = Source.byDefault("no certificate is mounted, so the program creates one")
    _certificate = Sourced(path, source)
    _key = Sourced(path, source)
  }
}

extension Sourced<String> {
  fileprivate func copied(to path: String) -> Sourced<String> {
    Sourced(path, .copy(of: wrappedValue, source))
  }
}

extension EnvironmentReader {
  /// Reports that `setting` needs TLS on every connection, unless the mode gives that.
  mutating func requireTLS(for setting: String, _ tls: TLSSettings) {
    guard !tls.$mode.isFaulty, !tls.mode.alwaysEncrypts else { return }
    reportContradiction(
      Problem(
        EnvironmentVariable.sslMode.name,
        "\(setting) cannot work with \(tls.mode.rawValue)",
        detail: "A certificate can be presented only on a TLS connection.",
        hint: "Set PGSSLMODE to require, verify-ca or verify-full."
      )
    )
  }
}
