import CCrypto
import CSystem

@testable import EntrypointCore
@testable import EntrypointSystem

// Whatever the certificate files hold, they are read and judged without a crash and without a leak; what is
// said of them is lines, and nothing of the key. And where there is a judge, a set without an error works for
// PostgreSQL and libpq, and one that works has none.

private struct State {
  let files = (0..<4).map { _ in NamelessFile() }
  let judge = Judge()
  let pods = ["verify-full", "verify-ca", "require"].map { mode in
    Environment(
      entries: [
        "PATRONI_SCOPE=demo", "PATRONI_NAME=demo-0-0", "POD_IP=192.0.2.1", "PATRONI_CITUS_GROUP=0",
        "PATRONI_ETCD3_HOSTS=etcd:2379", "NODE_AUTH=cert", "CLIENT_AUTH=cert", "PGSSLMODE=\(mode)",
        "RESTAPI_TLS=on",
      ].map { Array($0.utf8) }
    )
  }
}

private let state = State()

/// One run of the target.
///
/// Always 0, as libFuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let invented = InventedFiles(Array(UnsafeBufferPointer(start: bytes, count: count)))
  for (file, content) in zip(state.files, invented.contents) { file.write(content) }
  // A file that the input lacks does not exist.
  let paths = state.files.indices.map { index in
    index < invented.contents.count ? state.files[index].path : "/nonexistent"
  }
  let files = CertificateFiles(
    authority: paths[0],
    certificate: paths[1],
    key: paths[2],
    revocationList: invented.contents.count > 3 ? paths[3] : nil
  )
  let now = time(nil)
  let facts = CertificateReader.facts(about: CertificateReader.load(files), at: now)
  require(ERR_peek_error() == 0, "OpenSSL's queue is not empty")
  let secrets = invented.secrets
  for pod in state.pods {
    check(pod, facts, now) { text in secrets.contains { holds(text, $0) } }
  }
  // A null byte is the end of a line or not, as whoever reads the file has it, and is refused.
  if !invented.contents.contains(where: { $0.contains(0) }) { checkAgreement(facts, files, now) }
  return 0
}

private func check(
  _ pod: Environment,
  _ facts: CertificateFacts,
  _ now: Int,
  isSecret: (String) -> Bool
) {
  let surroundings = Surroundings(hostName: "", files: [:], existing: [], certificates: facts)
  let outcome = Settings.read(pod, surroundings, for: .start)
  let results = CertificateChecks.results(facts, outcome.expectations, now: now)
  checkMessages(outcome.problems + results.flatMap { $0.problems }, isSecret: isSecret)
  checkReport(CheckReport(outcome, results), isSecret: isSecret)
  guard let settings = outcome.settings, let expectations = outcome.expectations else {
    stop("the environment is faulty: \(outcome.problems)")
  }
  for mapping in IdentMappings.make(for: settings) {
    require(!mapping.line.utf8.contains { $0 < 0x20 || $0 == 0x7f }, mapping.line)
  }
  let update = CertificateUpdate(facts, replacing: nil, expectations, now: now)
  checkMessages(update.problems, isSecret: isSecret)
  var reminder = ExpiryReminder()
  checkMessages([reminder.reminder(of: facts.leaf, now: now)].compactMap { $0 }, isSecret: isSecret)
}

/// What the files' owner, mode and names are worth is nothing that a handshake shows.
private func checkAgreement(
  _ facts: CertificateFacts,
  _ files: CertificateFiles<String>,
  _ now: Int
) {
  guard let judge = state.judge else { return }
  let surroundings = Surroundings(hostName: "", files: [:], existing: [], certificates: facts)
  let expectations = Settings.read(state.pods[0], surroundings, for: .start).expectations
  let results = CertificateChecks.results(facts, expectations, now: now)
  let others: [Check] = [.environment, .keyPermissions, .commonName, .hostNames]
  let errors = results.filter { $0.verdict == .error && !others.contains($0.check) }
  let fault = judge.fault(of: files)
  // The public half of the key fits, and the private one does not belong to it. To find that out costs a
  // signature, and nothing but an edited file comes to it.
  if let fault, fault.hasSuffix("bad signature") { return }
  require(
    errors.isEmpty == (fault == nil),
    "PostgreSQL: \(fault ?? "works"), we: \(errors.flatMap { $0.problems }.map { $0.text })"
  )
}
