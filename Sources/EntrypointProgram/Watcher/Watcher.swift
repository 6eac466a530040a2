import CSystem
import EntrypointCore
import EntrypointSystem
import PatroniConfig

/// Applies new settings and certificates while Patroni runs.
///
/// Waits for what is mounted to change and to come to rest, reads and checks all of it as a start does,
/// publishes it, and has the server and Patroni read everything again. With one fault nothing changes, and the
/// log says why. It is judged anew when time may have changed the verdict.
struct Watcher {
  private let order: WatchOrder
  private let patroni: PatroniProcess
  private var publisher: Publisher
  private var inUse: EditionInUse
  private var refused: Refused?
  private var notice: PatroniNotice?
  private var citus: CitusReload
  private var reminder = ExpiryReminder()
  private var writtenCondition: WatcherCondition?
  private var reportedLimitation: SystemError?
  /// When to look whatever happens, in milliseconds.
  private var nextLook = 0

  /// A change that was refused.
  private struct Refused {
    var inputs: WatcherReading.Inputs
    var judgement: Judgement?
    var problems: [Problem]
    var since: Int
    var concernsSettings: Bool
    var concernsCertificates: Bool
  }

  /// How often to look where the system gives no notice, in milliseconds.
  private static let longestWait = 30_000
  /// How long nothing may happen before a change counts as complete.
  private static let quiet: Int32 = 300
  /// How many times quiet is waited for, when changes never end.
  private static let patience = 10

  /// - Parameter isFirst: whether no other watcher has been there, so that Patroni has been told everything.
  /// - Throws: `SystemError` when there is no directory for the copies.
  init(_ order: WatchOrder, _ patroni: PatroniProcess, isFirst: Bool) throws(SystemError) {
    self.order = order
    self.patroni = patroni
    // Before another watcher beside the same copies can change them: whatever comes later is a change.
    inUse = EditionInUse(order)
    // What has changed since the files were read can wait until the parent has become Patroni.
    usleep(UInt32(Self.quiet) * 1000)
    publisher = try Publisher(order)
    citus = CitusReload(isDue: order.isCitusMember && isFirst)
    // One that was killed may have published something without telling.
    if !isFirst { notice = PatroniNotice([]) }
  }

  mutating func run() -> Never {
    var watch = DirectoryWatch([])
    while true {
      if patroni.hasEnded { exit(ExitCode.success.rawValue) }
      if Clock.milliseconds >= nextLook { look(&watch) }
      tellPatroni()
      citus.attempt(patroni, order)
      if let problem = reminder.reminder(
        of: inUse.certificate,
        now: time(nil),
        elapsed: Clock.milliseconds / 1000
      ) {
        report(problem)
      }
      writeCondition()
      let isWatched = inUse.content == nil || publisher.watchReaders()
      reportLimitation(watch.limitation, isWatched: isWatched)
      if watch.wait(milliseconds: timeToNextEvent()) {
        waitForQuiet(watch)
        nextLook = 0
      } else {
        watch.renew()
        publisher.countReaders()
      }
    }
  }

  private func waitForQuiet(_ watch: borrowing DirectoryWatch) {
    var rounds = 1
    while watch.wait(milliseconds: Self.quiet), rounds < Self.patience { rounds += 1 }
  }

  /// The time of a machine may be set, so nothing is waited for longer than `longestWait`.
  private mutating func timeToNextEvent() -> Int32 {
    if notice?.isUrgent == true { return Int32(PatroniNotice.retry) }
    let longest = citus.isDue ? CitusReload.interval : Self.longestWait
    return Int32(min(max(nextLook - Clock.milliseconds, PatroniNotice.retry), longest))
  }

  private mutating func scheduleLook(at now: Int) {
    let seconds = [inUse.judgement, refused?.judgement].compactMap { $0?.secondsLeft(at: now) }
    let next = min(max(seconds.min() ?? Self.longestWait, 0), Self.longestWait / 1000) * 1000
    nextLook = Clock.milliseconds + max(next, PatroniNotice.retry)
  }

  /// Reads everything; and again while something changes meanwhile, so that all of it is of one time.
  private func read(_ watch: inout DirectoryWatch) -> WatcherReading {
    let certificate = inUse.content == nil ? nil : inUse.certificate
    var reading = WatcherReading(order, certificate: certificate)
    var rounds = 0
    while rounds < Self.patience {
      let isNew = watch.watch(reading.directories)
      guard isNew || watch.wait(milliseconds: 0) else { break }
      if !isNew { _ = watch.wait(milliseconds: Self.quiet) }
      reading = WatcherReading(order, certificate: certificate)
      rounds += 1
    }
    return reading
  }

