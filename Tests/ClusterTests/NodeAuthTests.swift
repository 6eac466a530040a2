import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Every way in which nodes log in to each other, in an environment with passwords, as the shell
  /// script wanted it.
  @Suite struct NodeAuth {
    /// The superuser's password is not used, and goes nowhere.
    @Test func certWithPasswords() throws {
      try TestBed.run { bed in
        let strangers = try Strangers(bed, scope: "alpha")
        var files = try bed.nodeCertificate("alpha")
        files.revocationList = strangers.revocationList
        let cluster = try bed.cluster(
          "alpha",
          files: files,
          environment: Passwords.environment(["PGSSLMODE": "verify-ca"])
        )
        try cluster.bootstrap()
        try cluster.expectReplication(from: cluster[0], method: "md5", tls: true)
        try cluster.expectPasswordNowhere(Passwords.superuser, bed.store)
        #expect(
          try cluster[0].query(
            "SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'postgres'"
          )
            == "t"
        )
        try strangers.expectRefused(by: cluster[0])
        try bed.client.expectApplicationsLogIn(to: cluster[0], plain: false)
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
          environment: Passwords.environment(["PGSSLMODE": mode, "NODE_AUTH": method])
        )
        try cluster.bootstrap()
        let usesTLS = mode != "disable"
        try cluster.expectReplication(from: cluster[0], method: method, tls: usesTLS)
        let settings = try cluster.replicationSettings(of: cluster[1])
        #expect(settings.contains("sslmode=\(mode)"))
        #expect(settings.contains("sslrootcert") == (mode == "verify-ca"))

        let superuser = "host=\(cluster[0].host.address) user=postgres"
        let client = bed.client
        try client.expectAccepted(superuser, password: Passwords.superuser, tls: usesTLS)
        try client.expectRefused(
          superuser,
          password: "superuser's",
          because: "password authentication failed for user \"postgres\""
        )
        try client.expectRefused(superuser, because: "no password supplied")
        if !usesTLS {
          try client.expectRefused(
            superuser + " sslmode=require",
            password: Passwords.superuser,
            because: "server does not support SSL, but SSL was required"
          )
        }
        let isPlainTaken = mode == "prefer" || mode == "disable"
        try bed.client.expectApplicationsLogIn(to: cluster[0], plain: isPlainTaken)
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
        try bed.client.expectApplicationsLogIn(to: cluster[0], plain: true)
        try cluster.switchover(from: cluster[0], to: cluster[1])
      }
    }
  }
}
