import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Two clusters of two under one authority, and not a password anywhere.
  @Suite struct Passwordless {
    private static let environment = [
      "PGSSLMODE": "verify-ca", "PATRONI_REWIND_USERNAME": "rewind",
    ]

    @Test func livesOnCertificatesAlone() throws {
      try TestBed.run { bed in
        let alpha = try bed.cluster("alpha", environment: Self.environment)
        let beta = try bed.cluster("beta", environment: Self.environment)
        for cluster in [alpha, beta] { try cluster.bootstrap() }
        for cluster in [alpha, beta] {
          try cluster.expectNodesUseCertificates(leader: cluster[0])
          try cluster.expectReplicationByCertificate(leader: cluster[0])
          try cluster.expectNoPasswordAnywhere(leader: cluster[0], store: bed.store)
        }

        try alpha.switchover(from: alpha[0], to: alpha[1])
        try alpha.expectReplicationByCertificate(leader: alpha[1])

        try beta.switchover(from: beta[0], to: beta[1])
        try beta.switchover(from: beta[1], to: beta[0])
      }
    }

    @Test func rewindsALeaderThatWasKilled() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", environment: Self.environment)
        try cluster.bootstrap()
        try cluster.loseAndRewind(leader: cluster[0])
        try cluster.expectCertificates(for: "rewind", on: cluster[1])
        try cluster.expectReplicationByCertificate(leader: cluster[1])
        try cluster.expectNoPasswordAnywhere(leader: cluster[1], store: bed.store)
      }
    }
  }
}
