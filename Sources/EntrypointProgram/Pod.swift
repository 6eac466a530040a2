import CSystem
import EntrypointCore
import EntrypointSystem

/// The pod as it was found, and what there is to say about it.
struct Pod {
  let environment: Environment
  let outcome: Settings.Outcome
  let certificateFiles: CertificateFiles<CertificateReader.LoadedFile>?
  let certificates: CertificateFacts?
  let certificateResults: [CheckResult]

  /// Reads the environment and the files that it names, and checks them.
  init(for purpose: Settings.Purpose) {
    environment = ProcessEnvironment.current()
    var surroundings = Surroundings.gather(for: environment)
    let now = time(nil)
    certificateFiles = surroundings.certificateFiles(for: environment).map {
      CertificateReader.load($0)
    }
    certificates = certificateFiles.map { CertificateReader.facts(about: $0, at: now) }
    surroundings.certificates = certificates
    outcome = Settings.read(environment, surroundings, for: purpose)
    certificateResults = CertificateChecks.results(
      surroundings.certificates,
      outcome.expectations,
      now: now
    )
  }

  /// Everything that there is to say.
  var problems: [Problem] { outcome.problems + certificateResults.flatMap { $0.problems } }

  /// The settings, when nothing that was found keeps Patroni from starting.
  var settings: Settings? {
    problems.contains { $0.severity == .error } ? nil : outcome.settings
  }
}
