import PatroniConfig
import PostgresConfig

/// What the program reads of the pod besides its environment: files, and the host name.
///
/// Read beforehand, so that every decision is a function of values.
public struct PodFiles: Sendable {
  /// What became of reading a file.
  public enum FileReading: Hashable, Sendable {
    /// The whole content.
    case content([UInt8])
    /// Which PEM blocks it holds; the rest was not kept.
    case pem(PEMOutline)
    /// It is a directory with files of these names, of which the program reads some.
    case directory([String])
    /// There is none, as the system said.
    case absent(String)
    /// There is none, and no directory for it, as the system said: it may be no path at all.
    case nowhere(String)
    /// It is longer than so many bytes.
    case tooLong(Int)
    /// It could not be read, for the reason that the system gave.
    case failed(String)
  }

  /// The host's name, which is the pod's.
  public var hostName: String
  /// Files whose content matters, by path.
  public var contents: [String: FileReading]
  /// Files that are known to exist.
  public var existing: Set<String>
  /// What Patroni wrote for the server into the data directory; nil without data.
  public var server: ServerFiles?
  /// What is known about the certificates; nil when nobody looked.
  public var certificates: CertificateFacts?
  /// What is known about the data directory; nil when nobody looked.
  public var dataDirectory: DataDirectoryFacts?

  /// Files of a server that has data.
  public struct ServerFiles: Sendable {
    /// `pg_hba.conf`.
    public var records: [UInt8]
    /// `postgresql.conf`.
    public var parameters: [UInt8]

    /// Nil when one of them could not be read.
    public init?(_ records: FileReading, _ parameters: FileReading) {
      guard case .content(let records) = records, case .content(let parameters) = parameters else {
        return nil
      }
      (self.records, self.parameters) = (records, parameters)
    }
  }

  /// The files of a pod.
  public init(
    hostName: String,
    contents: [String: FileReading],
    existing: Set<String>,
    certificates: CertificateFacts? = nil
  ) {
    self.hostName = hostName
    self.contents = contents
    self.existing = existing
    self.certificates = certificates
  }

  /// Where Kubernetes says which namespace the pod is in.
  ///
  /// See <https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/>.
  static let namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

  /// The files whose content must be gathered for `environment`.
  public static func filesToRead(for environment: Environment) -> [String] {
    let named = environment.names { name, _ in
      OwnNames.isOfSecretFile(name) || name == EnvironmentVariable.nodePassfile.name
    }
    return named.compactMap { environment.text($0) } + [namespaceFile]
  }

  /// The files of which it matters only which PEM blocks they hold.
  public static func filesToOutline(for environment: Environment) -> [String] {
    environment.names { name, _ in PassedValues.isNameOfFile(name) }
      .compactMap { environment.text($0) }
  }

  /// The certificate files that `environment` names; nil when it wants no TLS, or is faulty in that.
  public func certificateFiles(for environment: Environment) -> CertificateFiles<String>? {
    var reader = EnvironmentReader(environment: environment, podFiles: self)
    let tls = TLSSettings(from: &reader)
    return tls.isFaulty || tls.mode == .disable ? nil : tls.files
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
    TLSSettings.defaultFiles(for: environment) + [versionFile(for: environment)]
  }

  /// The data directory that `environment` names.
  public static func dataDirectory(for environment: Environment) -> String {
    environment.text(EnvironmentVariable.dataDirectory.name) ?? ServerSettings.defaultDataDirectory
  }

  /// A file that every data directory has.
  static func versionFile(for environment: Environment) -> String {
    dataDirectory(for: environment) + versionName
  }

  private static let versionName = "/PG_VERSION"

  /// Reads what Patroni wrote for the server, when one of the files that exist says that there is data.
  public mutating func readServerFiles(_ read: (String) -> FileReading) {
    guard let versionFile = existing.first(where: { $0.hasSuffix(Self.versionName) }) else {
      return
    }
    let directory = versionFile.dropLast(Self.versionName.utf8.count)
    server = ServerFiles(read(directory + "/pg_hba.conf"), read(directory + "/postgresql.conf"))
  }

  /// A number that tells whether anything has changed that may change by itself while a member runs: that
  /// there are data by now is none of that.
  public func hash(into hasher: inout Hasher) {
    for path in contents.keys.sorted() {
      hasher.combine(path)
      hasher.combine(contents[path])
    }
    for path in existing.sorted() where !path.hasSuffix(Self.versionName) { hasher.combine(path) }
  }

  /// The directories in which something may change, besides those of certificates.
  public var directories: Set<String> {
    var directories: Set<String> = []
    for (path, reading) in contents where path != Self.namespaceFile {
      if case .directory = reading {
        directories.insert(path)
      } else if let slash = path.lastIndex(of: "/") {
        directories.insert(slash == path.startIndex ? "/" : String(path[..<slash]))
      }
    }
    return directories
  }

  /// The longest file that is read: no secret is longer, and a mistaken path may be endless.
  public static let longestFile = 1 << 20

  /// As `longestFile`, for a file with settings; the reader of YAML names its own limit.
  public static let longestConfiguration = YAMLParser.longestText + 1
}
