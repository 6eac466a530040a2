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
  struct Verdicts {
    let check: CommandResult
    let problems: String
    let judged: TLSJudge.Verdict
  }

  static let verdicts = Result { try judgeAll() }

  @Test func thereAreEnoughSets() {
    let names = CertificateSet.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(names.count { !$0.hasPrefix("good") } >= 150)
  }

  @Test(arguments: CertificateSet.all)
  func saysExactlyWhatIsWrong(_ set: CertificateSet) throws {
    let verdict = try #require(try Self.verdicts.get()[set.name])
    let path = Self.messages(of: set)
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try verdict.problems.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("recorded \(set.name); run again without RECORD")
    } else {
      #expect(try verdict.problems == String(contentsOfFile: path, encoding: .utf8))
    }
  }

  @Test(arguments: CertificateSet.all)
  func agreesWithPostgreSQLAndLibpq(_ set: CertificateSet) throws {
    let verdict = try #require(try Self.verdicts.get()[set.name])
    let isAccepted = verdict.check.exitCode == 0
    #expect(isAccepted || verdict.check.exitCode == 78, "\(verdict.check.errors)")
    let agrees = isAccepted == verdict.judged.isAccepted
    #expect(agrees == (set.difference == nil), "\(verdict.problems)\n\(verdict.judged.words)")
  }

  /// The file with the expected messages: one of its own where OpenSSL 3.5 sees something else.
  private static func messages(of set: CertificateSet) -> String {
    let folder = Repository.root + "/Tests/IntegrationTests/Certificates/Messages"
    let own = folder + "/openssl-3.5/\(set.name).txt"
    return hasOpenSSL35 && FileManager.default.fileExists(atPath: own)
      ? own : folder + "/\(set.name).txt"
  }

  /// Whether the program is linked with OpenSSL 3.5 or newer.
  private static let hasOpenSSL35: Bool = {
    let report = try? Command.output([Repository.releaseBinary, "--version"])
    let version = report?.firstMatch(of: #/openssl ([0-9.]+)/#)?.1
    guard let version else { return false }
    return String(version).compare("3.5", options: .numeric) != .orderedAscending
  }()

  private static func judgeAll() throws -> [String: Verdicts] {
    let judge = try TLSJudge()
    var verdicts: [String: Verdicts] = [:]
    for set in CertificateSet.all {
      verdicts[set.name] = try verdict(of: set, judge: judge)
    }
    return verdicts
  }

  private static func verdict(
    of set: CertificateSet,
    judge: TLSJudge
  ) throws -> Verdicts {
    let draft = set.draft
    let folder = judge.directory.path + "/set"
    try? FileManager.default.removeItem(atPath: folder)
    let files = try draft.folder()
    try files.write(to: folder)
    let environment = environment(of: draft, files, in: folder)
    let check = try judge.check(environment)
    let entries = environment.map { Array("\($0.key)=\($0.value)".utf8) }
    let settings = settings(for: Environment(entries: entries))
    let isAddressed = environment["CONNECT_BY"] == "ip"
    let host = isAddressed ? "127.0.0.1" : "node-0.demo.default.svc.cluster.local"
    let judged = try judge.verdict(
      on: folder,
      hasRevocationList: environment["PGSSLCRL"] != nil,
      hba: settings.map { HBARules.make(for: $0).map { $0.wrappedValue.line } } ?? [
        "hostssl all postgres all cert map=cnmap"
      ],
      ident: draft.ident ?? settings.map {
        IdentMappings.make(for: $0).map { $0.wrappedValue.line }
      } ?? [],
      hosts: [host] + (environment["CITUS_GROUP"] == nil ? [] : ["localhost"])
    )
    return Verdicts(
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
    var podFiles = PodFiles(hostName: "node-0", contents: [:], existing: [])
    podFiles.certificates = podFiles.certificateFiles(for: environment).map {
      CertificateReader.facts(
        about: CertificateReader.load($0),
        at: Int(Date().timeIntervalSince1970)
      )
    }
    return Settings.read(environment, podFiles, needsStore: true).settings
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
