import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// A cluster that the shell script made goes over to the program, member by member, while an
  /// application writes.
  @Suite struct Upgrade {
    private static let superuserPassword = "Old-and-well-known"
    private static let replicationPassword = "Known-to-everybody"

    private static let environment = [
      "PGSSLMODE": "verify-ca",
      "PATRONI_SUPERUSER_USERNAME": "postgres", "PATRONI_SUPERUSER_PASSWORD": superuserPassword,
      "PATRONI_REPLICATION_USERNAME": "standby",
      "PATRONI_REPLICATION_PASSWORD": replicationPassword,
    ]

    @Test func upgradeInPlace() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", members: 3, environment: Self.environment)
        try bootstrapTheOldWay(cluster)
        let writer = try startWriting(to: cluster, bed)
        try writer.waitForMore()

        // In the order in which a StatefulSet replaces its pods: the leader comes last.
        var leader = cluster[0]
        for member in cluster.members.reversed() {
          #expect(try member.stop() == 0)
          member.program = Member.releaseProgram(member.directory)
          try member.start()
          leader = try cluster.waitUntilSomeoneLeads()
          try writer.waitForMore()
        }
        #expect(leader !== cluster[0])
        try writer.stop()
        try expectNothingAcknowledgedIsLost(writer, leader)

        try cluster.expectReplication(from: leader, method: "md5", tls: true)
        try expectApplicationLogsInWithItsMD5Password(to: leader, bed)
        try expectSuperuserComesByCertificate(from: cluster[0], to: leader)

        #expect(try bed.store.contents().contains(Self.superuserPassword))
        try forgetSuperuserPassword(cluster, leader: leader)
        try expectNoTrace(of: Self.superuserPassword, cluster, leader: leader, bed)
        try bed.client.expectRefused(
          "host=\(leader.host.address) user=postgres sslmode=require",
          password: Self.superuserPassword,
          because: "connection requires a valid client certificate"
        )
        try cluster.waitUntilHealthy(leader: leader)

        leader = try forgetReplicationPassword(cluster)
        try expectNoTrace(of: Self.replicationPassword, cluster, leader: leader, bed)
        try cluster.expectReplicationByCertificate(leader: leader)
      }
    }

    private func bootstrapTheOldWay(_ cluster: Cluster) throws {
      for member in cluster.members {
        member.program = [Repository.root + "/Tests/ClusterTests/Upgrade/entrypoint.sh"]
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
      #expect(acknowledged.count > 200)
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
    private func forgetSuperuserPassword(_ cluster: Cluster, leader: Member) throws {
      try leader.patronictl([
        "edit-config", "--force", "--set=postgresql.pg_hba=null", "--pg=ssl=null",
        "--pg=ssl_ca_file=null", "--pg=ssl_cert_file=null", "--pg=ssl_key_file=null",
        "--pg=citus.node_conninfo=null",
      ])
      try leader.query("ALTER ROLE postgres PASSWORD NULL")
      for member in cluster.members {
        _ = try member.run(["rm", "-f", member.dataDirectory + "/postgresql.conf.backup"])
      }
    }

    /// Pods without passwords, then roles without passwords, then no passfile of Patroni's.
    ///
    /// All pods at once: one without a password cannot follow a leader that asks for it.
    private func forgetReplicationPassword(_ cluster: Cluster) throws -> Member {
      for member in cluster.members.reversed() { try member.stop() }
      for member in cluster.members {
        member.environment["PATRONI_SUPERUSER_PASSWORD"] = nil
        member.environment["PATRONI_REPLICATION_PASSWORD"] = nil
        try member.start()
      }
      let leader = try cluster.waitUntilSomeoneLeads()
      try leader.query("ALTER ROLE standby PASSWORD NULL")
      for member in cluster.members {
        _ = try member.run(["rm", "-f", member.directory + "/home/pgpass"])
      }
      return leader
    }

    private func expectNoTrace(
      of password: String,
      _ cluster: Cluster,
      leader: Member,
      _ bed: TestBed
    ) throws {
      for member in cluster.members {
        try eventually("no file of \(member.name) holds the old password", within: 30) {
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
