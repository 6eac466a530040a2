import PostgresConfig
import Testing

@testable import EntrypointCore

/// The steps from one way of logging in to another, and where a member stands according to its data.
@Suite struct LadderTests {
  @Test(
    arguments: [
      ("trust", "scram-sha-256", []), ("scram-sha-256", "scram-sha-256,cert", []),
      ("scram-sha-256,cert", "cert,scram-sha-256", []), ("cert,scram-sha-256", "cert", []),
      ("md5", "scram-sha-256", []), ("md5,cert", "scram-sha-256,cert", []),
      ("trust", "trust", []), ("cert,md5", "cert,scram-sha-256", []),
      ("trust", "scram-sha-256,cert", ["scram-sha-256"]),
      ("md5", "cert,md5", ["md5,cert"]), ("scram-sha-256,cert", "cert", ["cert,scram-sha-256"]),
      ("scram-sha-256", "cert", ["scram-sha-256,cert", "cert,scram-sha-256"]),
      ("md5", "cert", ["md5,cert", "cert,md5"]),
      ("trust", "cert", ["scram-sha-256", "scram-sha-256,cert", "cert,scram-sha-256"]),
    ] as [(String, String, [String])]
  )
  func stepsOfNodeAuth(_ low: String, _ high: String, _ between: [String]) throws {
    let (low, high) = (
      try #require(NodeAuth(rawValue: low)), try #require(NodeAuth(rawValue: high))
    )
    let ladder = NodeAuth.ladder(low.passwords ?? high.passwords ?? .scramSHA256)
    #expect(high.steps(between: [low], on: ladder).map { $0.rawValue } == between)
    #expect(low.steps(between: [high], on: ladder).map { $0.rawValue } == between.reversed())
  }

  /// Where a member may be on several steps, the nearest one counts: nobody is warned without need.
  @Test(
    arguments: [
      ([], .verifyFull, []), ([.disable], .prefer, []), ([.disable], .allow, []),
      ([.prefer], .require, []), ([.require], .verifyCA, []), ([.verifyCA], .verifyFull, []),
      ([.allow], .disable, []), ([.disable], .require, [.prefer]),
      ([.verifyFull], .require, [.verifyCA]),
      ([.verifyFull], .disable, [.verifyCA, .require, .prefer]),
      ([.require, .verifyCA, .verifyFull], .verifyFull, []),
      ([.require, .verifyCA, .verifyFull], .prefer, []),
      ([.require, .verifyCA, .verifyFull], .disable, [.prefer]),
    ] as [([SSLMode], SSLMode, [SSLMode])]
  )
  func stepsOfSSLMode(_ last: [SSLMode], _ next: SSLMode, _ between: [SSLMode]) {
    #expect(next.steps(between: last, on: SSLMode.ladder) == between)
  }

