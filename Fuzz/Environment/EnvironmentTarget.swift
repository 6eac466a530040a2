import CSystem
import PatroniConfig
import PostgresConfig

@testable import EntrypointCore

// Whatever the environment holds, what comes out reads back to what was meant, in every grammar that
// it is written in, and no secret is told.
//
// The input is entries of the environment with null bytes between them. An entry that begins with
// byte 1 is the content of every file, with byte 2 the host name, and byte 3 marks secrets, so that they
// are found wherever they turn up.

/// What stands before every secret of an input that asks for it.
private let mark = "s3cr3t-mark-"

/// One run of the target.
///
/// Always 0, as libFuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let pod = InventedPod(Array(UnsafeBufferPointer(start: bytes, count: count)), mark: mark)
  let outcome = Settings.read(pod.environment, pod.surroundings, for: .dryRun)
  checkProblems(outcome, pod)
  if let settings = outcome.settings { checkFile(settings, pod) }
  return 0
}

private func checkProblems(_ outcome: Settings.Outcome, _ pod: InventedPod) {
  let hasError = outcome.problems.contains { $0.severity == .error }
  require(hasError == (outcome.settings == nil), "no settings without an error, and no error with")
  for problem in outcome.problems {
    let parts = [problem.subject, problem.message, problem.detail ?? "", problem.hint ?? ""]
    for part in parts {
      require(!part.utf8.contains { $0 < 0x20 || $0 == 0x7f }, "a control character in a message")
      require(!pod.isMarked || !part.contains(mark), "a secret in a message: \(part)")
    }
  }
}

private func checkFile(_ settings: Settings, _ pod: InventedPod) {
  let tree = settings.document
  let intended = Value(tree, secrets: .revealed)
  let revealed = text(of: tree, .revealed)
  guard intended.hasShortKeys else { return }
  require(StrictYAML.read(revealed) == intended, "the file reads otherwise")
  if pod.isMarked {
    let redacted = text(of: tree, .redacted)
    require(
      StrictYAML.read(redacted) == Value(tree, secrets: .redacted),
      "a dry run reads otherwise"
    )
    require(!redacted.contains(mark), "a secret in a dry run")
  }

  for rule in HBARules.make(for: settings) {
    require(AccessRecord(rule) == AccessRecord(line: rule.line), rule.line)
  }
  for mapping in IdentMappings.make(for: settings) { checkMapping(mapping, settings.version) }

  var keywords: [String: String] = [:]
  for pair in settings.nodeConnectionInfo.pairs { keywords[pair.keyword.rawValue] = pair.value }
  require(
    connectionParameters(settings.nodeConnectionInfo.text) == keywords,
    "libpq reads otherwise"
  )

  let changes = PatroniEnvironment(for: settings, pod.environment, home: nil)
  for variable in EnvironmentVariable.secrets {
    require(changes.removed.contains(variable.name), "a secret stays in the environment")
  }
  for entry in changes.added {
    require(!entry.value.utf8.contains(0), "a null byte in the environment")
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

/// Stops the process, for libFuzzer to keep the input.
func require(_ isTrue: Bool, _ message: @autoclosure () -> String) {
  if !isTrue { stop(message()) }
}

/// As `require`, when it is clear already.
func stop(_ message: String) -> Never {
  fputs(message + "\n", stderr)
  abort()
}
