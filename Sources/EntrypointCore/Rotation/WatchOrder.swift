import PostgresConfig

/// What a watcher has to know: what to look at, what it is measured by, and who is told.
///
/// The process that watches is executed anew, so that its memory holds this and nothing else of what a
/// start has read.
public struct WatchOrder: Sendable {
  /// Where patroni.yml is; copies of the certificates are in a directory beside it.
  public var patroniFile: String
  /// Where the server works.
  public var dataDirectory: String
  /// Where `.pgpass` goes.
  public var home: String
  /// The certificates, where they alone are watched; no secret is in that.
  public var certificates: WatchedCertificates?
  /// The settings, and the certificates with them.
  public var settings: WatchedSettings?
  /// Whether Patroni has to be told once that the server runs; see `CitusReload`.
  public var isCitusMember: Bool

  /// What there is to watch for `settings`, which stand in the file at `patroniFile`; nil when there is
  /// nothing.
  ///
  /// - Parameters:
  ///   - environment: what `settings` were read from.
  ///   - expectations: what is expected of certificates that are copied.
  public init?(
    for settings: Settings,
    from environment: Environment,
    _ expectations: CertificateExpectations?,
    patroniFile: String,
    home: String
  ) {
    self.patroniFile = patroniFile
    self.home = home
    dataDirectory = settings.dataDirectory
    isCitusMember = settings.cluster.citus != nil
    if settings.reload.reloads {
      self.settings = WatchedSettings(settings, environment)
    } else if settings.certificatesInUse == .copied, let expectations {
      certificates = WatchedCertificates(settings, expectations)
    } else if !isCitusMember {
      return nil
    }
  }

  /// Whether there is more to do than to tell Patroni once.
  public var hasFiles: Bool { settings != nil || certificates != nil }

  /// The directory with the copies.
  public var directory: TLSDirectory { TLSDirectory(beside: patroniFile) }

  /// The paths of the copies in use; with settings the revocation list's is among them, whether there is one
  /// or not.
  public var copies: CertificateFiles<String> {
    let hasList = certificates.map { $0.mounted.revocationList != nil } ?? true
    return directory.copies(
      for: CertificateFiles(
        authority: "",
        certificate: "",
        key: "",
        revocationList: hasList ? "" : nil
      )
    )
  }
}

/// Certificates to watch.
public struct WatchedCertificates: Sendable {
  /// The files that are mounted.
  public var mounted: CertificateFiles<String>
  /// What the settings expect of them.
  public var expectations: CertificateExpectations
  /// Whether Patroni's REST API speaks TLS, with the copies.
  public var restapiUsesTLS: Bool

  init(_ settings: Settings, _ expectations: CertificateExpectations) {
    mounted = settings.mountedFiles
    self.expectations = expectations
    restapiUsesTLS = settings.restapi.usesTLS
  }
}

/// Settings to watch.
public struct WatchedSettings: Sendable {
  /// The entries of the environment that count.
  private var entries: [[UInt8]]
  /// What holds until the next start.
  private var member: RunningMember

  init(_ settings: Settings, _ environment: Environment) {
    let member = RunningMember(settings, environment)
    // A password that patroni.yml does not hold is not kept in memory, either.
    let superuser = EnvironmentVariable.superuserPassword.name
    entries = environment.entries { !member.leftPasswordOut || $0 != superuser }
    self.member = member
  }

  /// The environment as a start would find it now, for a member whose certificate in use is `certificate`.
  public func environment(
    _ read: (Environment) -> SettingsDirectory?,
    certificate: Certificate?
  ) -> Environment {
    var environment = Environment(entries: entries)
    var member = member
    member.certificate = certificate
    if let directory = read(environment) { environment.add(directory, to: member) }
    return environment
  }
}

// From one process to the next it goes as texts, each with a null byte behind it: no variable, path or
// name holds one.
extension WatchOrder {
  /// The order as bytes.
  public var bytes: [UInt8] {
    var fields = Fields()
    fields.add(patroniFile)
    fields.add(dataDirectory)
    fields.add(home)
    fields.add(isCitusMember)
    fields.add(certificates != nil)
    certificates?.add(to: &fields)
    fields.add(settings != nil)
    settings?.add(to: &fields)
    return fields.bytes
  }

  /// Reads what `bytes` of another process say; nil when it is no order.
  public init?(_ bytes: [UInt8]) {
    var fields = Fields(bytes)
    guard let patroniFile = fields.text(), let data = fields.text(), let home = fields.text(),
      let isCitusMember = fields.flag(), let hasCertificates = fields.flag()
    else { return nil }
    self.patroniFile = patroniFile
    dataDirectory = data
    self.home = home
    self.isCitusMember = isCitusMember
    if hasCertificates {
      guard let certificates = WatchedCertificates(&fields) else { return nil }
      self.certificates = certificates
    }
    guard let hasSettings = fields.flag() else { return nil }
    if hasSettings {
      guard let settings = WatchedSettings(&fields) else { return nil }
      self.settings = settings
    }
    guard fields.isEmpty else { return nil }
  }
}

extension WatchedCertificates {
  fileprivate func add(to fields: inout WatchOrder.Fields) {
    for path in [mounted.authority, mounted.certificate, mounted.key] { fields.add(path) }
    fields.add(mounted.revocationList.map { [$0] } ?? [])
    fields.add(restapiUsesTLS)
    expectations.add(to: &fields)
  }

  fileprivate init?(_ fields: inout WatchOrder.Fields) {
    guard let authority = fields.text(), let certificate = fields.text(), let key = fields.text(),
      let list = fields.texts(), let restapiUsesTLS = fields.flag(),
      let expectations = CertificateExpectations(&fields)
    else { return nil }
    mounted = CertificateFiles(
      authority: authority,
      certificate: certificate,
      key: key,
      revocationList: list.first
    )
    self.expectations = expectations
    self.restapiUsesTLS = restapiUsesTLS
  }
}

extension WatchedSettings {
  fileprivate func add(to fields: inout WatchOrder.Fields) {
    fields.add(String(entries.count))
    for entry in entries { fields.add(entry) }
    member.add(to: &fields)
  }

  fileprivate init?(_ fields: inout WatchOrder.Fields) {
    guard let count = fields.number() else { return nil }
    entries = []
    for _ in 0..<count {
      guard let entry = fields.content() else { return nil }
      entries.append(entry)
    }
    guard let member = RunningMember(&fields) else { return nil }
    self.member = member
  }
}
