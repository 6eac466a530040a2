import CSystem
import EntrypointCore
import EntrypointSystem

/// The pod as it was found, and what there is to say about it.
struct Pod {
  let environment: Environment
  let files: PodFiles
  private(set) var checked: CheckedSettings
  let certificateFiles: CertificateFiles<CertificateReader.LoadedFile>?
  let certificates: CertificateFacts?
  let certificateResults: [CheckResult]

  /// Reads the environment of this process and the files that it names, and checks them.
  ///
  /// - Parameter output: where patroni.yml goes, when somebody said so.
  init(needsStore: Bool, output: String? = nil) {
    var environment = ProcessEnvironment.current()
    if let directory = SettingsDirectory.read(for: environment) { environment.add(directory) }
    self.init(environment, needsStore: needsStore, output: output)
  }

  /// Reads the files that `environment` names, and checks everything.
  init(_ environment: Environment, needsStore: Bool, output: String? = nil) {
    self.environment = environment
    var podFiles = PodFiles.gather(for: environment)
    let now = time(nil)
    certificateFiles = podFiles.certificateFiles(for: environment).map {
      CertificateReader.load($0)
    }
    certificates = certificateFiles.map { CertificateReader.facts(about: $0, at: now) }
    podFiles.certificates = certificates
    files = podFiles
    checked = Settings.read(environment, podFiles, needsStore: needsStore)
    certificateResults = CertificateChecks.results(
      podFiles.certificates,
      checked.expectations,
      now: now
    )
    guard needsStore else { return }
    let home = HomeDirectory(environment)
    let uses = FileUses(
      for: environment,
      output: output ?? home.patroniFile,
      home: home.path,
      certificates: certificateFiles?.map { $0.facts.path }
    )
    checked.problems += uses.problems { FileIdentity($0) }
  }

  /// Everything that there is to say.
  var problems: [Problem] { checked.problems + certificateResults.flatMap { $0.problems } }

  /// The settings, when nothing that was found keeps Patroni from starting.
  var settings: Settings? {
    problems.contains { $0.severity == .error } ? nil : checked.settings
  }
}
