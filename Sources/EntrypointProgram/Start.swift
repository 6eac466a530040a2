import CSystem
import EntrypointCore
import EntrypointSystem
import PatroniConfig

extension Program {
  /// Prints what would be written.
  ///
  /// A fault of the certificates does not keep it from that.
  func dryRun(showsSecrets: Bool) -> ExitCode {
    let pod = Pod(needsStore: false)
    for problem in pod.checked.problems { report(problem) }
    for problem in pod.certificateResults.flatMap({ $0.problems }) { report(problem.asWarning) }
    guard let settings = pod.checked.settings else { return .configuration }
    let path = HomeDirectory(pod.environment).patroniFile
    if let note = RunningPatroni(at: path).file?.note(comparedWith: settings) { report(note) }
    let placed = settings.namingCertificates(beside: path)
    guard let text = rendered(placed, secrets: showsSecrets ? .revealed : .redacted) else {
      return .software
    }
    return StandardStreams.output(text) ? .success : .cannotCreate
  }

  /// Prints what was found out.
  func check(_ format: CheckReport.Format) -> ExitCode {
    let pod = Pod(needsStore: true)
    let running = RunningPatroni(at: HomeDirectory(pod.environment).patroniFile)
    let report = CheckReport(
      pod.checked,
      pod.certificateResults,
      watchers: running.watchers,
      inUse: running.file
    )
    let text = report.rendered(as: format, on: StandardStreams.terminal)
    guard printed(text) == .success else { return .cannotCreate }
    return report.verdict == .error ? .configuration : .success
  }

  /// Prints where every value comes from, and what a Patroni that runs here uses instead.
  func explain(_ format: Explanation.Format) -> ExitCode {
    let pod = Pod(needsStore: false)
    for problem in pod.checked.problems { report(problem) }
    guard let settings = pod.checked.settings else { return .configuration }
    let path = HomeDirectory(pod.environment).patroniFile
    let explanation = Explanation(of: settings, at: path, inUse: RunningPatroni(at: path).file)
    return printed(explanation.text(as: format, on: StandardStreams.terminal))
  }

