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

    /// Patroni reads its configuration once in a cycle, which may be long; the server does not wait for it with
    /// certificates, and a cycle can be begun.
    @Test func theServerShowsARenewedCertificateAtOnce() throws {
      try TestBed.run { bed in
        let settings = try SettingsVolume(
          at: bed.network.directory + "/settings",
          ["PGSSLMODE": "verify-ca"]
        )
        let rotation = try RotatingCluster(
          bed,
          members: 2,
          environment: ["SETTINGS_DIRECTORY": settings.path]
        )
        try rotation.cluster.configure(#"{"loop_wait": 30, "ttl": 90}"#)
        try eventually("Patroni's cycles are long") {
          try rotation.leader.patronictl(["show-config"]).contains("loop_wait: 30")
        }
        let processes = try rotation.processes()
        try rotation.publishRenewed(shownBy: [.server])
        try rotation.publishRenewed(shownBy: [.server])

        let live = LiveCluster(rotation.cluster, settings)
        for memory in ["5MB", "6MB", "7MB"] {
          let own = "postgresql: {parameters: {work_mem: \(memory)}}\n"
          let taken = try live.change(
            "work_mem",
            ["PATRONI_CONFIGURATION": own],
            until: { try $0.query("SHOW work_mem") == memory },
            onceTold: { try $0.beginCycle(30) }
          )
          #expect(taken < 15)
        }
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

extension Member {
  /// Patroni begins its next cycle when it is asked to change the shared configuration, even to what it is.
  fileprivate func beginCycle(_ length: Int) throws {
    let answer = try run([
      "curl", "--silent", "--show-error", "--fail", "-X", "PATCH", "--data",
      "{\"loop_wait\": \(length)}", "http://\(restAddress):8008/config",
    ])
    guard answer.exitCode == 0 else { throw Failure(answer) }
  }
}
