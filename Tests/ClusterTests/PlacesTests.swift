import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// Pods come and go, volumes stay; and not every platform lets pods do what they like.
  @Suite struct Places {
    private static let environment = ["PGSSLMODE": "verify-ca", "NODE_ADDRESSES": "/16"]

    /// A pod that is made anew has the volume, and nothing else of what it had before.
    @Test func restartOnAnExistingVolume() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", environment: Self.environment)
        try cluster.bootstrap()
        try cluster[0].query("CREATE TABLE before AS SELECT 1 AS number")
        try cluster.waitUntilReplayed(from: cluster[0])
        let system = try cluster[0].query("SELECT system_identifier FROM pg_control_system()")

        for member in cluster.members.reversed() {
          #expect(try member.stop() == 0)
          try member.loseEverythingButTheVolume()
        }
        for member in cluster.members { try member.start() }
        let leader = try cluster.waitUntilSomeoneLeads()
        for member in cluster.members {
          #expect(
            try member.query("SELECT system_identifier FROM pg_control_system()") == system
          )
          #expect(try member.query("SELECT number FROM before") == "1")
          #expect(try !member.hasLogged("bootstrap", since: member.lastStart))
        }
        try cluster.expectNodesUseCertificates(leader: leader)
        try cluster.expectReplicationByCertificate(leader: leader)
      }
    }

    /// Members find each other again when one after the other gets a new address.
    @Test func newAddressOnTheSameVolume() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", environment: Self.environment)
        try cluster.bootstrap()
        var leader = cluster[0]
        for member in [cluster[1], cluster[0]] {
          let old = member.host.address
          #expect(try member.stop() == 0)
          try bed.network.move(member.host)
          member.environment["POD_IP"] = member.host.address
          try member.start()
          leader = try cluster.waitUntilSomeoneLeads()
          try cluster.expectReplicationByCertificate(leader: leader)
          #expect(try !bed.store.contents().contains("\(old):5432"))
        }
        #expect(leader === cluster[1])
      }
    }

    @Test func addressesOfIPv6() throws {
      try TestBed.run(.ipv6) { bed in
        let cluster = try bed.cluster(
          "alpha",
          environment: ["PGSSLMODE": "verify-ca", "NODE_ADDRESSES": "/64"]
        )
        try cluster.bootstrap()
        #expect(cluster[0].host.address.contains(":"))
        #expect(try bed.store.contents().contains("[\(cluster[0].host.address)]:5432"))
        try cluster.expectNodesUseCertificates(leader: cluster[0])
        try cluster.expectReplicationByCertificate(leader: cluster[0])
        let strangers = try Strangers(bed, scope: "alpha")
        try strangers.expectOtherNameIsRefused(by: cluster[0])
        try cluster.switchover(from: cluster[0], to: cluster[1])
        try cluster.expectReplicationByCertificate(leader: cluster[1])
      }
    }

    /// The platform chooses a user id, and the root directory is read-only.
    ///
    /// The volume, the home directory and the socket's directory are what has to be writable, and
    /// `/etc/passwd` when the image does not know the user.
    @Test func restrictedPod() throws {
      try TestBed.run { bed in
        let cluster = try bed.cluster("alpha", user: .unknown, environment: Self.environment)
        for member in cluster.members {
          try member.restrict()
          let attempt = try member.inContainer(["touch", member.directory + "/new"])
          #expect(attempt.errors.contains("Read-only file system"))
          let user = try member.inContainer(["whoami"])
          #expect(user.errors.contains("cannot find name for user ID 1000690000"))
        }
        try cluster.bootstrap()
        try cluster.expectReplicationByCertificate(leader: cluster[0])
        try cluster.switchover(from: cluster[0], to: cluster[1])
        for member in cluster.members {
          let owner = try FileManager.default.attributesOfItem(atPath: member.patroniFile)
          #expect(owner[.ownerAccountID] as? NSNumber == 1_000_690_000)
          #expect(try !member.hasLogged("entrypoint: warning"))
        }
      }
    }
  }
}

extension Member {
  /// Empties what is no volume.
  fileprivate func loseEverythingButTheVolume() throws {
    for place in ["home", "run"] {
      try Command.output(["find", "\(directory)/\(place)", "-mindepth", "1", "-delete"])
    }
  }

  /// Makes the container's root directory read-only, and gives it a file of users of its own.
  fileprivate func restrict() throws {
    let users = host.etc + "/passwd"
    try FileManager.default.copyItem(atPath: "/etc/passwd", toPath: users)
    chmod(users, 0o664)
    mounts = """
      for place in home volume run; do
        mount --bind \(directory)/$place \(directory)/$place
      done
      mount -o remount,bind,ro /
      """
  }
}