  /// Writes the file and becomes Patroni.
  func start(_ options: CommandLineOptions) -> ExitCode {
    let pod = Pod(needsStore: true, output: options.output)
    let environment = pod.environment
    let home = HomeDirectory(environment)
    for problem in pod.problems + home.problems { report(problem) }
    guard let found = pod.settings, home.problems.isEmpty else { return .configuration }
    let output: String
    let locks: [DirectoryLock]
    let settings: Settings
    do throws(Problem) {
      output = try outputPath(options, home)
      settings = found.namingCertificates(beside: output)
      locks = try lock(for: settings, output, home)
      try provideCertificates(for: found, beside: output, pod)
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
    startWatcher(for: found, pod, beside: output, home)
    // Held until here; the program that this becomes does not have them any more.
    withExtendedLifetime(locks) {}
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

  /// Where patroni.yml goes: PostgreSQL and Patroni do not work in our directory.
  private func outputPath(
    _ options: CommandLineOptions,
    _ home: HomeDirectory
  ) throws(Problem) -> String {
    guard let output = options.output else { return home.patroniFile }
    do throws(SystemError) {
      return try FilePath.absolute(output)
    } catch {
      throw Problem(
        "--output",
        "could not find the directory of \(output): \(error.reason)",
        detail: "\(error.call) failed.",
        hint: "Write a path that begins with a slash."
      )
    }
  }

  /// How many seconds another start in the same directory is waited for.
  private static let patience = 30

  /// Keeps other starts and their watchers from writing where this one does.
  private func lock(
    for settings: Settings,
    _ output: String,
    _ home: HomeDirectory
  ) throws(Problem) -> [DirectoryLock] {
    var directories = [FilePath.split(output).directory]
    if settings.passfile != nil, home.path != directories[0] { directories.append(home.path) }
    var locks: [DirectoryLock] = []
    // In the same order everywhere, so that no two wait for each other.
    for directory in directories.sorted() {
      do throws(DirectoryLock.Failure) {
        locks.append(try DirectoryLock(directory, waiting: Self.patience))
      } catch {
        switch error {
        case .held: throw .anotherStart(directory, seconds: Self.patience)
        case .impossible(let cause) where cause.isAbsence: break  // Writing reports that.
        case .impossible(let cause): report(.noLock(directory, cause))
        }
      }
    }
    return locks
  }

  /// Puts the certificates where the settings say.
  private func provideCertificates(
    for settings: Settings,
    beside patroniFile: String,
    _ pod: Pod
  ) throws(Problem) {
    let directory = TLSDirectory(beside: patroniFile)
    switch settings.certificatesInUse {
    case .mounted: return
    case .selfSigned:
      do throws(OwnCertificate.Failure) {
        try OwnCertificate.ensure(settings.ownIdentity, in: directory, now: time(nil))
      } catch {
        throw .noOwnCertificate(directory, reason: error.reason)
      }
    case .copied:
      guard let files = pod.certificateFiles else { return }
      do throws(SystemError) {
        var copies = try CertificateCopies(in: directory)
        let content = files.map { $0.bytes }
        if !copies.holds(content) { try copies.publish(content) }
        copies.removeLeftovers()
      } catch {
        throw .notCopied(directory, error)
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

  /// A cluster without a watcher works; its settings and certificates are then those of the start.
  private func startWatcher(
    for settings: Settings,
    _ pod: Pod,
    beside patroniFile: String,
    _ home: HomeDirectory
  ) {
    let order = WatchOrder(
      for: settings,
      from: pod.environment,
      pod.checked.expectations,
      patroniFile: patroniFile,
      home: home.path
    )
    guard let order else { return }
    do throws(SystemError) {
      try WatcherProcess.start(order) { report(.noWatcher($0, order)) }
    } catch {
      report(.noWatcher(error, order))
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
      if cause.code == EEXIST {
        report(.notReplaced(path))
        return false
      }
      let consequence =
        error.isInPlace
        ? "the new file exists, but a crash of the machine could undo the change"
        : "the previous file is unchanged"
      report(
        Problem(
          path,
          "could not write file: \(cause.reason)",
          detail: "\(cause.call) failed on \(cause.path); \(consequence)."
        )
      )
      return false
    }
  }

  func report(_ problem: Problem) {
    StandardStreams.error(problem.text)
  }
}

extension Problem {
  fileprivate static func noOwnCertificate(_ directory: TLSDirectory, reason: String) -> Problem {
    Problem(
      directory.selfSigned,
      "could not create a self-signed certificate: \(reason)",
      hint: "Mount a certificate, or set PGSSLMODE=disable."
    )
  }

  fileprivate static func notCopied(_ directory: TLSDirectory, _ error: SystemError) -> Problem {
    Problem(
      directory.path,
      "could not copy the certificates: \(error.reason)",
      detail: "\(error.call) failed on \(error.path).",
      hint: "Mount an emptyDir at the directory of patroni.yml, or set CERTIFICATE_RELOAD=off."
    )
  }

  fileprivate static func anotherStart(_ directory: String, seconds: Int) -> Problem {
    Problem(
      directory,
      "another start has been writing here for \(seconds) seconds, and nothing was changed",
      hint: "Give each of the two a directory of its own in --output, or end the other one."
    )
  }

  fileprivate static func noLock(_ directory: String, _ error: SystemError) -> Problem {
    Problem(
      .warning,
      directory,
      "could not lock the directory: \(error.reason)",
      detail: "\(error.call) failed. Another start at the same moment could be disturbed."
    )
  }

  fileprivate static func notReplaced(_ path: String) -> Problem {
    Problem(
      path,
      "is not a regular file and is not replaced",
      detail: "Links are not followed.",
      hint: "Remove it, or name another file."
    )
  }

  fileprivate static func restricted(_ path: String, _ found: UInt32) -> Problem {
    Problem(
      .note,
      path,
      "mode 0\(String(found, radix: 8)) was changed to 0700",
      detail: "PostgreSQL rejects a data directory that its group can write to, such as a "
        + "Kubernetes volume with fsGroup."
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

  fileprivate static func noWatcher(_ error: SystemError, _ order: WatchOrder) -> Problem {
    Problem(
      .warning,
      order.subject,
      "could not start the watcher, and new \(order.object) need a restart: \(error.reason)"
    )
  }

  fileprivate static func missingPasswdEntry(reason: String) -> Problem {
    Problem(
      .warning,
      "/etc/passwd",
      "user id \(geteuid()) has no entry, and none could be added: \(reason)",
      detail: "initdb cannot create a database cluster for a user without a name.",
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
