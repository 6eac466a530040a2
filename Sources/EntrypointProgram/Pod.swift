import CSystem
import EntrypointCore
import EntrypointSystem

/// The pod as it was found, and what there is to say about it.
struct Pod {
  let environment: Environment
  let outcome: Settings.Outcome
  let certificateResults: [CheckResult]

  /// Reads the environment and the files that it names, and checks them.
  init(for purpose: Settings.Purpose) {
    environment = ProcessEnvironment.current()
    var surroundings = Surroundings.gather(for: environment)
    let now = time(nil)
    if let paths = surroundings.certificateFiles(for: environment) {
      let files = CertificateReader.load(paths)
      surroundings.certificates = CertificateReader.facts(about: files, at: now)
    }
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
