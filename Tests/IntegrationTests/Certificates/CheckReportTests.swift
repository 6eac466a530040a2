import Foundation
import TestSupport
import Testing

/// What `--check` prints, whole.
@Suite struct CheckReportTests {
  private let directory: TemporaryDirectory

  /// The report's lines stay the same whoever runs it, but for what is in braces.
  private static let report = """
    ok       environment       scope demo, name node-0, connect_host 192.0.2.1, sslmode verify-ca, node_auth cert, client_auth md5
    ok       ca-file           path {DIR}/ca.crt, mode 0644, owner 0, group 0, count 1, subjects CN=authority
    ok       certificate-file  path {DIR}/tls.crt, mode 0644, owner 0, group 0, count 1, names *.demo.default.svc.cluster.local localhost
    ok       key-file          path {DIR}/tls.key, mode 0600, owner 0, group 0, algorithm "EC 256"
    ok       key-permissions   mode 0600, owner 0, group 0, user 0
    ok       key-match         certificate "EC 256", key "EC 256"
    ok       chain             chain CN=node CN=authority
    ok       server-use        usage digitalSignature serverAuth clientAuth
    ok       client-use        usage digitalSignature serverAuth clientAuth
    warning  validity          subject CN=node, issuer CN=authority, serial 1234, not_before "2020-01-01 00:00:00 UTC", not_after "{END}", days_left 9
             warning: PGSSLCERT: certificate "CN=node" expires on {END}
               detail: That is in less than 30 days.
               hint: Renew the certificate.
    ok       common-name       common_name node, node_names node
    skipped  host-names        host names are verified only with PGSSLMODE=verify-full
    ok       channel-binding   signature ecdsa-with-SHA256
    skipped  revocation        PGSSLCRL is not set
    14 checks: 11 ok, 1 warning, 2 skipped

    """

  init() throws {
    directory = try TemporaryDirectory()
    var draft = CertificateDraft()
    draft.leaf.notBefore = Moment.in2020
    draft.leaf.notAfter = Moment.soon - 3600
    draft.edit { folder, _ in
      folder.authority?.owner = "root:root"
      folder.certificate?.owner = "root:root"
      folder.key?.owner = "root:root"
    }
    try draft.folder().write(to: directory.path + "/tls")
  }

  private func check(_ option: String, _ more: [String: String] = [:]) throws -> CommandResult {
    let tls = directory.path + "/tls"
    return try Command.run(
      [Repository.releaseBinary, option],
      environment: [
        "PATRONI_SCOPE": "demo", "PATRONI_NAME": "node-0", "POD_IP": "192.0.2.1",
        "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "verify-ca", "PATH": "/usr/bin:/bin",
        "PGSSLROOTCERT": tls + "/ca.crt", "PGSSLCERT": tls + "/tls.crt",
        "PGSSLKEY": tls + "/tls.key",
      ].merging(more) { $1 }
    )
  }

  @Test func isForAPerson() throws {
    let result = try check("--check")
    let end = try Command.output([
      "date", "-u", "-d", "@\(Moment.soon - 3600)", "+%Y-%m-%d %H:%M:%S UTC",
    ]).dropLast()
    let expected = Self.report.replacing("{DIR}", with: directory.path + "/tls")
      .replacing("{END}", with: end)
    #expect(result.output == expected)
    #expect(result.errors == "")
    #expect(result.exitCode == 0)
  }

