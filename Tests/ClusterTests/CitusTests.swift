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