  @Test func everySettingIsOnItsLadder() {
    for mode in SSLMode.allCases { #expect(SSLMode.ladder[mode.step].step == mode.step) }
    for auth in NodeAuth.allCases {
      #expect(NodeAuth.ladder(auth.passwords ?? .md5)[auth.step] == auth)
      #expect(auth.comment.flatMap { NodeAuth(comment: $0) } == (auth.alsoShown.map { _ in auth }))
    }
  }

  private func last(_ hba: [String], _ conf: [String]) -> LastLogins? {
    func content(_ lines: [String]) -> PodFiles.FileReading {
      .content(Array(lines.joined(separator: "\n").utf8))
    }
    return PodFiles.ServerFiles(content(hba), content(conf)).map {
      LastLogins($0, superuser: "postgres")
    }
  }

  @Test(
    arguments: [
      ("hostssl all postgres all cert map=cnmap", "cert"),
      ("host all postgres .alpha.default.svc.cluster.local trust", "trust"),
      ("hostssl all all 0.0.0.0/0 md5", "md5"),
      ("hostssl all \"postgres\" 10.0.0.0 255.0.0.0 scram-sha-256 # nodes", "scram-sha-256"),
      ("hostssl all postgres 0.0.0.0/0 cert clientcert=verify-ca map=cnmap", "cert"),
      ("hostssl all other,postgres all md5", "md5"),
      ("hostssl all postgres all gss", nil), ("hostssl all other all md5", nil),
      ("hostssl replication postgres all md5", nil), ("host all all 127.0.0.1/32 md5", nil),
      ("host all all ::1/128 trust", nil), ("local all all trust", nil), ("host all all", nil),
      ("hostssl \"all\" postgres all md5", nil),
    ] as [(String, String?)]
  )
  func theFirstRecordOfTheSuperuserSaysTheMethod(_ record: String, _ method: String?) {
    let lines = ["# by Patroni", "local all all trust", record]
    #expect(last(lines, [])?.nodeAuth?.rawValue == method)
    let before = ["hostssl all postgres all reject"] + lines
    #expect(last(before, [])?.nodeAuth == nil)
  }

  @Test func aCommentSaysWhichTwoMethods() {
    let record = "hostssl all postgres all cert map=cnmap"
    #expect(last(["# NODE_AUTH=cert,md5", record], [])?.nodeAuth?.rawValue == "cert,md5")
    // What an operator's record has in a comment stands below.
    #expect(last([record, "# NODE_AUTH=cert,md5"], [])?.nodeAuth == .cert)
    #expect(last(["# NODE_AUTH=certs", record], [])?.nodeAuth == .cert)
  }

  @Test(
    arguments: [
      ("host", ["ssl = 'off'"], [.disable]), ("host", ["ssl = 'on'"], [.prefer]),
      ("hostssl", ["ssl = 'on'"], [.require]),
      ("hostssl", ["ssl = 'on'", "ssl_ca_file = '/ca'"], [.require, .verifyCA, .verifyFull]),
      ("hostssl", ["ssl = 'on'", "primary_conninfo = 'sslmode=allow'"], [.allow]),
      (
        "hostssl",
        ["ssl = 'on'", "citus.node_conninfo = 'sslrootcert=/ca sslmode=verify-full a=''b'''"],
        [.verifyFull]
      ),
      ("host", [], []), ("host", ["#ssl = 'on'", "ssl on"], []),
    ] as [(String, [String], [SSLMode])]
  )
  func theServersParametersSayTheMode(_ type: String, _ conf: [String], _ modes: [SSLMode]) {
    #expect(last(["\(type) all postgres all md5"], conf)?.modes == modes)
  }

  @Test func withoutDataNothingIsRead() {
    let readings: [(Set<String>, [String], Bool)] = [
      ([], [], false), (["/etc/tls.crt"], [], false),
      (["/data/PG_VERSION"], ["/data/pg_hba.conf", "/data/postgresql.conf"], true),
    ]
    for (existing, paths, isKnown) in readings {
      var read: [String] = []
      var files = PodFiles(hostName: "pod-0", contents: [:], existing: existing)
      files.readServerFiles { path in
        read.append(path)
        return .content([])
      }
      #expect(read == paths)
      #expect((files.server != nil) == isKnown)
      files.readServerFiles { _ in .failed("Permission denied") }
      #expect(files.server == nil)
    }
  }

  /// A certificate that the program made, then one that others verify, and back.
  @Test func aSelfSignedCertificateIsNoStepToVerification() throws {
    func missing(_ path: String) -> FileFacts {
      FileFacts(path: path, reading: .missing, permissions: nil)
    }
    func messages(_ variables: [String: String], _ conf: [String]) throws -> [String] {
      let hba = ["hostssl all postgres all scram-sha-256"]
      let settings = try #require(
        Settings.read(
          Environment(
            entries: [
              "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one", "POD_IP": "192.0.2.1",
              "PATRONI_ETCD3_HOSTS": "etcd:2379", "NODE_AUTH": "scram-sha-256",
              "PATRONI_SUPERUSER_PASSWORD": "pw", "PATRONI_REPLICATION_PASSWORD": "pw",
            ].merging(variables) { $1 }.map { Array("\($0.key)=\($0.value)".utf8) }
          ),
          PodFiles(
            hostName: "pod-0",
            contents: [:],
            existing: [],
            certificates: CertificateFacts(
              files: CertificateFiles(
                authority: missing("/ca"),
                certificate: missing("/cert"),
                key: missing("/key"),
                revocationList: nil
              ),
              user: 0
            )
          ),
          needsStore: true
        ).settings
      )
      return settings.warnings(after: try #require(last(hba, conf))).map { $0.message }
    }
    let own = ["ssl = 'on'", "ssl_cert_file = '/home/postgres/.postgresql-tls/self-signed.pem'"]
    #expect(
      try messages(["PGSSLMODE": "verify-ca"], own)
        == ["changes to verify-ca on a server that used a self-signed certificate"]
    )
    #expect(try messages(["PGSSLMODE": "require"], own) == [])
    let verified = ["ssl = 'on'", "primary_conninfo = 'sslmode=verify-ca'"]
    #expect(
      try messages(["PGSSLMODE": "require"], verified)
        == ["a self-signed certificate replaces one that other members verify"]
    )
  }
}
