import PostgresConfig

/// The files that a start reads, and those that it writes: never the same ones.
///
/// What is compared is the file that a path leads to, so that links make no difference.
public struct FileUses: Sendable {
  /// A path, and what it is for.
  public struct Use: Equatable, Sendable {
    /// Where the file is.
    public let path: String
    /// The variable that names it, or what it is.
    public let subject: String
  }

  /// The files that are read have to be looked at only when one that is written is there.
  private let environment: Environment
  private let certificates: CertificateFiles<String>?
  private let written: [Use]
  /// The file or directory with the operator's own settings.
  private let configuration: Use?
  private let output: String
  private let dataDirectory: String

  /// What `environment` has the program read and write.
  ///
  /// - Parameters:
  ///   - output: where patroni.yml goes.
  ///   - home: the directory for `.pgpass`.
  ///   - certificates: the files that are mounted.
  public init(
    for environment: Environment,
    output: String,
    home: String,
    certificates: CertificateFiles<String>?
  ) {
    self.environment = environment
    self.certificates = certificates
    self.output = output
    dataDirectory = PodFiles.dataDirectory(for: environment)
    configuration = Self.use(EnvironmentVariable.configurationFile.name, environment)
    let passfile = Self.use(EnvironmentVariable.nodePassfile.name, environment)
    var written = [Use(path: output, subject: "patroni.yml")]
    if passfile != nil {
      written.append(Use(path: home + "/.pgpass", subject: Self.passfileCopy))
    }
    if let patronis = Self.use("PATRONI_POSTGRESQL_PGPASS", environment) {
      written.append(patronis)
    }
    if certificates != nil {
      let copies = TLSDirectory(beside: output).current + "/"
      for name in ["ca.crt", "server.crt", "server.key", "server.crl"] {
        written.append(Use(path: copies + name, subject: Self.certificateCopy))
      }
    }
    self.written = written
  }

  private static func use(_ name: String, _ environment: Environment) -> Use? {
    environment.text(name).flatMap { $0.isEmpty ? nil : Use(path: $0, subject: name) }
  }

  private var read: [Use] {
    let named = environment.names { name, _ in
      OwnNames.isOfSecretFile(name) || name == EnvironmentVariable.nodePassfile.name
        || name == EnvironmentVariable.configurationFile.name || PassedValues.isNameOfFile(name)
    }
    let mounted: [(EnvironmentVariable, String?)] = [
      (.sslRootCert, certificates?.authority), (.sslCert, certificates?.certificate),
      (.sslKey, certificates?.key), (.sslCRL, certificates?.revocationList),
    ]
    return named.compactMap { Self.use($0, environment) }
      + mounted.compactMap { variable, path in path.map { Use(path: $0, subject: variable.name) } }
  }

  /// An error for each file that would be overwritten, or read again as something else.
  ///
  /// - Parameter identity: which file a path leads to; nil when there is none.
  public func problems<Identity: Equatable>(_ identity: (String) -> Identity?) -> [Problem] {
    var problems: [Problem] = []
    let there = written.compactMap { use in identity(use.path).map { (use: use, file: $0) } }
    if !there.isEmpty {
      let read = read.compactMap { use in identity(use.path).map { (use: use, file: $0) } }
      for (use, file) in there {
        for other in read where other.use != use && other.file == file {
          problems.append(overwritten(other.use, by: use))
        }
        for other in there where other.file == file && other.use.subject > use.subject {
          problems.append(overwritten(other.use, by: use))
        }
      }
    }
    problems += problemsWithDirectories(identity)
    return problems
  }

  private func problemsWithDirectories<Identity: Equatable>(
    _ identity: (String) -> Identity?
  ) -> [Problem] {
    var problems: [Problem] = []
    let directory = Self.directory(of: output)
    var read: [Use] = []
    if let configuration, PodFiles.isConfigurationName(output) { read.append(configuration) }
    if environment.hasDirectory, let path = SettingsDirectory.path(for: environment) {
      read.append(Use(path: path, subject: EnvironmentVariable.settingsDirectory.name))
    }
    if !read.isEmpty, let place = identity(directory) {
      for use in read where identity(use.path) == place {
        problems.append(
          Problem(
            use.subject,
            "directory \(quoted(use.path)) is where patroni.yml is written",
            detail: "The next start would read it as the operator's own settings.",
            hint: "Use another directory for these, or write patroni.yml elsewhere with --output."
          )
        )
      }
    }
    // The copies of the certificates are beside patroni.yml.
    for use in written where use.path == output || use.subject != Self.certificateCopy {
      guard isInDataDirectory(Self.directory(of: use.path), identity) else { continue }
      problems.append(
        Problem(
          use.path == output ? output : use.subject,
          use.path == output
            ? "cannot be in the data directory"
            : "file \(quoted(use.path)) cannot be in the data directory",
          detail: "initdb requires an empty directory, and a copy of the leader replaces "
            + "everything in it.",
          hint: use.path == output
            ? "Write patroni.yml elsewhere with --output."
            : use.subject == Self.passfileCopy
              ? "Set HOME to another directory." : "Name another file."
        )
      )
    }
    return problems
  }

  private static let passfileCopy = "the copy of NODE_PASSFILE"
  private static let certificateCopy = "a copy of the certificates"

  private func overwritten(_ use: Use, by other: Use) -> Problem {
    Problem(
      use.subject,
      "file \(quoted(use.path)) is the one that is written as \(other.subject)",
      detail: use.path == other.path ? nil : "\(quoted(other.path)) leads to it.",
      hint: "Name another file."
    )
  }

  private func isInDataDirectory<Identity: Equatable>(
    _ directory: String,
    _ identity: (String) -> Identity?
  ) -> Bool {
    guard let data = identity(dataDirectory) else {
      return (directory + "/").begins(with: dataDirectory + "/")
    }
    var rest = directory
    while rest != "/", rest != "." {
      if identity(rest) == data { return true }
      rest = Self.directory(of: rest)
    }
    return false
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
