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
    guard let settings = pod.outcome.settings else { return .configuration }
    let placed = settings.placingCertificates(beside: HomeDirectory(pod.environment).patroniFile)
    guard let text = rendered(placed, secrets: showsSecrets ? .revealed : .redacted) else {
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

  /// Prints where every value comes from.
  func explain(asJSON: Bool) -> ExitCode {
    let pod = Pod(for: .dryRun)
    for problem in pod.outcome.problems { report(problem) }
    guard let settings = pod.outcome.settings else { return .configuration }
    let path = HomeDirectory(pod.environment).patroniFile
    let format: Explanation.Format =
      asJSON ? .json : StandardStreams.outputIsTerminal ? .table : .plain
    return printed(Explanation(of: settings, at: path, pod.environment).text(as: format))
  }

  /// Writes the file and becomes Patroni.
  func start(_ options: CommandLineOptions) -> ExitCode {
    let pod = Pod(for: .start)
    for problem in pod.problems { report(problem) }
    guard let found = pod.settings else { return .configuration }
    let environment = pod.environment
    let home = HomeDirectory(environment)
    let output = options.output ?? home.patroniFile
    let settings = found.placingCertificates(beside: output)
    let watcher: CertificateWatcher?
    do throws(Problem) {
      watcher = try placeCertificates(for: found, beside: output, pod)
    } catch {
      report(error)
      return .cannotCreate
    }
    guard let text = rendered(settings, secrets: .revealed) else { return .software }
    guard write(text, to: output) else { return .cannotCreate }
    if let passfile = settings.passfile, !write(passfile, to: home.path + "/.pgpass") {
      return .cannotCreate
    }
    switch PasswdEntry.ensure(home: home.path) {
    case .present, .added: break
    case .missing(let reason): report(.missingPasswdEntry(reason: reason))
    case .unknown(let reason): report(.unknownPasswdEntry(reason: reason))
    }
    restrictDataDirectory(settings.dataDirectory)
    if let watcher { start(watcher) }
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

  /// Puts the certificates where the settings say, and returns who keeps them up to date there.
  private func placeCertificates(
    for settings: Settings,
    beside patroniFile: String,
    _ pod: Pod
  ) throws(Problem) -> CertificateWatcher? {
    let directory = TLSDirectory(beside: patroniFile)
    switch settings.certificatePlace {
    case .mounted: return nil
    case .selfSigned:
      do throws(OwnCertificate.Failure) {
        try OwnCertificate.ensure(settings.ownIdentity, in: directory, now: time(nil))
        return nil
      } catch {
        throw .noOwnCertificate(directory, reason: error.reason)
      }
    case .staged:
      guard let files = pod.certificateFiles, let expectations = pod.outcome.expectations else {
        return nil
      }
      do throws(SystemError) {
        var stage = try CertificateStage(in: directory)
        try stage.publish(files.map { $0.bytes }, hasReaders: false)
        return CertificateWatcher(
          mounted: settings.mountedFiles,
          expectations: expectations,
          patroniFile: patroniFile,
          dataDirectory: settings.dataDirectory,
          restapiAuthority: settings.restapiAuthority(in: directory),
          stage: stage,
          published: files.map { $0.bytes },
          certificate: pod.certificates?.leaf
        )
      } catch {
        throw .noStage(directory, error)
      }
    }
  }

  private func restrictDataDirectory(_ path: String) {
    do throws(SystemError) {
      guard let found = try DataDirectory.restrict(path) else { return }
      report(.restricted(path, found))
    } catch {
      report(.notRestricted(path, error))
    }
  }

  /// A cluster without a watcher works; its certificates are then those of the start.
  private func start(_ watcher: CertificateWatcher) {
    do throws(SystemError) {
      try WatcherProcess.start {
        var watcher = watcher
        watcher.run()
      }
    } catch {
      report(.noWatcher(error))
    }
  }

  private func rendered(_ settings: Settings, secrets: YAMLEmitter.Secrets) -> [UInt8]? {
    do throws(YAMLEmitter.Failure) {
      return try YAMLEmitter.text(of: settings.document, secrets: secrets)
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
  fileprivate static func noOwnCertificate(_ directory: TLSDirectory, reason: String) -> Problem {
    Problem(
      directory.selfSigned,
      "could not make a self-signed certificate: \(reason)",
      hint: "Mount a certificate, or set PGSSLMODE=disable."
    )
  }

  fileprivate static func noStage(_ directory: TLSDirectory, _ error: SystemError) -> Problem {
    Problem(
      directory.path,
      "could not copy the certificates: \(error.reason)",
      detail: "\(error.call) failed on \(error.path).",
      hint: "Mount an emptyDir at the directory of patroni.yml, or set CERTIFICATE_RELOAD=off."
    )
  }

  fileprivate static func restricted(_ path: String, _ found: UInt32) -> Problem {
    Problem(
      .note,
      path,
      "mode 0\(String(found, radix: 8)) was changed to 0700",
      detail: "PostgreSQL takes no data directory that its group may write to; a volume of "
        + "Kubernetes with fsGroup can be one."
    )
  }

  fileprivate static func notRestricted(_ path: String, _ error: SystemError) -> Problem {
    Problem(
      .warning,
      path,
      "could not restrict the data directory's mode: \(error.reason)",
      hint: "Set fsGroupChangePolicy: OnRootMismatch in the pod's securityContext."
    )
  }

  fileprivate static func noWatcher(_ error: SystemError) -> Problem {
    Problem(
      .warning,
      "CERTIFICATE_RELOAD",
      "could not start the watcher, and new certificates need a restart: \(error.reason)"
    )
  }

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
