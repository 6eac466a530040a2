import PatroniConfig
import PostgresConfig

@testable import EntrypointCore

// Whatever the environment holds, what comes out reads back to what was meant, in every grammar that
// it is written in, and no secret is told.

/// What stands before every secret of an input that asks for it; no name of anything holds a tilde.
private let mark = "s3cr3t~mark-"

func testOneInput(_ input: [UInt8]) {
  let pod = InventedPod(input, mark: mark)
  let checked = Settings.read(pod.environment, pod.podFiles, needsStore: false)
  let results = CertificateChecks.results(
    pod.podFiles.certificates,
    checked.expectations,
    now: InventedPod.now
  )
  let hasError = checked.problems.contains { $0.severity == .error }
  require(hasError == (checked.settings == nil), "no settings without an error, and no error with")
  checkMessages(checked.problems + results.flatMap { $0.problems }, isSecret: pod.isSecret)
  // Reports cost more than all the rest, and are made for pods with secrets only.
  if pod.isMarked { checkReport(CheckReport(checked, results), isSecret: pod.isSecret) }
  if let settings = checked.settings { check(settings, pod) }
}

private func check(_ settings: Settings, _ pod: InventedPod) {
  let tree = settings.document
  let intended = Value(tree, secrets: .revealed)
  let revealed = text(of: tree, .revealed)
  checkPatroniEnvironment(settings, pod)
  if pod.isMarked { checkExplanation(settings, pod) }
  guard intended.hasShortKeys else { return }

  guard let document = StrictYAML.read(revealed), document == intended else {
    stop("the file reads otherwise")
  }
  if pod.isMarked {
    let redacted = text(of: tree, .redacted)
    require(!pod.isSecret(redacted), "a secret in a dry run")
    require(
      StrictYAML.read(redacted) == Value(tree, secrets: .redacted),
      "a dry run reads otherwise"
    )
  }
  checkGivenValues(document, pod)
  checkRecords(document, settings)
  checkMappings(document, settings)
  checkConnectionInfo(document, settings)
}

private func checkExplanation(_ settings: Settings, _ pod: InventedPod) {
  let explanation = Explanation(of: settings, at: "/home/postgres/patroni.yml")
  let (plain, json) = (explanation.text(as: .text), explanation.text(as: .json))
  require(!pod.isSecret(plain) && !pod.isSecret(json), "a secret in an explanation")
  require(isJSON(json), "no JSON: \(json)")
  let lines = plain.split(separator: "\n", omittingEmptySubsequences: false)
  require(lines.count == explanation.rows.count + 2, "an explanation has more lines than settings")
}

private func checkPatroniEnvironment(_ settings: Settings, _ pod: InventedPod) {
  let changes = PatroniEnvironment(for: settings, pod.environment, home: nil)
  for variable in EnvironmentVariable.secrets where pod.environment.has(variable.name) {
    require(changes.removed.contains(variable.name), "a secret stays in the environment")
  }
  for entry in changes.added {
    require(!entry.value.utf8.contains(0), "a null byte in the environment")
    require(!pod.isSecret(entry.value), "a secret in the environment")
  }
}

private func text(of tree: YAMLNode, _ secrets: YAMLEmitter.Secrets) -> String {
  do {
    let bytes = try YAMLEmitter.text(of: tree, secrets: secrets)
    guard let text = String(validating: bytes, as: UTF8.self) else { stop("not UTF-8") }
    return text
  } catch {
    stop("the file could not be rendered: \(error.reason)")
  }
}
