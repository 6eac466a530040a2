import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// A coordinator and two worker groups, each with a standby, and an application that has nothing
  /// but its password.
  @Suite(
    .enabled(
      if: Installation.hasCitus || Installation.mustHaveCitus,
      "the Citus extension is not installed in \(Installation.programs)"
    )
  )
  struct CitusGroups {
    @Test func citus() throws {
      try #require(Installation.hasCitus, "the Citus extension is not installed")
      try TestBed.run { bed in
        let citus = try CitusCluster(bed)
        try citus.bootstrap()
        try citus.expectHealth()
        for group in citus.groups {
          try group.expectNodesUseCertificates(leader: group[0])
          try group.expectReplicationByCertificate(leader: group[0])
          try group.expectNoPasswordAnywhere(leader: group[0], store: bed.store)
        }
        try citus.expectNoPasswordInAuthinfo()

        try citus.createApplication()
        try citus.createTables()
        try citus.expectDistributedQueries()
        try citus.expectApplicationCameByCertificateFromNodes()
        try citus.moveShards(as: "postgres")
        try citus.expectDistributedQueries()
        try citus.useAnotherDatabase()

        try citus.failOver(citus.groups[1])
        try citus.expectDistributedQueries()
        try citus.lose(citus.groups[2])
        try citus.expectDistributedQueries()

        try citus.restart(citus.groups[0])
        try citus.expectHealth()
        try citus.expectDistributedQueries()
        try citus.moveShards(as: "application")
        try citus.expectDistributedQueries()
        try citus.expectNoPasswordInAuthinfo()
        try citus.forgetPasswordInAuthinfo()
        try citus.expectHealth()
        try citus.expectDistributedQueries()
      }
    }

    /// From certificates to passwords and back, while the application works on all nodes.
    @Test(.enabled(if: Ladder.isWhole, "it takes ten minutes; LADDER=whole runs it"))
    func changesHowNodesLogIn() throws {
      try #require(Installation.hasCitus, "the Citus extension is not installed")
      try TestBed.run { bed in
        let citus = try CitusCluster(bed)
        try citus.bootstrap()
        try citus.createApplication()
        try citus.createTables()
        let passwords = try citus.givePasswords()
        try citus.take(passwords.merging(["NODE_AUTH": "cert,scram-sha-256"]) { $1 })
        try citus.take(["NODE_AUTH": "scram-sha-256,cert"])
        try citus.moveShards(as: "postgres")
        try citus.take(["NODE_AUTH": "cert,scram-sha-256"])
        try citus.take(CitusCluster.withoutPasswords().merging(["NODE_AUTH": "cert"]) { $1 })
        try citus.forgetPasswords()
        try citus.expectHealth()
        try citus.expectDistributedQueries()
        try citus.expectNoPasswordInAuthinfo()
        for (group, leader) in zip(citus.groups, citus.leaders) {
          try group.expectNoPasswordAnywhere(leader: leader, store: bed.store)
        }
      }
    }

    /// All that users do to tables, as superuser and with nothing but a password: on a cluster that is
    /// new, after every member was stopped, and after every group got another leader.
    @Test func reshapesTablesAsUsersDo() throws {
      try #require(Installation.hasCitus, "the Citus extension is not installed")
      try TestBed.run { bed in
        let citus = try CitusCluster(bed)
        try citus.bootstrap()
        try citus.createApplication()
        try citus.allowReshaping()
        for user in CitusCluster.User.allCases { try citus.reshape(as: user) }

        for group in citus.groups { try citus.restart(group) }
        for user in CitusCluster.User.allCases { try citus.reshape(as: user) }

        for group in citus.groups { try citus.changeLeader(of: group) }
        for user in CitusCluster.User.allCases { try citus.reshape(as: user) }
        try citus.expectNoPasswordInAuthinfo()
      }
    }

    /// A renewed certificate, then a new authority, while the application works on all nodes.
    @Test func rotatesUnderDistributedQueries() throws {
      try #require(Installation.hasCitus, "the Citus extension is not installed")
      try TestBed.run { bed in
        let rotation = try RotatingCitus(bed)
        try rotation.rotate(under: rotation.startLoad(), seed: 7)
        try rotation.citus.expectDistributedQueries()
        try rotation.citus.expectNoPasswordInAuthinfo()
      }
    }
  }
}
