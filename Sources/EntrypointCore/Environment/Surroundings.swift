import PatroniConfig
import PostgresConfig

/// What the program has to know about the pod besides its environment.
///
/// Gathered beforehand, so that every decision is a function of values.
public struct Surroundings: Sendable {
  /// What became of reading a file.
  public enum FileReading: Equatable, Sendable {
    /// The whole content.
    case content([UInt8])
    /// It is a directory with files of these names, of which the program reads some.
    case directory([String])
    /// There is none, as the system said.
    case absent(String)
    /// It is longer than so many bytes.
    case tooLong(Int)
    /// It could not be read, for the reason that the system gave.
    case failed(String)
  }

  /// The host's name, which is the pod's.
  public var hostName: String
  /// Files whose content matters, by path.
  public var files: [String: FileReading]
  /// Files that are known to exist.
  public var existing: Set<String>
  /// What is known about the certificates; nil when nobody looked.
  public var certificates: CertificateFacts?

  /// Facts about a pod.
  public init(
    hostName: String,
    files: [String: FileReading],
    existing: Set<String>,
    certificates: CertificateFacts? = nil
  ) {
    self.hostName = hostName
    self.files = files
    self.existing = existing
    self.certificates = certificates
  }

  /// Where Kubernetes says which namespace the pod is in.
  ///
  /// See <https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/>.
  static let namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

  /// The files whose content must be gathered for `environment`.
  public static func filesToRead(for environment: Environment) -> [String] {
    let named =
      EnvironmentVariable.secrets.map { $0.fileName } + [EnvironmentVariable.nodePassfile.name]
    return named.compactMap { environment.text($0) } + [namespaceFile]
  }

  /// The certificate files that `environment` names; nil when it wants no TLS, or is faulty in that.
  public func certificateFiles(for environment: Environment) -> CertificateFiles<String>? {
    var reader = EnvironmentReader(environment: environment, surroundings: self)
    guard let tls = TLSSettings(from: &reader), tls.mode != .disable else { return nil }
    return tls.files
  }

  /// The file, or directory of files, with the operator's own settings.
  public static func configurationPath(for environment: Environment) -> String? {
    environment.text(EnvironmentVariable.configurationFile.name)
  }

  /// Whether a file of this name in that directory holds settings; Patroni reads its own directory
  /// by the same rule.
  public static func isConfigurationName(_ name: String) -> Bool {
    name.hasSuffix(".yml") || name.hasSuffix(".yaml")
  }

  /// The files whose existence must be looked up.
  public static func filesToFind(for environment: Environment) -> [String] {
    TLSSettings.defaultFiles + [versionFile(for: environment)]
  }

  /// A file that every data directory has.
  static func versionFile(for environment: Environment) -> String {
    let directory = environment.text(EnvironmentVariable.dataDirectory.name)
    return (directory ?? PlaceSettings.defaultDataDirectory) + "/PG_VERSION"
  }

  /// The longest file that is read: no secret is longer, and a mistaken path may be endless.
  public static let longestFile = 1 << 20

  /// As `longestFile`, for a file with settings; the reader of YAML names its own limit.
  public static let longestConfiguration = YAMLParser.longestText + 1
}