  private mutating func look(_ watch: inout DirectoryWatch) {
    let reading = read(&watch)
    let now = time(nil)
    defer { scheduleLook(at: now) }
    let isKnown = inUse.inputs == reading.inputs
    if isKnown { refused = nil }
    if isKnown, inUse.judgement.holds(at: now) { return repair(reading) }
    if let refused, refused.inputs == reading.inputs, refused.judgement.holds(at: now) { return }
    let replacesCopies =
      inUse.content != nil && reading.content != nil && inUse.content != reading.content
    let isUpdate = order.settings == nil || replacesCopies
    let verdict = reading.verdict(replacing: inUse.certificate, isUpdate: isUpdate, at: now)
    if isKnown {
      // The certificates in use end, and so do lists.
      report(verdict.faults.filter { !inUse.problems.contains($0) }.map { $0.asWarning })
      inUse.judgement = verdict.judgement
      inUse.problems = verdict.faults
      repair(reading)
    } else if verdict.isAccepted || inUse.isStill(reading, order) {
      publish(reading, verdict, now)
    } else {
      refuse(reading, verdict, now)
    }
  }

  /// Somebody else may have written in the directory of the copies.
  private mutating func repair(_ reading: WatcherReading) {
    guard let content = reading.content, !publisher.copies.holds(content) else { return }
    do throws(Problem) {
      _ = try publisher.publish(Publisher.Edition(content: content))
      report(.putBack)
    } catch {
      report(error)
    }
  }

  private mutating func refuse(_ reading: WatcherReading, _ verdict: WatcherVerdict, _ now: Int) {
    let isKnown = refused?.inputs == reading.inputs
    let concernsSettings =
      order.settings != nil && reading.inputs.settings != inUse.inputs?.settings
    let concernsCertificates =
      order.settings == nil || reading.inputs.certificates != inUse.inputs?.certificates
    var problems = verdict.faults.filter {
      $0.severity == .error || !inUse.problems.contains($0)
    }
    if concernsCertificates, let conclusion = verdict.conclusion(isRefused: true) {
      problems.append(conclusion)
    }
    if concernsSettings { problems.append(.settingsRefused(since: inUse.settingsSince)) }
    if !isKnown || refused?.problems != problems { report(problems) }
    refused = Refused(
      inputs: reading.inputs,
      judgement: verdict.judgement,
      problems: problems,
      since: isKnown ? refused?.since ?? now : now,
      concernsSettings: concernsSettings,
      concernsCertificates: concernsCertificates
    )
  }

  private mutating func publish(_ reading: WatcherReading, _ verdict: WatcherVerdict, _ now: Int) {
    let edition: Publisher.Edition
    do throws(YAMLEmitter.Failure) {
      edition = try inUse.edition(of: reading, order)
    } catch {
      return report(Problem(order.patroniFile, "could not be rendered: \(error.reason)"))
    }
    let isSettled = inUse.holds(edition)
    let isDamaged = isSettled && edition.content.map { !publisher.copies.holds($0) } == true
    var notes: [Problem] = []
    do throws(Problem) {
      notes = try publisher.publish(edition)
    } catch {
      return report(error)
    }
    refused = nil
    let old = inUse
    inUse.take(edition, reading, verdict, now)
    if isDamaged { report(.putBack) }
    if isSettled, old.inputs == nil { return }
    if old.content != edition.content, edition.content != nil {
      if order.settings == nil, old.content?.authority != edition.content?.authority {
        reloadAuthorities()
      }
      PostgresProcess.reload(dataDirectory: order.dataDirectory)
      if let conclusion = verdict.conclusion(isRefused: false) { notes.append(conclusion) }
    }
    notes += inUse.changes(since: old, order, reading.settings)
    report(verdict.faults.filter { !old.problems.contains($0) })
    if isSettled {
      report(notes)
    } else {
      notice = PatroniNotice((notice?.notes ?? []) + notes)
      tellPatroni()
    }
  }

  private mutating func tellPatroni() {
    guard var owed = notice else { return }
    notice = owed.deliver(to: patroni, order) ? nil : owed
  }

  private func reloadAuthorities() {
    guard order.certificates?.restapiUsesTLS == true else { return }
    do throws(SystemError) {
      let line = RESTAPIAuthority(in: order.directory)
      if try RESTAPIReload.prepare(line, in: order.patroniFile) { return }
      report(.authoritiesNotReloaded("\(order.patroniFile) names another file"))
    } catch {
      report(.authoritiesNotReloaded("\(error.call) failed on \(error.path): \(error.reason)"))
    }
  }

  private mutating func reportLimitation(_ limitation: SystemError?, isWatched: Bool) {
    defer { reportedLimitation = limitation }
    guard let limitation, limitation != reportedLimitation else { return }
    report(.noNotices(limitation, order, knowsReaders: isWatched))
  }

  private mutating func writeCondition() {
    var condition = WatcherCondition()
    condition.serial = inUse.certificate?.serial ?? "none"
    condition.since = inUse.since
    if order.settings != nil { condition.settingsSince = inUse.settingsSince }
    if let refused {
      if refused.concernsCertificates { condition.refusedSince = refused.since }
      if refused.concernsSettings { condition.settingsRefusedSince = refused.since }
    }
    condition.untoldSince = notice?.startTime
    guard condition != writtenCondition else { return }
    let status = WatcherStatus(patroni: patroni, condition)
    writtenCondition = status.write(in: order.directory) ? condition : nil
  }

  private func report(_ problems: [Problem]) {
    for problem in problems { report(problem) }
  }

  private func report(_ problem: Problem) {
    StandardStreams.error(problem.text)
  }
}
