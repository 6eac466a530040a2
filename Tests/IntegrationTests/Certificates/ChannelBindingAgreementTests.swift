import EntrypointSystem
import Foundation
import PatroniConfig
import PostgresConfig
import TestSupport
import Testing

@testable import EntrypointCore

/// Logins by password with certificates of every kind of signature: what the program says of them,
/// and what PostgreSQL and libpq do.
@Suite struct ChannelBindingAgreementTests {
  private static let authorities: [(name: String, key: TestKey, failing: String?)] = [
    ("EC", KeyRing.authority, nil), ("RSA", KeyRing.rsa, nil), ("RSA-PSS", KeyRing.rsaPSS, nil),
    ("Ed25519", KeyRing.ed25519, "ED25519"), ("Ed448", KeyRing.ed448, "ED448"),
  ]

  private static let passwords = [
    "PATRONI_SUPERUSER_PASSWORD": "super", "PATRONI_REPLICATION_PASSWORD": "rep",
  ]

  /// Pods whose nodes, or clients at least, log in by password.
  private static let pods: [[String: String]] = [
    ["PGSSLMODE": "verify-ca", "NODE_AUTH": "scram-sha-256"].merging(passwords) { $1 },
    ["PGSSLMODE": "verify-full", "NODE_AUTH": "md5", "CONNECT_BY": "ip"].merging(passwords) { $1 },
    ["PGSSLMODE": "require"].merging(passwords) { $1 },
    ["PGSSLMODE": "prefer", "CLIENT_AUTH": "scram-sha-256"].merging(passwords) { $1 },
    ["PGSSLMODE": "allow"].merging(passwords) { $1 },
    ["PGSSLMODE": "verify-ca", "NODE_AUTH": "scram-sha-256", "PGCHANNELBINDING": "disable"]
      .merging(passwords) { $1 },
    ["PGSSLMODE": "verify-ca", "NODE_AUTH": "scram-sha-256", "CLIENT_AUTH": "none"]
      .merging(passwords) { $1 },
    ["PGSSLMODE": "verify-ca", "PATRONI_REPLICATION_PASSWORD": "rep"],
    ["PGSSLMODE": "verify-ca"],
    ["PGSSLMODE": "verify-ca", "CLIENT_AUTH": "cert"],
  ]

  @Test func agreesWithPostgreSQLAndLibpq() throws {
    let judge = try TLSJudge()
    try prepareRoles(on: judge)
    var failures = 0
    for (name, key, failing) in Self.authorities {
      let folder = judge.directory.path + "/" + name
      var draft = CertificateDraft()
      draft.leaf.names = "DNS:localhost,IP:127.0.0.1"
      draft.authorityKey = key
      try draft.folder().write(to: folder)
      for pod in Self.pods {
        failures += try compare(judge, folder, pod, failing)
      }
    }
    // Both verdicts occur.
    #expect(failures > 10 && failures < 60, "\(failures)")
  }

  /// Stores SCRAM verifiers, and MD5 hashes where they are asked for.
  private func prepareRoles(on judge: TLSJudge) throws {
    let folder = judge.directory.path + "/first"
    try CertificateDraft().folder().write(to: folder)
    try judge.serve(folder, hba: ["local all all trust"])
    let statements = [
      "ALTER ROLE postgres PASSWORD 'super'",
      "CREATE ROLE standby LOGIN REPLICATION PASSWORD 'rep'",
      "CREATE ROLE app LOGIN PASSWORD 'app'",
      "SET password_encryption = md5; CREATE ROLE old LOGIN PASSWORD 'old'",
    ]
    for statement in statements {
      let result = try judge.query(statement, "user=postgres dbname=postgres", overSocket: true)
      #expect(result.exitCode == 0, "\(result.errors)")
    }
  }

