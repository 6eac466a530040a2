import CSystem
import EntrypointCore
import EntrypointSystem

/// Takes new certificates into use while Patroni runs.
///
/// Waits for the mounted files to change and to come to rest, checks them as a start does, copies
/// them, publishes the copies, and has the server and Patroni read everything again. A faulty set is
/// told about, and changes nothing.
struct CertificateWatcher {
  private let mounted: CertificateFiles<String>
  private let expectations: CertificateExpectations
  private let patroniFile: String
  private let dataDirectory: String
  private let restapiAuthority: RESTAPIAuthority?
  private var stage: CertificateStage
  private var published: CertificateFiles<[UInt8]>
  private var refused: CertificateFiles<CertificateReader.Content>?
  private var certificate: Certificate?
  private var owesReload = false
  private var reminder = ExpiryReminder()

  /// How often to look where the system gives no notice.
  private static let longestWait: Int32 = 30_000
  /// How long nothing may happen before a change counts as complete.
  private static let quiet: Int32 = 300
  /// How many times quiet is waited for, when changes never end.
  private static let patience = 10
  /// How soon to try again when Patroni could not be told.
  private static let retry: Int32 = 250

  /// - Parameters:
  ///   - patroniFile: where patroni.yml is.
  ///   - dataDirectory: where the server works.
  ///   - restapiAuthority: its line about the REST API's clients, when that speaks TLS.
  init(
    mounted: CertificateFiles<String>,
    expectations: CertificateExpectations,
    patroniFile: String,
    dataDirectory: String,
    restapiAuthority: RESTAPIAuthority?,
    stage: CertificateStage,
    published: CertificateFiles<[UInt8]>,
    certificate: Certificate?
  ) {
    self.mounted = mounted
    self.expectations = expectations
    self.patroniFile = patroniFile
    self.dataDirectory = dataDirectory
    self.restapiAuthority = restapiAuthority
    self.stage = stage
    self.published = published
    self.certificate = certificate
  }

  mutating func run() -> Never {
    let watch = DirectoryWatch(files: mounted)
    if let limitation = watch.limitation { report(.noNotices(limitation)) }
    // What has changed since the files were read can wait until the parent has become Patroni.
    _ = watch.wait(milliseconds: Self.quiet)
    while true {
      look()
      if owesReload { owesReload = !PatroniProcess.reload() }
      if let problem = reminder.reminder(of: certificate, now: time(nil)) { report(problem) }
      guard watch.wait(milliseconds: owesReload ? Self.retry : Self.longestWait) else { continue }
      waitForQuiet(watch)
    }
  }

  private func waitForQuiet(_ watch: borrowing DirectoryWatch) {
    var rounds = 1
    while watch.wait(milliseconds: Self.quiet), rounds < Self.patience { rounds += 1 }
  }

  private mutating func look() {
    let files = CertificateReader.load(mounted)
    let content = files.map { $0.bytes }
    guard content != published else {
      refused = nil
      return
    }
    let seen = files.map { $0.content }
    guard seen != refused else { return }
    let now = time(nil)
    let facts = CertificateReader.facts(about: files, at: now)
    let update = CertificateUpdate(facts, replacing: certificate, expectations, now: now)
    if update.isAccepted {
      do throws(SystemError) {
        try stage.publish(content, hasReaders: true)
      } catch {
        report(.notStaged(error))
        return
      }
      if content.authority != published.authority { reloadAuthorities() }
      published = content
      certificate = facts.leaf
      PostgresProcess.reload(dataDirectory: dataDirectory)
      owesReload = true
    }
    refused = update.isAccepted ? nil : seen
    for problem in update.problems { report(problem) }
  }

  private func reloadAuthorities() {
    guard let restapiAuthority else { return }
    do throws(SystemError) {
      if try RESTAPIReload.prepare(restapiAuthority, in: patroniFile) { return }
      report(.authoritiesNotReloaded("\(patroniFile) names another file"))
    } catch {
      report(.authoritiesNotReloaded("\(error.call) failed on \(error.path): \(error.reason)"))
    }
  }

  private func report(_ problem: Problem) {
    StandardStreams.error(problem.text)
  }
}

extension Problem {
  fileprivate static func noNotices(_ error: SystemError) -> Problem {
    Problem(
      .warning,
      "CERTIFICATE_RELOAD",
      "changes of the certificates are noticed within 30 seconds, not at once",
      detail: "\(error.call) failed: \(error.reason).",
      hint: "Raise fs.inotify.max_user_instances and fs.inotify.max_user_watches on the host."
    )
  }

  fileprivate static func authoritiesNotReloaded(_ reason: String) -> Problem {
    Problem(
      .warning,
      "RESTAPI_TLS",
      "the REST API still asks clients for certificates of the old authorities: \(reason)",
      hint: "Restart the pod, or renew the certificate."
    )
  }

  fileprivate static func notStaged(_ error: SystemError) -> Problem {
    Problem(
      .warning,
      "CERTIFICATE_RELOAD",
      "new certificates could not be copied, and the old ones stay in use: \(error.reason)",
      detail: "\(error.call) failed on \(error.path).",
      hint: "It is tried again within 30 seconds."
    )
  }
}
