import CSystem
import EntrypointCore
import EntrypointSystem
import PatroniConfig

extension Program {
  /// Prints what would be written.
  func dryRun(showsSecrets: Bool) -> ExitCode {
    let environment = ProcessEnvironment.current()
    guard let settings = settings(from: environment, for: .dryRun),
      let text = rendered(settings, secrets: showsSecrets ? .revealed : .redacted)
    else { return .configuration }
    return StandardStreams.output(text) ? .success : .cannotCreate
  }

  /// Writes the file and becomes Patroni.
  func start(_ options: CommandLineOptions) -> ExitCode {
    let environment = ProcessEnvironment.current()
    guard let settings = settings(from: environment, for: .start) else { return .configuration }
    guard let text = rendered(settings, secrets: .revealed) else { return .software }
    let home = HomeDirectory(environment)
    let output = options.output ?? home.patroniFile
    guard write(text, to: output) else { return .cannotCreate }
    if let passfile = settings.passfile, !write(passfile, to: home.path + "/.pgpass") {
      return .cannotCreate
    }
    switch PasswdEntry.ensure(home: home.path) {
    case .present, .added: break
    case .missing(let reason): report(.missingPasswdEntry(reason: reason))
    case .unknown(let reason): report(.unknownPasswdEntry(reason: reason))
    }
    let extra = arguments.dropFirst(options.commandIndex + 1)
    guard let file = strdup(output) else { return .software }
    do throws(Exec.Failure) {
      try Exec.replaceProcess(
        by: "patroni",
        arguments: [file] + extra,
        environment: PatroniEnvironment(for: settings, environment, home: home.replacement)
      )
    } catch {
      report(error.problem)
      return error.exitCode
    }
  }

  private func settings(from environment: Environment, for purpose: Settings.Purpose) -> Settings? {
    let outcome = Settings.read(environment, .gather(for: environment), for: purpose)
    for problem in outcome.problems { report(problem) }
    return outcome.settings
  }

  private func rendered(_ settings: Settings, secrets: YAMLEmitter.Secrets) -> [UInt8]? {
    do throws(YAMLEmitter.Failure) {
      return try YAMLEmitter.text(of: PatroniConfiguration(for: settings).yaml, secrets: secrets)
    } catch {
      report(Problem("patroni.yml", "could not be rendered: \(error.reason)"))
      return nil
    }
  }

  private func write(_ bytes: [UInt8], to path: String) -> Bool {
    do throws(AtomicFile.Failure) {
      try AtomicFile.write(bytes, to: path)
      return true
    } catch {
      let cause = error.cause
      let outcome =
        error.isInPlace
        ? "the new file is there, but a crash of the machine could undo that"
        : "what was there before is unchanged"
      report(
        Problem(
          path,
          "could not write file: \(cause.reason)",
          detail: "\(cause.call) failed on \(cause.path); \(outcome)."
        )
      )
      return false
    }
  }

  private func report(_ problem: Problem) {
    StandardStreams.error(problem.text)
  }
}

extension Problem {
  fileprivate static func missingPasswdEntry(reason: String) -> Problem {
    Problem(
      .warning,
      "/etc/passwd",
      "user id \(geteuid()) has no entry, and none could be added: \(reason)",
      detail: "initdb cannot make a database cluster for a user without a name.",
      hint: "Make the file writable for the pod's group, or run the pod as a user of the image."
    )
  }

  fileprivate static func unknownPasswdEntry(reason: String) -> Problem {
    Problem(
      .warning,
      "/etc/passwd",
      "could not read file: \(reason)",
      detail: "Whether user id \(geteuid()) has an entry is not known; initdb needs one."
    )
  }
}
