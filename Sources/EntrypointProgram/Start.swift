import CSystem
import EntrypointCore
import EntrypointSystem
import PatroniConfig

extension Program {
  /// Prints what would be written.
  ///
  /// A fault of the certificates does not keep it from that.
  func dryRun(showsSecrets: Bool) -> ExitCode {
    let pod = Pod(for: .dryRun)
    for problem in pod.outcome.problems { report(problem) }
    for problem in pod.certificateResults.flatMap({ $0.problems }) { report(problem.asWarning) }
    guard var settings = pod.outcome.settings else { return .configuration }
    settings = settings.usingOwnCertificate(beside: HomeDirectory(pod.environment).patroniFile)
    guard let text = rendered(settings, secrets: showsSecrets ? .revealed : .redacted) else {
      return .software
    }
    return StandardStreams.output(text) ? .success : .cannotCreate
  }

  /// Prints what was found out.
  func check(_ format: CheckReport.Format) -> ExitCode {
    let pod = Pod(for: .start)
    let report = CheckReport(pod.outcome, pod.certificateResults)
    guard StandardStreams.output(Array(report.rendered(as: format).utf8)) else {
      return .cannotCreate
    }
    return report.verdict == .error ? .configuration : .success
  }

  /// Writes the file and becomes Patroni.
  func start(_ options: CommandLineOptions) -> ExitCode {
    let pod = Pod(for: .start)
    for problem in pod.problems { report(problem) }
    guard var settings = pod.settings else { return .configuration }
    let environment = pod.environment
    let home = HomeDirectory(environment)
    let output = options.output ?? home.patroniFile
    if settings.needsOwnCertificate {
      let path = Settings.ownCertificatePath(beside: output)
      guard ensureOwnCertificate(settings.ownIdentity, at: path) else { return .cannotCreate }
      settings = settings.usingOwnCertificate(beside: output)
    }
    guard let text = rendered(settings, secrets: .revealed) else { return .software }
    guard write(text, to: output) else { return .cannotCreate }
    if let passfile = settings.passfile, !write(passfile, to: home.path + "/.pgpass") {
      return .cannotCreate
    }
    if case .missing(let reason) = PasswdEntry.ensure(home: home.path) {
      report(.missingPasswdEntry(reason: reason))
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

  private func ensureOwnCertificate(_ identity: SelfSignedIdentity, at path: String) -> Bool {
    do throws(OwnCertificate.Failure) {
      try OwnCertificate.ensure(identity, at: path, now: time(nil))
      return true
    } catch {
      report(
        Problem(
          path,
          "could not make a self-signed certificate: \(error.reason)",
          hint: "Mount a certificate, or set PGSSLMODE=disable."
        )
      )
      return false
    }
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
    do throws(SystemError) {
      try AtomicFile.write(bytes, to: path)
      return true
    } catch {
      report(
        Problem(
          path,
          "could not write file: \(error.reason)",
          detail: "\(error.call) failed on \(error.path); what was there before is unchanged."
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
}
