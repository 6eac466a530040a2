import CSystem
import EntrypointCore
import EntrypointSystem

/// What a look at everything that is watched has found.
struct WatcherReading {
  /// What was read, to tell whether it is another thing the next time.
  struct Inputs: Equatable {
    /// A number that stands for the settings.
    var settings = 0
    var certificates: CertificateFiles<CertificateReader.Content>?
  }

  let inputs: Inputs
  /// Where changes are to be noticed.
  let directories: Set<String>
  /// The settings; nil when something is wrong with them, or when they are not watched.
  let settings: Settings?
  let problemsOfSettings: [Problem]
  /// What is expected of the certificates.
  let expectations: CertificateExpectations?
  /// The mounted files; nil without TLS.
  let files: CertificateFiles<CertificateReader.LoadedFile>?
  /// What the copies in use have to hold; nil when no copies are wanted.
  let content: CertificateFiles<[UInt8]>?
  private let readFacts: CertificateFacts?
  private let results: [CheckResult]

  /// Reads what `order` says, for a member whose certificate in use is `certificate`.
  init(_ order: WatchOrder, certificate: Certificate?) {
    if let watched = order.settings {
      let environment = watched.environment({ .read(for: $0) }, certificate: certificate)
      self.init(Pod(environment, needsStore: true, output: order.patroniFile))
    } else {
      self.init(order.certificates)
    }
  }

  /// As at a start.
  private init(_ pod: Pod) {
    var hasher = Hasher()
    pod.environment.hash(into: &hasher)
    pod.files.hash(into: &hasher)
    files = pod.certificateFiles
    inputs = Inputs(
      settings: hasher.finalize(),
      certificates: files.map { $0.map { $0.content } }
    )
    directories = pod.directories
    settings = pod.checked.settings
    problemsOfSettings = pod.checked.problems
    expectations = pod.checked.expectations
    content =
      settings?.certificatesInUse == .copied ? files.map { $0.map { $0.bytes } } : nil
    readFacts = pod.certificates
    results = pod.certificateResults
  }

  /// Certificates alone.
  private init(_ certificates: WatchedCertificates?) {
    files = certificates.map { CertificateReader.load($0.mounted) }
    inputs = Inputs(certificates: files.map { $0.map { $0.content } })
    directories = Set(certificates?.mounted.all.map { FilePath.split($0).directory } ?? [])
    settings = nil
    problemsOfSettings = []
    expectations = certificates?.expectations
    content = files.map { $0.map { $0.bytes } }
    readFacts = nil
    results = []
  }

  /// What is known about the certificates.
  func facts(at now: Int) -> CertificateFacts? {
    readFacts ?? files.map { CertificateReader.facts(about: $0, at: now) }
  }

  /// Judges it by the checks of a start.
  ///
  /// - Parameters:
  ///   - isUpdate: whether certificates take the place of others, so that every fault is one too many.
  func verdict(replacing old: Certificate?, isUpdate: Bool, at now: Int) -> WatcherVerdict {
    let facts = facts(at: now)
    let update = facts.flatMap { facts in
      expectations.map { CertificateUpdate(facts, replacing: old, $0, now: now) }
    }
    let faults = isUpdate ? update?.faults ?? [] : results.flatMap { $0.problems }
    return WatcherVerdict(
      faults: problemsOfSettings + faults,
      certificate: facts?.leaf,
      update: update,
      judgement: facts.map { Judgement(of: $0, at: now) }
    )
  }
}

/// What comes of a reading.
struct WatcherVerdict {
  let faults: [Problem]
  /// The node's certificate that was read.
  let certificate: Certificate?
  /// What becomes of the certificates when they take the place of others.
  let update: CertificateUpdate?
  /// How long that holds; nil for ever.
  let judgement: Judgement?

  var isAccepted: Bool { !faults.contains { $0.severity == .error } }

  /// What is said of the certificates when all is refused, or accepted.
  func conclusion(isRefused: Bool) -> Problem? {
    update.flatMap { $0.isAccepted != isRefused ? $0.conclusion : nil }
  }
}

extension Optional<Judgement> {
  /// Whether it still holds.
  func holds(at now: Int) -> Bool { self?.holds(at: now) ?? true }
}

extension Pod {
  /// Where something that was read may change.
  fileprivate var directories: Set<String> {
    var directories = files.directories
    if environment.hasDirectory, let path = SettingsDirectory.path(for: environment) {
      directories.insert(path)
    }
    for file in certificateFiles?.all ?? [] {
      directories.insert(FilePath.split(file.facts.path).directory)
    }
    return directories
  }
}
