import PostgresConfig

/// Where PostgreSQL, libpq and Patroni find the certificates.
public enum CertificatesInUse: Equatable, Sendable {
  /// Where they are mounted.
  case mounted
  /// In copies of our own, which are replaced all at once when the mounted ones change.
  case copied
  /// In a self-signed certificate that the program makes.
  case selfSigned
}

extension Settings {
  /// Where the certificates are found.
  public var certificatesInUse: CertificatesInUse {
    if tls.mode == .disable { return .mounted }
    let needsOwn =
      !tls.mode.verifiesServer && !tls.isMounted && CertificateExpectations(self).demands.isEmpty
    return needsOwn ? .selfSigned : tls.reloads ? .copied : .mounted
  }

  /// The files that are mounted.
  public var mountedFiles: CertificateFiles<String> { tls.files }

  /// The same settings with the files where they are found when patroni.yml is at `path`.
  public func namingCertificates(beside path: String) -> Settings {
    let directory = TLSDirectory(beside: path)
    var settings = self
    switch certificatesInUse {
    case .mounted: break
    case .copied: settings.tls.useCopies(at: directory.copies(for: tls.files))
    case .selfSigned: settings.tls.useOwn(directory.selfSigned)
    }
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

/// A private directory beside patroni.yml for certificates that the program writes.
public struct TLSDirectory: Equatable, Sendable {
  /// Its path.
  public let path: String

  /// The directory for a patroni.yml at `path`.
  public init(beside path: String) {
    let directory = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
    self.path = directory + "/.postgresql-tls"
  }

  /// A self-signed certificate, and its key behind it.
  public var selfSigned: String { path + "/" + Self.selfSignedName }

  static let selfSignedName = "self-signed.pem"

  /// A symbolic link to the directory with the certificates in use.
  public var current: String { path + "/current" }

  /// The name of the authorities' file in a directory of certificates.
  static let authorityName = "ca.crt"
  /// The name of the certificate's.
  public static let certificateName = "server.crt"
  /// The name of the key's.
  public static let keyName = "server.key"

  /// The names of the files in a directory of certificates.
  public static func names<Element>(
    for files: CertificateFiles<Element>
  ) -> CertificateFiles<String> {
    CertificateFiles(
      authority: authorityName,
      certificate: certificateName,
      key: keyName,
      revocationList: files.revocationList.map { _ in "ca.crl" }
    )
  }

  /// The paths that stay the same from one set of certificates to the next.
  public func copies<Element>(
    for files: CertificateFiles<Element>
  ) -> CertificateFiles<String> {
    Self.names(for: files).map { current + "/" + $0 }
  }
}

/// Whom a certificate that nobody else signed is for.
public struct SelfSignedIdentity: Equatable, Sendable {
  /// The CN.
  public let commonName: String
  /// The names and addresses of the subjectAltName extension.
  public let names: [ServerIdentity.Name]
}
