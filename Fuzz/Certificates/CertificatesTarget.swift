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

/// When every input is judged, in seconds since 1970: the certificates of the corpus are valid then.
private let now = 1_796_083_200

func testOneInput(_ input: [UInt8]) {
  let invented = InventedFiles(input)
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
  let facts = CertificateReader.facts(about: CertificateReader.load(files), at: now)
  require(ERR_peek_error() == 0, "OpenSSL's queue is not empty")
  let secrets = invented.secrets
  for pod in state.pods {
    check(pod, facts) { text in secrets.contains { holds(text, $0) } }
  }
  // A null byte is the end of a line or not, as whoever reads the file has it, and is refused.
  if !invented.contents.contains(where: { $0.contains(0) }) { checkAgreement(facts, files) }
}

private func check(
  _ pod: Environment,
  _ facts: CertificateFacts,
  isSecret: (String) -> Bool
) {
  let podFiles = PodFiles(hostName: "", contents: [:], existing: [], certificates: facts)
  let checked = Settings.read(pod, podFiles, needsStore: true)
  let results = CertificateChecks.results(facts, checked.expectations, now: now)
  checkMessages(checked.problems + results.flatMap { $0.problems }, isSecret: isSecret)
  checkReport(CheckReport(checked, results), isSecret: isSecret)
  guard let settings = checked.settings, let expectations = checked.expectations else {
    stop("the environment is faulty: \(checked.problems)")
  }
  for mapping in IdentMappings.make(for: settings) {
    let line = mapping.wrappedValue.line
    require(!line.utf8.contains { $0 < 0x20 || $0 == 0x7f }, line)
  }
  let update = CertificateUpdate(facts, replacing: nil, expectations, now: now)
  checkMessages(update.problems, isSecret: isSecret)
  var reminder = ExpiryReminder()
  checkMessages(
    [reminder.reminder(of: facts.leaf, now: now, elapsed: now)].compactMap { $0 },
    isSecret: isSecret
  )
}

/// What the files' owner, mode and names are worth is nothing that a handshake shows.
private func checkAgreement(_ facts: CertificateFacts, _ files: CertificateFiles<String>) {
  guard let judge = state.judge else { return }
  let podFiles = PodFiles(hostName: "", contents: [:], existing: [], certificates: facts)
  let expectations = Settings.read(state.pods[0], podFiles, needsStore: true).expectations
  let results = CertificateChecks.results(facts, expectations, now: now)
  let others: [Check] = [.environment, .keyPermissions, .commonName, .hostNames]
  let errors = results.filter { $0.verdict == .error && !others.contains($0.check) }
  let fault = judge.fault(of: files, at: now)
  // The public half of the key fits, and the private one does not belong to it. To find that out costs a
  // signature, and nothing but an edited file comes to it.
  if let fault, fault.hasSuffix("bad signature") { return }
  // The program is stricter with kinds of keys that it does not read.
  let isOfNoKnownKind = (facts.chain + facts.authorities).contains { $0.strength.key < 0 }
  if fault == nil, isOfNoKnownKind { return }
  require(
    errors.isEmpty == (fault == nil),
    "PostgreSQL: \(fault ?? "works"), we: \(errors.flatMap { $0.problems }.map { $0.text })"
  )
}