  private struct Report: Decodable {
    struct Check: Decodable {
      struct Problem: Decodable {
        let severity: String
        let subject: String
        let message: String
        let detail: String?
        let hint: String?
      }
      let check: String
      let verdict: String
      let reason: String?
      let values: [String: Value]
      let problems: [Problem]
    }
    enum Value: Decodable, Equatable {
      case text(String)
      case number(Int)
      case list([String])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
          self = .number(number)
        } else if let text = try? container.decode(String.self) {
          self = .text(text)
        } else {
          self = .list(try container.decode([String].self))
        }
      }
    }
    let version: Int
    let verdict: String
    let checks: [Check]
  }

  @Test func isForAProgram() throws {
    let result = try check("--check=json", ["PATRONI_NAME": "-\"\\\n", "NODE_CERT_NAMES": "a\"b"])
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(result.exitCode == 78)
    #expect(report.version == 1)
    #expect(report.verdict == "error")
    #expect(
      report.checks.map { "\($0.check) \($0.verdict)" } == [
        "environment error", "ca-file ok", "certificate-file ok", "key-file ok",
        "key-permissions ok", "key-match ok", "chain ok", "server-use ok", "client-use ok",
        "validity warning", "common-name skipped", "host-names skipped", "channel-binding skipped",
        "revocation skipped",
      ]
    )
    let environment = try #require(report.checks.first)
    #expect(environment.problems.map { $0.subject } == ["PATRONI_NAME"])
    #expect(environment.problems[0].message == "invalid value \"-\\\"\\\\\\n\"")
    #expect(report.checks[1].values["count"] == .number(1))
    #expect(report.checks[1].values["subjects"] == .list(["CN=authority"]))
    #expect(report.checks[13].reason == "PGSSLCRL is not set")
  }

  /// The values of every check, as docs/REFERENCE.md lists them for programs.
  @Test func hasTheValuesThatAreDocumented() throws {
    var draft = CertificateDraft()
    draft.edit { folder, made in
      folder.revocationList = .init(text: try made.authority.revocationList())
    }
    try draft.folder().write(to: directory.path + "/all")
    let all = directory.path + "/all"
    let result = try check(
      "--check=json",
      [
        "PGSSLMODE": "verify-full", "PGSSLROOTCERT": all + "/ca.crt", "PGSSLCERT": all + "/tls.crt",
        "PGSSLKEY": all + "/tls.key", "PGSSLCRL": all + "/ca.crl",
      ]
    )
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(report.checks.allSatisfy { $0.verdict != "skipped" })
    let found = report.checks.map { check in
      let values = check.values.map { name, value in
        switch value {
        case .text: name
        case .number: name + " (number)"
        case .list: name + " (list)"
        }
      }
      return "\(check.check): \(values.sorted().joined(separator: ", "))"
    }
    let file = Repository.root + "/docs/REFERENCE.md"
    let documented = try String(contentsOfFile: file, encoding: .utf8)
      .split(separator: "<!-- values of checks -->")[1].split(separator: "\n").dropFirst(2)
      .map { line -> String in
        let cells = line.replacing("`", with: "").split(separator: "|")
          .map { $0.trimmingCharacters(in: .whitespaces) }
        return "\(cells[0]): \(cells[1].split(separator: ", ").sorted().joined(separator: ", "))"
      }
    #expect(found == documented)
  }

  @Test func findsEverythingInOneRun() throws {
    let result = try check(
      "--check",
      ["POD_IP": "nowhere", "PGSSLCRL": "/none", "NODE_AUTH": "certificate"]
    )
    #expect(result.exitCode == 78)
    for line in [
      "error: POD_IP: invalid value \"nowhere\"", "error: NODE_AUTH: invalid value \"certificate\"",
      "error: PGSSLCRL: file \"/none\" does not exist", "warning: PGSSLCERT: certificate",
    ] {
      #expect(result.output.contains(line))
    }
  }

  @Test func opensNothingForWriting() throws {
    let calls = try Command.run(
      [
        "strace", "-f", "-e", "trace=open,openat,creat,mkdir,rename,unlink", "-o",
        directory.path + "/calls", Repository.releaseBinary, "--check",
      ],
      environment: [
        "PATH": "/usr/bin:/bin", "PATRONI_SCOPE": "demo", "POD_IP": "192.0.2.1",
        "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLROOTCERT": directory.path + "/tls/ca.crt",
        "PGSSLCERT": directory.path + "/tls/tls.crt", "PGSSLKEY": directory.path + "/tls/tls.key",
        "PGSSLMODE": "verify-ca", "PATRONI_NAME": "node-0",
      ]
    )
    #expect(calls.exitCode == 0, "\(calls.errors)")
    let text = try String(contentsOfFile: directory.path + "/calls", encoding: .utf8)
    let lines = text.split(separator: "\n").filter { $0.contains("(") }
    #expect(lines.contains { $0.contains("tls.key") })
    #expect(lines.allSatisfy { $0.contains("O_RDONLY") })
  }
}
