import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Every way in which nodes log in to each other, in an environment with passwords, as the shell
  /// script wanted it.
  @Suite struct NodeAuth {
    private static let passwords = [
      "PATRONI_SUPERUSER_USERNAME": "postgres",
      "PATRONI_SUPERUSER_PASSWORD": "superuser's own", "PATRONI_REPLICATION_USERNAME": "standby",
      "PATRONI_REPLICATION_PASSWORD": "standby: own", "PATRONI_REWIND_USERNAME": "rewind",
      "PATRONI_REWIND_PASSWORD": "rewind # own",
    ]

    private func environment(_ others: [String: String]) -> [String: String] {
      Self.passwords.merging(others) { $1 }
    }

    /// The superuser's password is not used, and goes nowhere.
    @Test func certWithPasswords() throws {
      try TestBed.run { bed in
        let strangers = try Strangers(bed, scope: "alpha")
        var files = try bed.nodeCertificate("alpha")
        files.revocationList = strangers.revocationList
        let cluster = try bed.cluster(
          "alpha",
          files: files,
          environment: environment(["PGSSLMODE": "verify-ca"])
        )
        try cluster.bootstrap()
        try cluster.expectReplication(from: cluster[0], method: "md5", tls: true)
        try cluster.expectPasswordNowhere("superuser's own", bed.store)
        #expect(
          try cluster[0].query(
            "SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'postgres'"
          )
            == "t"
        )
        try strangers.expectRefused(by: cluster[0])
        try expectApplicationsLogIn(to: cluster[0], bed, plain: false)
        try cluster.switchover(from: cluster[0], to: cluster[1])
        try cluster.expectReplication(from: cluster[1], method: "md5", tls: true)
      }
    }

    /// Nodes log in by certificate and do not ask who the server is.
    @Test func certWithRequire() throws {
      try TestBed.run { bed in
        let strangers = try Strangers(bed, scope: "alpha")
        var files = try bed.nodeCertificate("alpha")
        files.revocationList = strangers.revocationList
        let cluster = try bed.cluster(
          "alpha",
          files: files,
          environment: ["PGSSLMODE": "require", "NODE_AUTH": "cert"]
        )
        try cluster.bootstrap()
        try cluster.expectReplication(from: cluster[0], method: "cert", tls: true)
        #expect(try !cluster.replicationSettings(of: cluster[1]).contains("sslrootcert"))
        try strangers.expectRefused(by: cluster[0])
        try cluster.switchover(from: cluster[0], to: cluster[1])
      }
    }

    @Test(
      arguments: [
        ("verify-ca", "scram-sha-256"), ("require", "md5"), ("prefer", "scram-sha-256"),
        ("disable", "md5"),
      ]
    )
    func password(_ mode: String, _ method: String) throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster(
          "alpha",
          environment: environment(["PGSSLMODE": mode, "NODE_AUTH": method])
        )
        try cluster.bootstrap()
        let usesTLS = mode != "disable"
        try cluster.expectReplication(from: cluster[0], method: method, tls: usesTLS)
        let settings = try cluster.replicationSettings(of: cluster[1])
        #expect(settings.contains("sslmode=\(mode)"))
        #expect(settings.contains("sslrootcert") == (mode == "verify-ca"))

        let superuser = "host=\(cluster[0].host.address) user=postgres"
        let client = bed.client
        try client.expectAccepted(superuser, password: "superuser's own", tls: usesTLS)
        try client.expectRefused(
          superuser,
          password: "superuser's",
          because: "password authentication failed for user \"postgres\""
        )
        try client.expectRefused(superuser, because: "no password supplied")
        if !usesTLS {
          try client.expectRefused(
            superuser + " sslmode=require",
            password: "superuser's own",
            because: "server does not support SSL, but SSL was required"
          )
        }
        let isPlainTaken = mode == "prefer" || mode == "disable"
        try expectApplicationsLogIn(to: cluster[0], bed, plain: isPlainTaken)
        try cluster.switchover(from: cluster[0], to: cluster[1])
        try cluster.expectReplication(from: cluster[1], method: method, tls: usesTLS)
      }
    }

    /// Addresses decide: whoever is on a node's host is a node.
    @Test func trustFromNodesOnly() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster(
          "alpha",
          environment: [
            "PGSSLMODE": "disable", "NODE_AUTH": "trust",
            "NODE_ADDRESSES": ".alpha.default.svc.cluster.local",
          ]
        )
        try cluster.bootstrap()
        try cluster.expectReplication(from: cluster[0], method: "trust", tls: false)
        let fromNode = try cluster[1].run([
          "psql", "-XAtq", "-d", "host=\(cluster[0].host.address) user=postgres dbname=postgres",
          "-c", "SELECT current_user",
        ])
        #expect(fromNode.output == "postgres\n")
        try bed.client.expectRefused(
          "host=\(cluster[0].host.address) user=postgres",
          because: "no password supplied"
        )
        try expectApplicationsLogIn(to: cluster[0], bed, plain: true)
        try cluster.switchover(from: cluster[0], to: cluster[1])
      }
    }

    /// Applications have a password and no certificate.
    private func expectApplicationsLogIn(to member: Member, _ bed: TestBed, plain: Bool) throws {
      try member.query("CREATE ROLE application LOGIN PASSWORD 'open sesame'")
      let settings = "host=\(member.host.address) user=application"
      if member.environment["PGSSLMODE"] != "disable" {
        try bed.client.expectAccepted(
          settings + " sslmode=require",
          password: "open sesame",
          tls: true
        )
      }
      if plain {
        try bed.client.expectAccepted(
          settings + " sslmode=disable",
          password: "open sesame",
          tls: false
        )
      } else {
        try bed.client.expectRefused(
          settings + " sslmode=disable",
          password: "open sesame",
          because: "user \"application\", database \"postgres\", no encryption"
        )
      }
      try bed.client.expectRefused(
        settings,
        password: "sesame",
        because: "password authentication failed"
      )
      let login = try #require(try member.logins().first { $0.user == "application" })
      #expect(login.method == "md5")
      #expect(login.identity == "application")
    }
  }
}
