import PostgresConfig

/// The certificate files, and how far connections are protected.
struct TLSSettings: Sendable {
  var mode: SSLMode
  var rootCertificate: String
  var certificate: String
  var key: String
  var revocationList: String?
  /// Whether there is a certificate or a key, as far as somebody looked.
  var isMounted: Bool

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
    guard let mode = mode.or(.prefer), let root = root.or(Self.directory + "/ca.crt"),
      let certificate = certificate.or(mounted("server.crt", "tls.crt")),
      let key = key.or(mounted("server.key", "tls.key")), let list = list.optional
    else { return nil }
    self.mode = mode
    rootCertificate = root
    self.certificate = certificate
    self.key = key
    revocationList = list
    let found = reader.surroundings.certificates?.files
    isMounted = found?.certificate.reading != .missing || found?.key.reading != .missing
  }
}

extension Settings {
  /// Whether the program makes a certificate for this node: TLS is wanted, nobody verifies it, and
  /// none is mounted.
  public var needsOwnCertificate: Bool {
    tls.mode != .disable && !tls.mode.verifiesServer && !tls.isMounted
      && CertificateExpectations(self).demands.isEmpty
  }

  /// The file that holds the program's own certificate and its key, when patroni.yml is `file`.
  public static func ownCertificatePath(beside file: String) -> String {
    let directory = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    return directory + "/.postgresql-tls/self-signed.pem"
  }

  /// The same settings, with the program's own certificate where one is needed; patroni.yml is
  /// `file`.
  public func usingOwnCertificate(beside file: String) -> Settings {
    guard needsOwnCertificate else { return self }
    var settings = self
    settings.tls.certificate = Self.ownCertificatePath(beside: file)
    settings.tls.key = settings.tls.certificate
    return settings
  }

  /// What the node's own certificate says.
  public var ownIdentity: SelfSignedIdentity {
    let names = [pod.name, pod.fullName, "localhost"].filter { HostName.isName($0) }
    let loopback = [IPAddress("127.0.0.1"), IPAddress("::1")].compactMap { $0 }
    return SelfSignedIdentity(
      commonName: pod.name,
      names: names.map { .dns(Array($0.utf8)) }
        + ([pod.address] + loopback.filter { $0 != pod.address }).map { .ip($0.bytes) }
    )
  }
}

/// Whom a certificate that nobody else signed is for.
public struct SelfSignedIdentity: Equatable, Sendable {
  /// The CN.
  public let commonName: String
  /// The names and addresses of the subjectAltName extension.
  public let names: [ServerIdentity.Name]
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
