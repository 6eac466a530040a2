import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Certificates change while applications work, and nobody notices.
  @Suite struct Rotation {
    private static let environment = ["PGSSLMODE": "verify-full", "RESTAPI_TLS": "on"]

    /// A renewed certificate, then a new authority, under load.
    @Test func rotatesUnderLoad() throws {
      try TestBed.run { bed in
        let rotation = try RotatingCluster(bed, members: 3, environment: Self.environment)
        try rotation.rotate(under: rotation.startLoad(), seed: 5)
        let cluster = rotation.cluster
        try cluster.switchover(from: cluster[0], to: cluster[1])
        try cluster.expectReplicationByCertificate(leader: cluster[1])
      }
    }

    /// Patroni reads its configuration once in a cycle, which may be long; the server does not wait.
    @Test func theServerShowsARenewedCertificateAtOnce() throws {
      try TestBed.run { bed in
        let rotation = try RotatingCluster(bed, members: 2, environment: ["PGSSLMODE": "verify-ca"])
        try rotation.cluster.configure(#"{"loop_wait": 30, "ttl": 90}"#)
        try eventually("Patroni's cycles are long", within: 30) {
          try rotation.leader.patronictl(["show-config"]).contains("loop_wait: 30")
        }
        let processes = try rotation.processes()
        try rotation.publishRenewed(shownBy: [.server])
        try rotation.publishRenewed(shownBy: [.server])
        #expect(try rotation.processes() == processes)
      }
    }

    /// Secrets with faults, then a good one, then one after the other while a member restarts.
    @Test func takesWhateverComes() throws {
      try TestBed.run { bed in
        let rotation = try RotatingCluster(
          bed,
          members: 2,
          environment: ["PGSSLMODE": "verify-ca", "RESTAPI_TLS": "on"]
        )
        let (leader, standby) = (rotation.leader, rotation.cluster[1])
        let load = try rotation.startLoad()
        let processes = try rotation.processes()
        try rotation.expectFaultsAreRefused(by: leader)
        try rotation.publishRenewed()
        #expect(try rotation.processes() == processes)

        var random = SeededRandom(seed: 6)
        let other = try rotation.secret.copy(to: bed.network.directory + "/other")
        try other.generate()
        try rotation.rotateOften(leader, other, pairs: 10, &random)
        try rotation.restart(standby, other, &random)
        try rotation.expectNothingIsLeftBehind()
        for pgbench in load { try pgbench.expectNoFailure() }
        try rotation.expectWatcherEndsWithPatroni(of: standby)
      }
    }
  }
}
