import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// What the image's cluster-check says about a sound cluster, and about each kind of fault.
  @Suite struct Checked {
    private static let environment = [
      "PGSSLMODE": "verify-full", "CONNECT_BY": "name", "RESTAPI_TLS": "on",
      "PATRONI_REWIND_USERNAME": "rewind",
    ]

    @Test func findsEachKindOfFault() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", environment: Self.environment)
        for member in cluster.members { member.moveToCommonPlace() }
        try cluster.bootstrap()
        let (leader, standby) = (cluster[0], cluster[1])
        try expectSoundness(of: cluster)

        try leader.query("ALTER ROLE rewind PASSWORD 'hush-hush'")
        try leader.query("ALTER SYSTEM SET ssl_ca_file = '/mnt/tls/ca.crt'")
        try cluster.configure(
          """
          {"postgresql": {"parameters": {"max_connections": 120},
            "pg_hba": ["host all reader all ldap ldapserver=x ldapbindpasswd=hush-hush"]}}
          """
        )
        for member in cluster.members {
          try eventually("a restart of \(member.name) is pending") {
            try member.query("SELECT count(*) FROM pg_settings WHERE pending_restart") != "0"
          }
        }
        try append("hostssl all all nonsense/99 md5", to: standby.dataDirectory + "/pg_hba.conf")
        try expectFaults(leader)

        try expectShortLife(of: standby, in: bed, seenFrom: leader)
        try expectAbsence(of: standby, in: cluster)
      }
    }

    private func expectSoundness(of cluster: Cluster) throws {
      for member in cluster.members {
        let check = try member.checkCluster()
        check.expectNoFault()
        let certificates = check.lines("ok").filter { $0.hasPrefix("certificate ") }
        #expect(certificates.count == 4)
        #expect(certificates.allSatisfy { $0.hasSuffix(" 89 days left") })
        #expect(check.lines("ok").contains("passwords roles postgres, rewind, standby have none"))
      }
    }

    private func expectFaults(_ leader: Member) throws {
      let check = try leader.checkCluster()
      #expect(
        check.lines("error") == [
          "passwords role rewind has a password in the cluster, and logs in by certificate",
          "passwords postgresql.pg_hba[0] in the dynamic configuration of the cluster",
          "restart alpha-0: is pending: max_connections",
          "settings alpha-0: ssl_ca_file is '/mnt/tls/ca.crt' instead of "
            + "'/mnt/home/.postgresql-tls/current/ca.crt'",
          "restart alpha-1: is pending: max_connections",
          "files alpha-1: pg_hba.conf, line 9: "
            + "specifying both host name and CIDR mask is invalid: \"nonsense/99\"",
          "settings alpha-1: pg_hba has 'hostssl all all nonsense/99 md5'",
        ],
        "\(check.result.output)\(check.result.errors)"
      )
      #expect(
        check.lines("warning") == ["settings pg_hba of the dynamic configuration has no effect"]
      )
      #expect(check.result.exitCode == 1)
      #expect(!(check.result.output + check.result.errors).contains("hush-hush"))
    }

    /// A certificate that ends within the week.
    private func expectShortLife(
      of standby: Member,
      in bed: TestBed,
      seenFrom leader: Member
    ) throws {
      let name = "*.alpha.default.svc.cluster.local"
      let files = try bed.authority.issue(
        cn: name,
        names: ["DNS:\(name)", "DNS:localhost", "IP:127.0.0.1", "IP:::1"],
        days: (from: -1, to: 5)
      )
      _ = try files.mount(at: standby.directory + "/tls", group: standby.user.group)
      try eventually("cluster-check sees what \(standby.name) shows") {
        let certificates = try leader.checkCluster().lines("error").filter {
          $0.hasPrefix("certificate alpha-1 port ")
        }
        return certificates.count == 2 && certificates.allSatisfy { $0.hasSuffix(" 4 days left") }
      }
    }

    /// A server that was stopped, which Patroni may not start again.
    private func expectAbsence(of standby: Member, in cluster: Cluster) throws {
      try cluster.configure(#"{"pause": true}"#)
      try eventually("\(standby.name) is in pause") {
        try cluster.restAPI(of: standby, "/patroni").output.contains("\"pause\": true")
      }
      let stop = ["pg_ctl", "stop", "-s", "-m", "immediate", "-D", "/mnt/volume/data"]
      let stopped = try standby.runBesidePatroni(stop)
      guard stopped.exitCode == 0 else { throw Failure(stopped) }
      try eventually("cluster-check sees that \(standby.name) is stopped") {
        let errors = try cluster[0].checkCluster().lines("error")
        return errors.contains { $0.hasPrefix("members alpha-1 is ") }
          && errors.contains { $0.hasPrefix("members alpha-1: could not be queried: ") }
          && errors.contains { $0.hasPrefix("certificate alpha-1 port 5432: ") }
      }
    }

    private func append(_ line: String, to file: String) throws {
      let handle = try #require(FileHandle(forWritingAtPath: file))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((line + "\n").utf8))
      try handle.close()
    }
  }
}

extension ClusterTests.CitusGroups {
  /// What cluster-check says about a coordinator and a worker.
  @Test func clusterCheckLooksAtWhatCitusKeeps() throws {
    try #require(Installation.hasCitus, "the Citus extension is not installed")
    try TestBed.run { bed in
      let files = try bed.nodeCertificate("citus")
      let groups = try (0...1).map { group in
        try bed.cluster(
          "citus",
          group: group,
          members: 1,
          files: files,
          environment: ["PGSSLMODE": "verify-ca", "CONNECT_BY": "name"]
        )
      }
      let (coordinator, worker) = (groups[0][0], groups[1][0])
      for member in [coordinator, worker] { member.moveToCommonPlace() }
      for group in groups { try group.startFirst() }
      func errors(_ member: Member = coordinator) throws -> [String] {
        try member.checkCluster().lines("error")
      }
      try eventually("cluster-check finds no fault") { try errors() == [] }
      let check = try worker.checkCluster()
      check.expectNoFault()
      #expect(check.lines("ok").contains("health database citus: all 2 nodes reach each other"))

      let place = "pg_dist_authinfo in database citus on citus-1-0"
      try worker.query(
        "UPDATE pg_dist_authinfo SET authinfo = 'password=hush-hush ' || authinfo",
        database: "citus"
      )
      #expect(try errors() == ["passwords \(place) holds a password"])
      try worker.query("CHECKPOINT")
      try worker.query(
        "UPDATE pg_dist_authinfo SET authinfo = replace(authinfo, 'password=hush-hush ', '')",
        database: "citus"
      )
      #expect(
        try errors() == ["passwords the file of \(place) holds a password that was deleted"]
      )
      try worker.query(
        """
        BEGIN;
        CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM pg_dist_authinfo;
        TRUNCATE pg_dist_authinfo;
        INSERT INTO pg_dist_authinfo SELECT * FROM kept;
        COMMIT
        """,
        database: "citus"
      )
      #expect(try errors() == [])

      try coordinator.query(
        "UPDATE pg_dist_node SET nodeport = 5433 WHERE groupid = 1",
        database: "citus"
      )
      #expect(
        try errors().contains(
          "health database citus: \(coordinator.host.names[0]) does not reach "
            + worker.host.names[0]
        )
      )
    }
  }
}
