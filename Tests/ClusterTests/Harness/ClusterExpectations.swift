import Foundation
import TestSupport
import Testing

// What holds in a healthy cluster, according to the server's own views.
extension Cluster {
  private var certificateName: String { "CN=*.\(scope).default.svc.cluster.local" }

  /// PostgreSQL understands its access rules, and sees no fault in them.
  func expectRulesAreValid(on member: Member) throws {
    #expect(
      try member.query("SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL")
        == ""
    )
    #expect(
      try member.query(
        "SELECT line_number, error FROM pg_ident_file_mappings WHERE error IS NOT NULL"
      ) == ""
    )
  }

  /// The superuser and the replication role come from the network by certificate.
  func expectNodesUseCertificates(leader: Member) throws {
    for member in members {
      try expectRulesAreValid(on: member)
      #expect(
        try member.query(
          """
          SELECT DISTINCT type, auth_method, array_to_string(options, ' ') FROM pg_hba_file_rules
          WHERE user_name && '{postgres,standby,rewind}' AND type <> 'local' ORDER BY 1, 2
          """
        ) == "hostssl|cert|map=cnmap clientcert=verify-full"
      )
    }
  }

  /// A standby that connects again shows up a moment later.
  private func waitForRows(_ expected: [String], _ sql: String, on member: Member) throws {
    try eventually("\(member.name) sees \(expected)") {
      let rows = try member.query(sql)
      guard rows == expected.joined(separator: "\n") else { throw Failure("it sees \(rows)") }
      return true
    }
  }

  /// Every standby shows a node's certificate, and both ends speak TLS.
  func expectReplicationByCertificate(leader: Member) throws {
    let standbys = members.filter { $0 !== leader }
    let expected = standbys.map {
      "\($0.name)|standby|\($0.host.address)|streaming|t|/\(certificateName)"
    }
    try waitForRows(
      expected,
      """
      SELECT application_name, usename, host(client_addr), state, ssl, client_dn
      FROM pg_stat_replication JOIN pg_stat_ssl USING (pid) ORDER BY 1
      """,
      on: leader
    )
    try expectCertificates(for: "standby", on: leader)
  }

  /// The standbys stream from `leader`, and logged in by `method`.
  func expectReplication(from leader: Member, method: String, tls: Bool) throws {
    let standbys = members.filter { $0 !== leader }
    for member in members { try expectRulesAreValid(on: member) }
    let expected = standbys.map {
      "\($0.name)|standby|\($0.host.address)|streaming|\(tls ? "t" : "f")"
    }
    try waitForRows(
      expected,
      """
      SELECT application_name, usename, host(client_addr), state, ssl
      FROM pg_stat_replication JOIN pg_stat_ssl USING (pid) ORDER BY 1
      """,
      on: leader
    )
    let logins = try leader.logins().filter { $0.user == "standby" && !$0.isLocal }
    #expect(Set(logins.map { $0.method }) == [method])
    #expect(Set(logins.map { $0.usesTLS }) == [tls])
  }

  /// The connection settings with which a standby follows its leader.
  func replicationSettings(of standby: Member) throws -> String {
    try standby.query("SELECT conninfo FROM pg_stat_wal_receiver")
  }

  /// Neither patroni.yml nor the store nor a process holds `password`.
  func expectPasswordNowhere(_ password: String, _ store: Store) throws {
    #expect(try !store.contents().contains(password))
    for member in members {
      let file = try String(contentsOfFile: member.patroniFile, encoding: .utf8)
      #expect(!file.contains(password) && !file.contains(password.replacing("'", with: "''")))
      let environments = try member.processEnvironments()
      #expect(environments.count > 5)
      for environment in environments { #expect(!environment.contains(password)) }
    }
  }

  /// As superuser, for replication and for pg_rewind, each member to every other one.
  func expectEveryPairLogsIn() throws {
    for member in members {
      let others = members.filter { $0 !== member }.map { $0.host.names[0] }
      let result = try member.run(
        [
          Repository.virtualEnvironment + "/bin/python3",
          Repository.root + "/Tests/ClusterTests/Harness/logins.py", member.patroniFile,
        ] + others
      )
      #expect(result.exitCode == 0, "\(member.name): \(result.output)\(result.errors)")
    }
  }

  /// `role` has come from the network, and every time by certificate.
  func expectCertificates(for role: String, on member: Member) throws {
    let logins = try member.logins().filter { $0.user == role && !$0.isLocal }
    #expect(Set(logins.map { $0.method }) == ["cert"])
    #expect(Set(logins.map { $0.identity }) == [certificateName])
    #expect(Set(logins.map { $0.usesTLS }) == [true])
  }

  /// No role has a password, and none is in a file, in the store or in a process.
  func expectNoPasswordAnywhere(leader: Member, store: Store) throws {
    #expect(
      try leader.query(
        """
        SELECT rolname, rolpassword IS NULL FROM pg_authid
        WHERE rolname IN ('postgres', 'standby', 'rewind') ORDER BY 1
        """
      ) == "postgres|t\nrewind|t\nstandby|t"
    )
    #expect(try !store.contents().lowercased().contains("password"))
    for member in members {
      let file = try String(contentsOfFile: member.patroniFile, encoding: .utf8)
      #expect(!file.lowercased().contains("password"))
      let environments = try member.processEnvironments()
      #expect(environments.count > 5)
      for environment in environments { #expect(!environment.contains("PASSWORD")) }
    }
  }
}
