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

  /// Reads PATRONI_CONFIGURATION or PATRONI_CONFIGURATION_FILE, and reports all that is wrong with what
  /// it says beside `settings`.
  static func read(from reader: inout EnvironmentReader, _ settings: Settings) -> Overrides {
    let citusVersion = reader.citusVersion()
    let documents = documents(from: &reader)
    if documents.isEmpty { return Overrides() }
    let versionFile = PodFiles.versionFile(for: reader.environment)
    var checker = OverridesChecker(
      settings,
      citusVersion: citusVersion,
      hasData: reader.podFiles.existing.contains(versionFile),
      reader.environment
    )
    for document in documents { checker.add(document) }
    checker.finish()
    for problem in checker.problems { reader.report(problem) }
    return checker.result
  }

  private static func documents(from reader: inout EnvironmentReader) -> [YAMLMapping] {
    let text = reader.text(.configuration).wrappedValue
    let path = reader.path(.configurationFile).wrappedValue
    let variable = EnvironmentVariable.configuration.name
    if text != nil, path != nil {
      reader.report(
        Problem(variable, "conflicts with PATRONI_CONFIGURATION_FILE", hint: "Set one of them.")
      )
      return []
    }
    if let text {
      let name = reader.environment.file(of: variable) ?? variable
      return document(Array(text.utf8), name, &reader).map { [$0] } ?? []
    }
    guard let path else { return [] }
    let paths = paths(path, reader.podFiles)
    if paths.isEmpty { reader.report(.nothingToRead(path)) }
    return paths.compactMap { path in
      reader.content(of: path, for: EnvironmentVariable.configurationFile.name)
        .flatMap { document($0, path, &reader) }
    }
  }

  /// The file, or the files of the directory.
  private static func paths(_ path: String, _ podFiles: PodFiles) -> [String] {
    guard case .directory(let names) = podFiles.contents[path] else { return [path] }
    return names.filter { PodFiles.isConfigurationName($0) }.sorted().map { "\(path)/\($0)" }
  }

  private static func document(
    _ bytes: [UInt8],
    _ name: String,
    _ reader: inout EnvironmentReader
  ) -> YAMLMapping? {
    let reading = YAMLParser.parse(bytes, document: name)
    for fault in reading.faults {
      reader.report(Problem(fault.origin.description, fault.message, detail: fault.detail))
    }
    switch reading.root?.content {
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
