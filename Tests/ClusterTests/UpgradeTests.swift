import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// A cluster that the shell script made goes over to the program, member by member, while an
  /// application writes.
  @Suite struct Upgrade {
    private static let superuserPassword = "Old-and-well-known"
    private static let replicationPassword = "Known-to-everybody"

    private static let passwords = [
      "PATRONI_SUPERUSER_PASSWORD", "PATRONI_REPLICATION_PASSWORD",
    ]
    private static let shellScript = [
      Repository.root + "/Tests/ClusterTests/Upgrade/entrypoint.sh"
    ]

    private static let environment = [
      "PGSSLMODE": "verify-ca",
      "PATRONI_SUPERUSER_USERNAME": "postgres", "PATRONI_SUPERUSER_PASSWORD": superuserPassword,
      "PATRONI_REPLICATION_USERNAME": "standby",
      "PATRONI_REPLICATION_PASSWORD": replicationPassword,
    ]

    /// In the steps of docs/UPGRADE.md, and with LADDER=whole back to the shell script again.
    @Test func upgradeInPlace() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", members: 3, environment: Self.environment)
        try bootstrapTheOldWay(cluster)
        let writer = try startWriting(to: cluster, bed)
        try writer.waitForMore()

        var leader = try replace(cluster, writer) { member in
          member.program = Member.releaseProgram(member.directory)
          member.environment["NODE_AUTH"] = "md5,cert"
        }
        try cluster.expectReplication(from: leader, method: "md5", tls: true)
        try expectApplicationLogsInWithItsMD5Password(to: leader, bed)
        leader = try replace(cluster, writer) { $0.environment["NODE_AUTH"] = "cert,md5" }
        try cluster.expectReplicationByCertificate(leader: leader)
        try expectSuperuserComesByCertificate(from: standby(of: cluster, leader), to: leader)
        leader = try replace(cluster, writer) { member in
          member.environment["NODE_AUTH"] = "cert"
          for name in Self.passwords { member.environment[name] = nil }
        }

        #expect(try bed.store.contents().contains(Self.superuserPassword))
        try forgetPasswords(cluster, leader: leader)
        for password in [Self.superuserPassword, Self.replicationPassword] {
          try expectNoTrace(of: password, cluster, leader: leader, bed)
        }
        try bed.client.expectRefused(
          "host=\(leader.host.address) user=postgres sslmode=require",
          password: Self.superuserPassword,
          because: "connection requires a valid client certificate"
        )
        try cluster.waitUntilHealthy(leader: leader)
        try cluster.expectReplicationByCertificate(leader: leader)
        if Ladder.isWhole { leader = try goBack(cluster, writer, leader: leader) }
        try writer.stop()
        try expectNothingAcknowledgedIsLost(writer, leader)
      }
    }

    /// Restarts all members with a change, the leader last, and returns who leads then.
    private func replace(
      _ cluster: Cluster,
      _ writer: Writer,
      with change: (Member) -> Void
    ) throws -> Member {
      let old = try cluster.waitUntilSomeoneLeads()
      var leader = old
      for member in cluster.members.filter({ $0 !== old }) + [old] {
        #expect(try member.stop() == 0)
        change(member)
        try member.start()
        leader = try cluster.waitUntilSomeoneLeads()
        try writer.waitForMore()
      }
      #expect(leader !== old)
      return leader
    }

    private func standby(of cluster: Cluster, _ leader: Member) throws -> Member {
      try #require(cluster.members.first { $0 !== leader })
    }

    /// The way back of docs/CHANGES.md, after all was removed.
    private func goBack(_ cluster: Cluster, _ writer: Writer, leader: Member) throws -> Member {
      try leader.query("ALTER ROLE postgres PASSWORD '\(Self.superuserPassword)'")
      try leader.query("ALTER ROLE standby PASSWORD '\(Self.replicationPassword)'")
      var leader = try replace(cluster, writer) { member in
        member.environment["NODE_AUTH"] = "cert,md5"
        for name in Self.passwords { member.environment[name] = Self.environment[name] }
      }
      leader = try replace(cluster, writer) { $0.environment["NODE_AUTH"] = "md5,cert" }
      let files = leader.environment
      let settings = ["PGSSLROOTCERT": "ca", "PGSSLCERT": "cert", "PGSSLKEY": "key"].map {
        "--pg=ssl_\($1)_file=\(files[$0] ?? "")"
      }
      try leader.patronictl(
        [
          "edit-config", "--force", "--pg=ssl=on",
          "--set=postgresql.pg_hba=[local all all trust, local replication standby trust, "
            + "hostssl replication standby all md5, hostssl all all all md5]",
        ] + settings
      )
      return try replace(cluster, writer) { member in
        member.program = Self.shellScript
        member.environment["NODE_AUTH"] = nil
      }
    }

    private func bootstrapTheOldWay(_ cluster: Cluster) throws {
      for member in cluster.members {
        member.program = Self.shellScript
      }
      try cluster.bootstrap()
      try cluster[0].query("CREATE ROLE application LOGIN PASSWORD 'open sesame'")
      try cluster[0].query("CREATE TABLE numbers (number int)")
      try cluster[0].query("GRANT SELECT, INSERT ON numbers TO application")
      #expect(
        try cluster[0].query(
          "SELECT left(rolpassword, 3) FROM pg_authid WHERE rolname = 'application'"
        )
          == "md5"
      )
    }

    private func startWriting(to cluster: Cluster, _ bed: TestBed) throws -> Writer {
      let hosts = cluster.members.map { $0.host.address }.joined(separator: ",")
      let files = try bed.client.mount(bed.nodeCertificate("alpha"), as: "authority")
      return try Writer(
        on: bed.client.host,
        "host=\(hosts) user=application password='open sesame' dbname=postgres connect_timeout=2 "
          + "target_session_attrs=read-write sslmode=verify-ca sslrootcert=\(files.authority)",
        log: bed.network.directory + "/writer"
      )
    }

    private func expectNothingAcknowledgedIsLost(_ writer: Writer, _ leader: Member) throws {
      let acknowledged = try writer.acknowledged()
      let stored = Set(
        try leader.query("SELECT number FROM numbers").split(separator: "\n").compactMap { Int($0) }
      )
      #expect(acknowledged.count > 20)
      #expect(acknowledged.subtracting(stored).sorted() == [])
      // The leader was replaced meanwhile.
      #expect(try !writer.complaints().isEmpty)
    }

    private func expectApplicationLogsInWithItsMD5Password(
      to leader: Member,
      _ bed: TestBed
    ) throws {
      let settings = "host=\(leader.host.address) user=application sslmode=require"
      try bed.client.expectAccepted(settings, password: "open sesame", tls: true)
      try bed.client.expectRefused(
        settings,
        password: "sesame",
        because: "password authentication failed"
      )
      #expect(
        try leader.query("SELECT left(rolpassword, 3) FROM pg_authid WHERE rolname = 'application'")
          == "md5"
      )
      let login = try #require(try leader.logins().last { $0.user == "application" })
      #expect(login.method == "md5" && login.identity == "application")
    }

    private func expectSuperuserComesByCertificate(from node: Member, to leader: Member) throws {
      let result = try node.run([
        "psql", "-XAtq", "-d", "host=\(leader.host.address) user=postgres dbname=postgres", "-c",
        "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      ])
      #expect(result.output == "/CN=*.alpha.default.svc.cluster.local\n")
    }

    /// What an operator does afterwards: once in the cluster, then in every pod.
    ///
    /// When a server starts, Patroni keeps a copy of its configuration.
    private func forgetPasswords(_ cluster: Cluster, leader: Member) throws {
      try leader.patronictl([
        "edit-config", "--force", "--set=postgresql.pg_hba=null", "--pg=ssl=null",
        "--pg=ssl_ca_file=null", "--pg=ssl_cert_file=null", "--pg=ssl_key_file=null",
        "--pg=citus.node_conninfo=null",
      ])
      for role in ["postgres", "standby"] { try leader.query("ALTER ROLE \(role) PASSWORD NULL") }
      for member in cluster.members {
        _ = try member.run([
          "rm", "-f", member.dataDirectory + "/postgresql.conf.backup",
          member.directory + "/home/pgpass",
        ])
      }
    }

    private func expectNoTrace(
      of password: String,
      _ cluster: Cluster,
      leader: Member,
      _ bed: TestBed
    ) throws {
      for member in cluster.members {
        try eventually("no file of \(member.name) holds the old password") {
          let search = try Command.run([
            "grep", "-rlF", "-e", password, member.directory + "/home",
            member.directory + "/volume", member.directory + "/run",
          ])
          guard search.exitCode == 1 else { throw Failure(search) }
          return true
        }
      }
      try cluster.expectPasswordNowhere(password, bed.store)
      #expect(
        try leader.query("SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'postgres'")
          == "t"
      )
    }
  }
}