  /// Returns the number of logins that failed.
  private func compare(
    _ judge: TLSJudge,
    _ folder: String,
    _ pod: [String: String],
    _ failing: String?
  ) throws -> Int {
    let environment = [
      "PATRONI_SCOPE": "demo", "PATRONI_NAME": "node-0", "POD_IP": "127.0.0.1",
      "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLROOTCERT": folder + "/ca.crt",
      "PGSSLCERT": folder + "/tls.crt", "PGSSLKEY": folder + "/tls.key",
      "CERTIFICATE_RELOAD": "off",
    ].merging(pod) { $1 }
    let check = try judge.check(environment)
    let says = (
      nodes: check.output.contains("nodes cannot log in by password"),
      clients: check.output.contains("clients cannot log in by password")
    )
    if let failing, says.nodes || says.clients {
      #expect(check.output.contains("which is signed with \(failing)\n"))
    }
    #expect(check.exitCode == (says.nodes && pod["PGSSLMODE"]?.hasPrefix("v") == true ? 78 : 0))

    let settings = try #require(self.settings(for: environment))
    try judge.serve(
      folder,
      hba: HBARules.make(for: settings).map { $0.wrappedValue.line },
      ident: IdentMappings.make(for: settings).map { $0.wrappedValue.line }
    )
    let roles = try #require(settings.document["postgresql"]?["authentication"])
    let nodes = [
      try logIn(judge, roles["superuser"], "dbname=postgres", "SELECT 1"),
      try logIn(judge, roles["replication"], "replication=true", "IDENTIFY_SYSTEM"),
    ]
    let failedNodes = nodes.filter { $0.exitCode != 0 }
    #expect(
      says.nodes == !failedNodes.isEmpty,
      "\(pod): \(nodes.map { $0.errors })\n\(check.output)"
    )
    for result in failedNodes {
      #expect(result.errors.contains("could not find digest for NID UNDEF"))
    }
    let client = try judge.query("SELECT 1", "dbname=postgres user=app password=app sslcert=none")
    if pod["CLIENT_AUTH"] == "none" || pod["CLIENT_AUTH"] == "cert" {
      #expect(!says.clients && client.exitCode != 0)
      return failedNodes.count
    }
    #expect(says.clients == (client.exitCode != 0), "\(pod): \(client.errors)")
    // The ways out that the messages name.
    let unbound = try judge.query(
      "SELECT 1",
      "dbname=postgres user=app password=app sslcert=none channel_binding=disable"
    )
    #expect(unbound.output == "1\n", "\(unbound.errors)")
    if pod["CLIENT_AUTH"] == nil {
      let old = try judge.query("SELECT 1", "dbname=postgres user=old password=old sslcert=none")
      #expect(old.output == "1\n", "\(old.errors)")
    }
    return failedNodes.count + (client.exitCode == 0 ? 0 : 1)
  }

  /// Logs in as Patroni would.
  private func logIn(
    _ judge: TLSJudge,
    _ credentials: YAMLNode?,
    _ database: String,
    _ statement: String
  ) throws -> CommandResult {
    var parts = ["sslcert": "none", "channel_binding": "prefer"]
    for entry in try #require(credentials?.mapping).entries {
      let keyword = entry.key == "username" ? "user" : entry.key
      if case .secret(let password) = entry.value.content {
        parts[keyword] = password.reveal()
      } else {
        parts[keyword] = entry.value.scalarText
      }
    }
    let text = parts.map { "\($0)=\($1)" }.joined(separator: " ")
    return try judge.query(statement, "\(database) \(text)")
  }

  private func settings(for variables: [String: String]) -> Settings? {
    let environment = Environment(entries: variables.map { Array("\($0.key)=\($0.value)".utf8) })
    var podFiles = PodFiles(hostName: "node-0", contents: [:], existing: [])
    podFiles.certificates = podFiles.certificateFiles(for: environment).map {
      CertificateReader.facts(
        about: CertificateReader.load($0),
        at: Int(Date().timeIntervalSince1970)
      )
    }
    return Settings.read(environment, podFiles, needsStore: true).settings
  }
}
