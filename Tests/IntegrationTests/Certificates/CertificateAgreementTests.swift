import EntrypointSystem
import Foundation
import PatroniConfig
import PostgresConfig
import TestSupport
import Testing

@testable import EntrypointCore

/// Every set of certificates is judged by the program, and by PostgreSQL and libpq.
@Suite struct CertificateAgreementTests {
  /// What was said about a set.
  struct Outcome {
    let check: CommandResult
    let problems: String
    let judged: TLSJudge.Verdict
  }

  static let outcomes = Result { try judgeAll() }

  @Test func thereAreEnoughSets() {
    let names = CertificateSet.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(names.count { !$0.hasPrefix("good") } >= 60)
  }

  @Test(arguments: CertificateSet.all)
  func saysExactlyWhatIsWrong(_ set: CertificateSet) throws {
    let outcome = try #require(try Self.outcomes.get()[set.name])
    let path = Self.messages + "/\(set.name).txt"
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try outcome.problems.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("recorded \(set.name); run again without RECORD")
    } else {
      #expect(try outcome.problems == String(contentsOfFile: path, encoding: .utf8))
    }
  }

  @Test(arguments: CertificateSet.all)
  func agreesWithPostgreSQLAndLibpq(_ set: CertificateSet) throws {
    let outcome = try #require(try Self.outcomes.get()[set.name])
    let isAccepted = outcome.check.exitCode == 0
    #expect(isAccepted || outcome.check.exitCode == 78, "\(outcome.check.errors)")
    let agrees = isAccepted == outcome.judged.isAccepted
    #expect(agrees == (set.difference == nil), "\(outcome.problems)\n\(outcome.judged.words)")
  }

  private static let messages =
    Repository.root + "/Tests/IntegrationTests/Certificates/Messages"

  private static func judgeAll() throws -> [String: Outcome] {
    let judge = try TLSJudge()
    let program = judge.directory.path + "/entrypoint"
    try Command.output(["cp", Repository.releaseBinary, program])
    var outcomes: [String: Outcome] = [:]
    for set in CertificateSet.all {
      outcomes[set.name] = try outcome(of: set, program: program, judge: judge)
    }
    return outcomes
  }

  private static func outcome(
    of set: CertificateSet,
    program: String,
    judge: TLSJudge
  ) throws -> Outcome {
    let draft = set.draft
    let folder = judge.directory.path + "/set"
    try? FileManager.default.removeItem(atPath: folder)
    let files = try draft.folder()
    try files.write(to: folder)
    let environment = environment(of: draft, files, in: folder)
    let check = try TLSJudge.attempt([program, "--check"], environment: environment)
    let entries = environment.map { Array("\($0.key)=\($0.value)".utf8) }
    let settings = settings(for: Environment(entries: entries))
    let configuration = settings.map { PatroniConfiguration(for: $0).postgresql }
    let isAddressed = environment["CONNECT_BY"] == "ip"
    let host = isAddressed ? "127.0.0.1" : "node-0.demo.default.svc.cluster.local"
    let judged = try judge.verdict(
      on: folder,
      hasRevocationList: environment["PGSSLCRL"] != nil,
      hba: configuration?.hba.map { $0.line } ?? ["hostssl all postgres all cert map=cnmap"],
      ident: draft.ident ?? configuration?.ident.map { $0.line } ?? [],
      hosts: [host] + (environment["CITUS_GROUP"] == nil ? [] : ["localhost"])
    )
    return Outcome(
      check: check,
      problems: try problems(in: check.output, folder: folder),
      judged: judged
    )
  }

  private static func environment(
    of draft: CertificateDraft,
    _ files: CertificateFolder,
    in folder: String
  ) -> [String: String] {
    var environment = [
      "PATRONI_SCOPE": "demo", "PATRONI_NAME": "node-0", "POD_NAMESPACE": "default",
      "POD_IP": "127.0.0.1", "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "verify-full",
      "CITUS_GROUP": "0", "PGSSLROOTCERT": "DIR/ca.crt", "PGSSLCERT": "DIR/tls.crt",
      "PGSSLKEY": "DIR/tls.key",
      // PostgreSQL gets the very files that were checked, and not copies with other modes.
      "CERTIFICATE_RELOAD": "off",
    ]
    if files.revocationList != nil { environment["PGSSLCRL"] = "DIR/ca.crl" }
    environment.merge(draft.environment) { $1 }
    return environment.filter { !$0.value.isEmpty }
      .mapValues { $0.replacing("DIR/", with: folder + "/") }
  }

  /// The settings that the program comes to, with the certificates as they are.
  private static func settings(for environment: Environment) -> Settings? {
    var surroundings = Surroundings(hostName: "node-0", files: [:], existing: [])
    surroundings.certificates = surroundings.certificateFiles(for: environment).map {
      CertificateReader.facts(
        about: CertificateReader.load($0),
        at: Int(Date().timeIntervalSince1970)
      )
    }
    return Settings.read(environment, surroundings, for: .start).settings
  }

  /// The problems of a report, without what is different on every machine and every day.
  private static func problems(in report: String, folder: String) throws -> String {
    let user = try Command.output(["id", "-u", "postgres"]).dropLast()
    let group = try Command.output(["id", "-g", "postgres"]).dropLast()
    let lines = report.split(separator: "\n").filter { $0.hasPrefix("         ") }
    return lines.map { String($0.dropFirst(9)) + "\n" }.joined()
      .replacing(folder, with: "DIR")
      .replacing(timestamp(Moment.soon), with: "SOON")
      .replacing("user \(user)", with: "user POSTGRES")
      .replacing("is \(user) here", with: "is POSTGRES here")
      .replacing("group \(group)", with: "group POSTGRES")
  }
}
