import TestSupport
import Testing

extension ClusterTests {
  /// Members reach each other by the names in their certificate, with verify-full.
  ///
  /// They are let in by the names that their addresses have, and the REST API speaks TLS.
  @Suite struct ByName {
    @Test func livesOnNames() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster(
          "alpha",
          environment: [
            "PGSSLMODE": "verify-full", "RESTAPI_TLS": "on", "PATRONI_REWIND_USERNAME": "rewind",
            "NODE_ADDRESSES": ".alpha.default.svc.cluster.local",
          ]
        )
        try cluster.bootstrap()
        try cluster.expectNodesUseCertificates(leader: cluster[0])
        try cluster.expectReplicationByCertificate(leader: cluster[0])
        try cluster.expectNoPasswordAnywhere(leader: cluster[0], store: bed.store)
        try expectSuperuserIsLetInFromNodesOnly(cluster, bed)
        try expectRESTAPIWantsACertificateForChanges(cluster, bed)

        try cluster.switchover(from: cluster[0], to: cluster[1])
        try cluster.expectReplicationByCertificate(leader: cluster[1])

        try cluster.loseAndRewind(leader: cluster[1])
        try cluster.expectCertificates(for: "rewind", on: cluster[0])
        try cluster.expectReplicationByCertificate(leader: cluster[0])
      }
    }

    /// The record with the names' suffix decides by looking the address up, and back.
    private func expectSuperuserIsLetInFromNodesOnly(_ cluster: Cluster, _ bed: TestBed) throws {
      let files = try bed.client.mount(bed.nodeCertificate("alpha"), as: "node")
      let settings =
        "host=\(cluster[0].host.names[0]) user=postgres dbname=postgres sslmode=verify-full"
      let fromNode = try cluster[1].run([
        "psql", "-XAtq", "-d", settings, "-c",
        "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      ])
      #expect(fromNode.output == "/CN=*.alpha.default.svc.cluster.local\n")
      let fromElsewhere = try bed.client.query(settings + " " + files.connectionSettings)
      #expect(fromElsewhere.exitCode != 0)
      #expect(fromElsewhere.errors.contains("no password supplied"))
    }

    private func expectRESTAPIWantsACertificateForChanges(
      _ cluster: Cluster,
      _ bed: TestBed
    ) throws {
      let files = try bed.client.mount(bed.nodeCertificate("alpha"), as: "operator")
      let stranger = try bed.client.mount(
        CertificateAuthority("another", in: bed.network.directory + "/another").issue(cn: "node"),
        as: "stranger"
      )
      let url = "https://\(cluster[1].host.names[0]):8008"
      func status(_ words: String...) throws -> String {
        let command = [
          "curl", "--silent", "--show-error", "--max-time", "10", "--output", "/dev/null",
          "--write-out", "%{http_code}", "--cacert", files.authority,
        ]
        let result = try Command.run(bed.client.host.words(command + words))
        return result.output + result.errors
      }
      #expect(try status(url + "/replica") == "200")
      #expect(try status(url + "/cluster") == "200")
      #expect(try status("-X", "POST", url + "/reload") == "403")
      #expect(try status("-X", "PATCH", "--data", "{}", url + "/config") == "403")
      let refusal = try status(
        "-X",
        "POST",
        url + "/reload",
        "--cert",
        stranger.certificate,
        "--key",
        stranger.key
      )
      // No answer at all: the connection ends during the handshake.
      #expect(refusal.hasPrefix("000"))
      #expect(
        try status("-X", "POST", url + "/reload", "--cert", files.certificate, "--key", files.key)
          == "202"
      )
      let list = try cluster[1].patronictl(["list", "alpha"])
      for member in cluster.members { #expect(list.contains(member.host.names[0])) }
      #expect(list.contains("streaming"))
    }
  }
}
