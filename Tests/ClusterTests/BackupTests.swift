import TestSupport
import Testing

extension ClusterTests {
  /// What docs/BACKUP.md says, with its own files.
  ///
  /// Debian 12's pgBackRest knows PostgreSQL up to 15.
  @Suite(.enabled(if: (Installation.major ?? 15) <= 15))
  struct Backup {
    @Test func backup() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster(
          "alpha",
          environment: ["PGSSLMODE": "verify-ca", "NODE_ADDRESSES": "/16"]
        )
        let backups = try Backups(bed)
        try backups.equip(cluster, with: "backup.yaml")
        try cluster.bootstrap()
        let leader = cluster[0]
        try backups.run("stanza-create", on: leader)
        try leader.query("CREATE TABLE kept AS SELECT 1 AS number")
        try backups.run("--type=full", "backup", on: leader)

        let mark = cluster[1].markLog()
        try cluster[1].patronictl(["reinit", "alpha", "alpha-1", "--force"])
        try eventually("the standby is made from the backup") {
          try cluster[1].hasLogged("replica has been created using pgbackrest", since: mark)
        }
        try cluster.waitUntilHealthy(leader: leader)
        try cluster.expectReplicationByCertificate(leader: leader)

        try leader.query("INSERT INTO kept VALUES (2)")
        try leader.query("SELECT pg_create_restore_point('before-release')")
        try leader.query("DROP TABLE kept")
        try backups.run("check", on: leader)

        try backups.loseEverything([cluster])
        try backups.equip(cluster, with: "restore.yaml")
        try cluster.bootstrap()
        for member in cluster.members {
          #expect(try member.query("SELECT number FROM kept ORDER BY 1") == "1\n2")
        }
        try cluster.waitUntil("all are on a new timeline") { state in
          state.members.allSatisfy { ($0.timeline ?? 0) > 1 }
        }
        try cluster.expectReplicationByCertificate(leader: leader)
        try backups.run("check", on: leader)
        try backups.run("--type=incr", "backup", on: leader)
      }
    }
  }
}

extension ClusterTests.CitusGroups {
  /// One moment in all groups.
  @Test(.enabled(if: (Installation.major ?? 15) <= 15))
  func backupOfAllGroups() throws {
    try #require(Installation.hasCitus, "the Citus extension is not installed")
    try TestBed.run { bed in
      let citus = try CitusCluster(bed)
      let backups = try Backups(bed)
      for group in citus.groups { try backups.equip(group, with: "backup.yaml") }
      try citus.bootstrap()
      try citus.createApplication()
      try citus.createTables()
      try citus.expectDistributedQueries()
      for leader in citus.leaders {
        try backups.run("stanza-create", on: leader)
        try backups.run("--type=full", "backup", on: leader)
      }
      let before = try citus.query("SELECT count(*), sum(amount) FROM orders")
      try citus.query("SELECT citus_create_restore_point('before-release')")
      try citus.query("DELETE FROM orders")
      for leader in citus.leaders { try backups.run("check", on: leader) }

      try backups.loseEverything(citus.groups)
      for group in citus.groups { try backups.equip(group, with: "restore.yaml") }
      for group in citus.groups { try group.startFirst() }
      for group in citus.groups { try group.startOthers() }
      try citus.waitUntilNodesAreKnown()
      #expect(try citus.query("SELECT count(*), sum(amount) FROM orders") == before)
      try citus.expectHealth()
      try citus.expectDistributedQueries()
    }
  }
}
