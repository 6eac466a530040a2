import CSystem
import EntrypointCore
import EntrypointSystem
import PatroniConfig
import PostgresConfig

/// What Patroni, PostgreSQL and libpq read, as far as the watcher knows.
struct EditionInUse {
  /// What it was made of; nil when nobody has looked yet.
  private(set) var inputs: WatcherReading.Inputs?
  /// What the copies of the certificates hold; nil where there are none.
  private(set) var content: CertificateFiles<[UInt8]>?
  private(set) var certificate: Certificate?
  var judgement: Judgement?
  /// What was said about it, at a start or later.
  var problems: [Problem] = []
  /// Since when the certificates are in use.
  private(set) var since = time(nil)
  /// Since when patroni.yml is.
  private(set) var settingsSince = time(nil)
  private var text: [UInt8]?
  private var document: YAMLNode?
  /// Whether the document was read from the file.
  private var wasRead = true
  /// Whether patroni.yml has the second spelling of the authorities' path; see `RESTAPIAuthority`.
  private var isRespelled = false

  /// What a start, or a watcher before this one, has left.
  init(_ order: WatchOrder) {
    if order.settings != nil, let found = try? RESTAPIReload.text(of: order.patroniFile) {
      text = found
      document = YAMLParser.parse(found, document: order.patroniFile).root
      isRespelled = RESTAPIAuthority(in: order.directory).isRespelled(found)
      settingsSince = FileTime.ofLastChange(order.patroniFile) ?? since
    }
    let namesCopies = text.map { $0.contains(order.directory.current) } ?? true
    guard namesCopies, order.hasFiles else { return }
    var paths = order.copies
    if let list = paths.revocationList, !DirectoryLookup.hasFile(list) {
      paths.revocationList = nil
    }
    let files = CertificateReader.load(paths)
    let facts = CertificateReader.facts(about: files, at: since)
    content = facts.chain.isEmpty && order.settings != nil ? nil : files.map { $0.bytes }
    certificate = facts.leaf
    judgement = Judgement(of: facts, at: since)
  }

  /// Whether only certificates are watched, and they are the same.
  func isStill(_ reading: WatcherReading, _ order: WatchOrder) -> Bool {
    order.settings == nil && content == reading.content
  }

  /// What is to be published for `reading`, which was accepted.
  ///
  /// - Throws: `Failure` when patroni.yml cannot be rendered.
  func edition(
    of reading: WatcherReading,
    _ order: WatchOrder
  ) throws(YAMLEmitter.Failure) -> Publisher.Edition {
    var edition = Publisher.Edition(content: reading.content)
    guard let settings = reading.settings else { return edition }
    edition.settings = settings
    let document = settings.namingCertificates(beside: order.patroniFile).document
    let text = try YAMLEmitter.text(of: document, secrets: .revealed)
    edition.document = document
    edition.text = text
    guard let authority = settings.restapiAuthority(in: order.directory),
      let new = reading.content?.authority
    else { return edition }
    let isNew = content.map { $0.authority != new } ?? false
    edition.isRespelled = isRespelled != isNew
    if edition.isRespelled { edition.text = authority.respelled(text) ?? text }
    return edition
  }

  /// Whether `edition` says what is in use already.
  func holds(_ edition: Publisher.Edition) -> Bool {
    text == edition.text && content == edition.content
  }

  /// Notes that `edition` is in use from now on.
  mutating func take(
    _ edition: Publisher.Edition,
    _ reading: WatcherReading,
    _ verdict: WatcherVerdict,
    _ now: Int
  ) {
    if content != edition.content { since = now }
    if text != edition.text { settingsSince = now }
    inputs = reading.inputs
    content = edition.content
    certificate = verdict.certificate
    judgement = verdict.judgement
    problems = verdict.faults
    text = edition.text
    isRespelled = edition.isRespelled
    document = edition.document
    wasRead = false
  }

  /// What there is to say about what has changed.
  func changes(since old: EditionInUse, _ order: WatchOrder, _ settings: Settings?) -> [Problem] {
    guard let settings, let document, text != old.text else { return [] }
    let before = old.document ?? .mapping(YAMLMapping())
    let changes = DocumentChanges(from: before, wasRead: old.wasRead, to: document, settings)
    let last = Problem.settingsInUse(
      order.patroniFile,
      since: settingsSince,
      before: old.settingsSince
    )
    return changes.notes + [last]
  }
}

extension [UInt8] {
  /// Whether `text` stands in it.
  fileprivate func contains(_ text: String) -> Bool {
    let sought = Array(text.utf8)
    guard let first = sought.first, count >= sought.count else { return false }
    return indices.dropLast(sought.count - 1).contains { start in
      self[start] == first && self[start..<(start + sought.count)].elementsEqual(sought)
    }
  }
}
