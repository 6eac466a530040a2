import CSystem
import EntrypointCore
import EntrypointSystem
import PatroniConfig

/// Puts certificates and files where Patroni, PostgreSQL and libpq read them.
struct Publisher {
  /// What there is to put there.
  struct Edition {
    /// What the copies of the certificates hold; nil where there are none.
    var content: CertificateFiles<[UInt8]>?
    /// The settings; nil where patroni.yml stays.
    var settings: Settings?
    /// What patroni.yml says.
    var document: YAMLNode?
    /// The text of patroni.yml.
    var text: [UInt8]?
    /// Whether it has the second spelling of the authorities' path.
    var isRespelled = false
  }

  private let order: WatchOrder
  private(set) var copies: CertificateCopies
  /// How many seconds a start may take that writes in the same directory.
  private static let timeOfStart = 10

  /// - Throws: `SystemError` when there is no directory for the copies.
  init(_ order: WatchOrder) throws(SystemError) {
    self.order = order
    copies = try CertificateCopies(in: order.directory)
  }

  /// The file of the nodes' own passwords.
  var passfile: String { order.home + "/.pgpass" }

  /// Notes from now on who reads the copies in use; false where the system gives no notice of them.
  mutating func watchReaders() -> Bool { copies.watchReaders() }

  /// Notes what has happened meanwhile, before the system forgets the oldest notices.
  func countReaders() { copies.countReaders() }

  /// Puts all of it there.
  ///
  /// - Returns: notes.
  /// - Throws: what kept it from that; patroni.yml is then as it was.
  mutating func publish(_ edition: Edition) throws(Problem) -> [Problem] {
    var directories = [FilePath.split(order.patroniFile).directory]
    if edition.settings?.passfile != nil, order.home != directories[0] {
      directories.append(order.home)
    }
    var locks: [DirectoryLock] = []
    // In the order of starts, so that no two wait for each other.
    for directory in directories.sorted() {
      do throws(DirectoryLock.Failure) {
        locks.append(try DirectoryLock(directory, waiting: Self.timeOfStart))
      } catch {
        // Where nothing can be locked, there is nobody else as a rule.
        guard error == .held else { continue }
        throw notPublished("another start is writing there")
      }
    }
    defer { withExtendedLifetime(locks) {} }
    do throws(SystemError) {
      return try publishUnlocked(edition)
    } catch {
      throw notPublished(error.reason, "\(error.call) failed on \(error.path).")
    }
  }

  /// The file is written before anything else changes, so that a full disk changes nothing.
  private mutating func publishUnlocked(_ edition: Edition) throws(SystemError) -> [Problem] {
    let path = order.patroniFile
    let old = try? RESTAPIReload.text(of: path)
    let text = edition.text.flatMap { $0 == old ? nil : $0 }
    if let text { try AtomicFile.prepare(text, for: path) }
    var notes: [Problem] = []
    do throws(SystemError) {
      if try writePassfile(edition.settings) { notes.append(.passfileReplaced(passfile)) }
      try provideCertificates(edition)
    } catch {
      if text != nil { AtomicFile.cancel(path) }
      throw error
    }
    if text != nil { try Self.commit(path) }
    return notes
  }

  private func writePassfile(_ settings: Settings?) throws(SystemError) -> Bool {
    guard let content = settings?.passfile else { return false }
    if let old = try? RESTAPIReload.text(of: passfile), old == content { return false }
    try AtomicFile.prepare(content, for: passfile)
    try Self.commit(passfile)
    return true
  }

  private mutating func provideCertificates(_ edition: Edition) throws(SystemError) {
    if let content = edition.content {
      // A start, or another watcher, beside the same patroni.yml may have been faster.
      if !copies.holds(content) { try copies.publish(content) }
    } else if let settings = edition.settings, settings.certificatesInUse == .selfSigned {
      try OwnCertificate.provide(settings.ownIdentity, in: order.directory, now: time(nil))
    }
  }

  /// A file that is there counts, whether or not a crash of the machine could undo that.
  private static func commit(_ path: String) throws(SystemError) {
    do throws(AtomicFile.Failure) {
      try AtomicFile.commit(path)
    } catch {
      if !error.isInPlace { throw error.cause }
    }
  }

  private func notPublished(_ reason: String, _ detail: String? = nil) -> Problem {
    let isAll = order.settings != nil
    return Problem(
      .warning,
      order.subject,
      isAll
        ? "could not write the new settings, and the old ones remain in use: \(reason)"
        : "could not copy the new certificates, and the old ones remain in use: \(reason)",
      detail: detail,
      hint: "The watcher tries again within 30 seconds."
    )
  }
}

extension WatchOrder {
  /// The variable that says whether there is a watcher.
  var subject: String { settings != nil ? "SETTINGS_RELOAD" : "CERTIFICATE_RELOAD" }

  /// What the watcher watches, in words.
  var object: String { settings != nil ? "settings" : "certificates" }
}
