import PatroniConfig
import PostgresConfig

// What is said about an environment beside its single settings.
enum InputChecks {
  /// Reports everything that there is to say.
  static func report(
    to reader: inout EnvironmentReader,
    _ settings: Settings,
    isStart: Bool
  ) {
    let environment = reader.environment
    let store = settings.store.store
    for problem in ObjectNames.problems(with: settings, environment) { reader.report(problem) }
    checkStore(settings, &reader, isStart: isStart)
    let document = PassedValues.problems(inDocument: settings.overrides.document, store: store)
    for problem in document { reader.report(problem) }
    let directories = BinaryDirectory.warnings(
      environment,
      settings.overrides.document,
      settings.version
    )
    for problem in directories { reader.report(problem) }
    // A member that runs has one.
    if isStart, environment.member == nil, let facts = reader.podFiles.dataDirectory {
      let problems = DataDirectoryChecks.problems(
        with: facts,
        at: settings.dataDirectory,
        version: settings.version,
        isVersionGiven: environment.isGiven(EnvironmentVariable.pgMajor.name)
      )
      for problem in problems { reader.report(problem) }
    }
    let others = EnvironmentNames.others(in: environment)
    for problem in PassedValues.problems(with: others, in: environment) { reader.report(problem) }
    let references = UnexpandedReference.problems(in: environment, reported: reader.problems)
    for problem in references { reader.report(problem) }
    let names = EnvironmentNames.problems(
      with: others,
      in: environment,
      store: store,
      dataDirectory: settings.dataDirectory
    )
    for problem in names { reader.report(problem) }
  }

  private static func checkStore(
    _ settings: Settings,
    _ reader: inout EnvironmentReader,
    isStart: Bool
  ) {
    let environment = reader.environment
    guard let store = settings.store.store, !environment.given(after: store.variablePrefix).isEmpty
    else { return }
    let problems = PassedValues.problems(in: settings.store.section, of: store, environment)
    for problem in problems { reader.report(problem) }
    let section = settings.overrides.document[store.rawValue]?.mapping
    for problem in StoreCoherence(of: store, environment, section).problems {
      reader.report(problem)
    }
    for problem in StoreFiles.problems(of: store, reader)
    where !problems.contains(where: { $0.subject == problem.subject }) {
      // What is looked at elsewhere need not have the files.
      reader.report(isStart ? problem : problem.asWarning)
    }
  }
}
