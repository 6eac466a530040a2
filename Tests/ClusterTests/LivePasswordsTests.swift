import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Every password rotates while applications work: first the role's, then the members'.
  @Suite struct LivePasswords {
    private static let superuser = "PATRONI_SUPERUSER_PASSWORD"
    private static let replication = "PATRONI_REPLICATION_PASSWORD"
    private static let rewind = "PATRONI_REWIND_PASSWORD"

    @Test func passwordsRotateUnderLoad() throws {
      try TestBed.run { bed in
        let directory = bed.network.directory
        let variables = Passwords.environment([:])
        let passwords = variables.filter { $0.key.hasSuffix("_PASSWORD") }
        let settings = try SettingsVolume(
          at: directory + "/settings",
          passwords.merging(["NODE_AUTH": "scram-sha-256", "PGSSLMODE": "require"]) { $1 }
        )
        let passfile = try SettingsVolume(
          at: directory + "/passfile",
          ["passfile": Self.passfile("first of the reader's")]
        )
        let cluster = try bed.cluster(
          "alpha",
          members: 3,
          environment: variables.filter { $0.key.hasSuffix("_USERNAME") }.merging([
            "SETTINGS_DIRECTORY": settings.path, "NODE_PASSFILE": passfile.path + "/passfile",
          ]) { $1 }
        )
        try cluster.bootstrap()
        try cluster.hurryStandbys()
        let live = LiveCluster(cluster, settings)
        let loads = try Load.onNewAndLastingConnections(
          bed.client,
          to: cluster[0],
          "sslmode=require",
          log: directory
        )

        try rotateRoles(live, bed.client)
        try rotateRESTAPI(live)
        try rotatePassfile(passfile, cluster)

        for load in loads { try load.expectNoFailure() }
        live.expectPromptness()
        try cluster.loseAndRewind(leader: cluster[0])
        let next = live.settings.values.filter { $0.key.hasSuffix("_PASSWORD") }
        let lines = try cluster.members.flatMap { try $0.logLines() }
        for password in Array(passwords.values) + next.values {
          #expect(!lines.contains { $0.contains(password) })
        }
      }
    }

    private func rotateRoles(_ live: LiveCluster, _ client: Client) throws {
      let (cluster, leader) = (live.cluster, live.cluster[0])
      try live.refuse([Self.superuser: "cut\noff"], saying: "contains a line break")
      for (role, variable) in [
        ("postgres", Self.superuser), ("rewind", Self.rewind), ("standby", Self.replication),
      ] {
        let mark = leader.markLog()
        let streaming = try leader.query("SELECT array_agg(pid) FROM pg_stat_replication")
        let next = "next: \(role)'s # own"
        let literal = next.replacing("'", with: "''")
        try leader.query("ALTER ROLE \(role) PASSWORD '\(literal)'")
        #expect(try leader.query("SELECT array_agg(pid) FROM pg_stat_replication") == streaming)
        guard role == "standby" else {
          try live.change("the password of \(role)", [variable: next])
          continue
        }
        // Whoever connects in between is refused, and is let in later.
        _ = try cluster.dropReplication()
        try eventually("standbys are refused") {
          try leader.hasLogged("password authentication failed for user \"standby\"", since: mark)
        }
        try live.change("the password of \(role)", [variable: next]) { _ in
          try leader.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
            == "2"
        }
      }
      try cluster.expectEveryPairLogsIn()
      try client.expectRefused(
        "host=\(leader.host.address) user=postgres sslmode=require",
        password: Passwords.superuser,
        because: "password authentication failed"
      )
    }

    private func rotateRESTAPI(_ live: LiveCluster) throws {
      func status(_ password: String, of member: Member) throws -> String {
        try member.run([
          "curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--user",
          "api:\(password)", "-X", "POST", "http://\(member.restAddress):8008/reload",
        ]).output
      }
      for member in live.cluster.members { #expect(try status("first", of: member) == "202") }
      var last = "none"
      for next in ["first of the API's", "second of the API's"] {
        let changes = ["PATRONI_RESTAPI_USERNAME": "api", "PATRONI_RESTAPI_PASSWORD": next]
        try live.change("the REST API's password", changes) {
          try status(last, of: $0) == "401" && status(next, of: $0) == "202"
        }
        last = next
      }
    }

    /// Servers read it for each connection of theirs, as does everybody in the pod.
    private func rotatePassfile(_ passfile: SettingsVolume, _ cluster: Cluster) throws {
      let leader = cluster[0]
      try leader.query("CREATE ROLE reader LOGIN PASSWORD 'first of the reader''s'")
      func isLetIn(_ member: Member) throws -> Bool {
        try member.run([
          "psql", "-XAtq", "-w", "-c", "SELECT 1", "-d",
          "host=\(leader.host.address) user=reader dbname=postgres",
        ]).exitCode == 0
      }
      for member in cluster.members { try eventually("the first") { try isLetIn(member) } }
      try leader.query("ALTER ROLE reader PASSWORD 'second of the reader''s'")
      for member in cluster.members { #expect(try !isLetIn(member)) }
      try passfile.change(["passfile": Self.passfile("second of the reader's")])
      for member in cluster.members { try eventually("the second") { try isLetIn(member) } }
    }

    private static func passfile(_ password: String) -> String { "*:*:*:reader:\(password)\n" }
  }
}
