import PatroniConfig
import PostgresConfig

/// What the operator wants differently, checked; see `PatroniDocument` for how it is merged.
struct Overrides: Sendable {
  /// What is merged as it is.
  var document = YAMLMapping()
  /// Records of `pg_hba.conf`, and secrets among them as such.
  var hba: [YAMLNode] = []
  /// Lines of `pg_ident.conf`.
  var ident: [YAMLNode] = []
  /// What is added to `citus.node_conninfo`.
  var nodeKeywords: [(keyword: NodeConnectionInfo.Keyword, value: String)] = []
  /// Where that stands.
  var nodeKeywordsOrigin: YAMLOrigin?

  /// Facts that decide what is right.
  struct Context {
    var version: PostgresVersion
    var citusVersion: CitusVersion?
    var mode: SSLMode?
    /// The store that the environment chooses.
    var store: ConfigurationStore.Kind?
    /// Whether the member belongs to a Citus cluster; nil when that could not be found out.
    var isCitus: Bool?
    /// Whether the cluster was made before, so that `bootstrap.dcs` is not read any more.
    var hasData: Bool
    var environment: Environment
  }

  /// Reads PATRONI_CONFIGURATION or PATRONI_CONFIGURATION_FILE, and reports all that is wrong.
  static func read(from reader: inout EnvironmentReader, _ context: Context) -> Overrides {
    var checker = OverridesChecker(context)
    for document in documents(from: &reader) { checker.add(document) }
    checker.finish()
    for problem in checker.problems { reader.report(problem) }
    return checker.result
  }

  private static func documents(from reader: inout EnvironmentReader) -> [YAMLMapping] {
    let (text, path) = (reader.text(.configuration), reader.path(.configurationFile))
    switch (text, path) {
    case (.value, .value):
      reader.report(
        Problem(
          EnvironmentVariable.configuration.name,
          "conflicts with PATRONI_CONFIGURATION_FILE",
          hint: "Set one of them."
        )
      )
      return []
    case (.value(let text), _):
      let name = EnvironmentVariable.configuration.name
      return document(Array(text.utf8), name, &reader).map { [$0] } ?? []
    case (_, .value(let path)):
      let paths = paths(path, reader.surroundings)
      if paths.isEmpty { reader.report(.nothingToRead(path)) }
      return paths.compactMap { path in
        reader.content(of: path, for: EnvironmentVariable.configurationFile.name)
          .flatMap { document($0, path, &reader) }
      }
    default: return []
    }
  }

  /// The file, or the files of the directory.
  private static func paths(_ path: String, _ surroundings: Surroundings) -> [String] {
    guard case .directory(let names) = surroundings.files[path] else { return [path] }
    return names.filter { Surroundings.isConfigurationName($0) }.sorted().map { "\(path)/\($0)" }
  }

  private static func document(
    _ bytes: [UInt8],
    _ name: String,
    _ reader: inout EnvironmentReader
  ) -> YAMLMapping? {
    let outcome = YAMLParser.parse(bytes, document: name)
    for fault in outcome.faults {
      reader.report(Problem(fault.origin.description, fault.message, detail: fault.detail))
    }
    switch outcome.root?.content {
    case .mapping(let mapping): return mapping
    case .plain(_, .null), nil: return nil
    default:
      reader.report(
        Problem(
          name,
          "does not hold a mapping",
          detail: "It is merged into patroni.yml, and begins with names of Patroni's sections.",
          hint: "Begin with a line such as postgresql:."
        )
      )
      return nil
    }
  }
}

extension Problem {
  fileprivate static func nothingToRead(_ directory: String) -> Problem {
    Problem(
      .warning,
      EnvironmentVariable.configurationFile.name,
      "directory \(quoted(directory)) holds no file whose name ends in .yml or .yaml",
      hint: "Rename the keys of the ConfigMap, or remove the variable."
    )
  }
}
