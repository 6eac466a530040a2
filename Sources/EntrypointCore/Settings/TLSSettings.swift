import PostgresConfig

/// The certificate files, and how far connections are protected.
struct TLSSettings: Sendable {
  var mode: SSLMode
  var rootCertificate: String
  var certificate: String
  var key: String
  var revocationList: String?
  /// Whether logins by password are bound to the connection, where libpq can.
  var bindsChannel: Bool
  /// Whether there is a certificate or a key, as far as somebody looked.
  var isMounted: Bool
  /// Whether new certificates are taken into use without a restart.
  var reloads: Bool

  private static let directory = "/etc/ssl/certs/postgresql"

  /// The names of our own script, then those that a `kubernetes.io/tls` Secret has.
  ///
  /// See <https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets>.
  static let defaultFiles = ["server.crt", "server.key", "tls.crt", "tls.key"].map {
    directory + "/" + $0
  }

  init?(from reader: inout EnvironmentReader) {
    let existing = reader.surroundings.existing
    func mounted(_ own: String, _ secret: String) -> String {
      let own = Self.directory + "/" + own
      let secret = Self.directory + "/" + secret
      return !existing.contains(own) && existing.contains(secret) ? secret : own
    }
    let mode = reader.choice(.sslMode, of: SSLMode.self)
    let root = reader.path(.sslRootCert)
    let certificate = reader.path(.sslCert)
    let key = reader.path(.sslKey)
    let list = reader.path(.sslCRL)
    let binding = Self.channelBinding(from: &reader)
    let reload = reader.choice(.certificateReload, of: Switch.self)
    guard let mode = mode.or(.prefer), let root = root.or(Self.directory + "/ca.crt"),
      let certificate = certificate.or(mounted("server.crt", "tls.crt")),
      let key = key.or(mounted("server.key", "tls.key")), let list = list.optional,
      let bindsChannel = binding.or(true),
      let reload = reload.or(mode.verifiesServer ? .on : .off)
    else { return nil }
    self.mode = mode
    rootCertificate = root
    self.certificate = certificate
    self.key = key
    revocationList = list
    self.bindsChannel = bindsChannel
    let found = reader.surroundings.certificates?.files
    reloads = reload == .on && mode != .disable
    isMounted = found?.certificate.reading != .missing || found?.key.reading != .missing
  }
}

extension TLSSettings {
  /// See <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING>.
  private static func channelBinding(
    from reader: inout EnvironmentReader
  ) -> EnvironmentReader.Reading<Bool> {
    reader.value(
      .channelBinding,
      expectation: "It must be prefer or disable. With require no login over the socket would "
        + "succeed, where there is no TLS to bind to, and Patroni logs in there."
    ) {
      $0 == "prefer" ? true : $0 == "disable" ? false : nil
    }
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
}

extension EnvironmentReader {
  /// Reports that `setting` needs TLS on every connection, unless `mode` gives that.
  mutating func requireTLS(for setting: String, mode: SSLMode?) -> Bool {
    guard let mode, !mode.alwaysEncrypts else { return true }
    report(
      Problem(
        EnvironmentVariable.sslMode.name,
        "\(setting) cannot work with \(mode.rawValue)",
        detail: "A certificate can only be shown on a TLS connection.",
        hint: "Set PGSSLMODE to require, verify-ca or verify-full."
      )
    )
    return false
  }
}
