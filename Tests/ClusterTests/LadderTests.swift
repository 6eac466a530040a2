import Foundation
import TestSupport
import Testing

extension ClusterTests {
  /// How nodes log in changes step by step while applications write: nodes on a step and nodes on the next
  /// one let each other in.
  @Suite struct Ladder {
    /// Whether LADDER=whole asks for every step.
    static let isWhole = ProcessInfo.processInfo.environment["LADDER"] == "whole"

    private static let passwords = [
      "PATRONI_SUPERUSER_PASSWORD", "PATRONI_REPLICATION_PASSWORD", "PATRONI_REWIND_PASSWORD",
    ]

    /// The step on which nodes begin to ask for something else, up and down.
    @Test(.disabled(if: isWhole, "it is a part of the whole way"))
    func fromPasswordsToCertificatesAndBack() throws {
      try TestBed.run { bed in
        let climb = try ClimbingCluster(
          bed,
          environment: ["PGSSLMODE": "require", "NODE_AUTH": "scram-sha-256,cert"],
          sideBySide: 0
        )
        try climb.take(["NODE_AUTH": "cert,scram-sha-256"])
        try expectAWarning(climb.leader)
        try climb.take(["NODE_AUTH": "scram-sha-256,cert"])
        try climb.expectNoOtherFailure()
      }
    }

    /// The same while nothing restarts, and a step of the other ladder.
    @Test(.disabled(if: isWhole, "it is a part of the whole way"))
    func live() throws {
      try TestBed.run { bed in
        let climb = try ClimbingCluster(
          bed,
          .live,
          environment: ["PGSSLMODE": "require", "NODE_AUTH": "scram-sha-256,cert"],
          sideBySide: 0
        )
        try climb.take(["PGSSLMODE": "verify-ca"])
        try climb.take(["NODE_AUTH": "cert,scram-sha-256"])
        try climb.expectAWarningOfALeap(to: "scram-sha-256", leavingOut: "scram-sha-256,cert")
        try climb.expectNoOtherFailure()
      }
    }

    @Test(.enabled(if: isWhole, "it takes half an hour; LADDER=whole runs it"))
    func upAndDownByRestart() throws { try upAndDown(.restart) }

    @Test(.enabled(if: isWhole, "it takes half an hour; LADDER=whole runs it"))
    func upAndDownLive() throws { try upAndDown(.live) }

    /// Both ladders from their lowest steps to their highest ones, and back in another order.
    private func upAndDown(_ way: ClimbingCluster.Way) throws {
      try TestBed.run { bed in
        let climb = try ClimbingCluster(
          bed,
          way,
          environment: ["PGSSLMODE": "disable", "NODE_AUTH": "trust"],
          sideBySide: 20
        )
        for (name, value) in [
          ("NODE_AUTH", "scram-sha-256"), ("PGSSLMODE", "prefer"), ("PGSSLMODE", "require"),
          ("NODE_AUTH", "scram-sha-256,cert"), ("NODE_AUTH", "cert,scram-sha-256"),
        ] {
          try climb.take([name: value])
        }
        if way == .restart { try expectAWarning(climb.leader) }
        let without = Dictionary(uniqueKeysWithValues: Self.passwords.map { ($0, String?.none) })
        try climb.take(without.merging(["NODE_AUTH": "cert"]) { $1 })
        try forgetPasswords(climb, bed)
        for mode in ["verify-ca", "verify-full", "verify-ca"] {
          try climb.take(["PGSSLMODE": mode])
        }
        try climb.take(givePasswords(climb).merging(["NODE_AUTH": "cert,scram-sha-256"]) { $1 })
        for (name, value) in [
          ("NODE_AUTH", "scram-sha-256,cert"), ("NODE_AUTH", "scram-sha-256"),
          ("PGSSLMODE", "require"), ("PGSSLMODE", "prefer"), ("PGSSLMODE", "disable"),
          ("NODE_AUTH", "trust"),
        ] {
          try climb.take([name: value])
        }
        try climb.expectNoOtherFailure()
      }
    }

    /// What the servers' own files say about the step is read rightly.
    private func expectAWarning(_ member: Member) throws {
      let result = try Command.run(
        member.host.words([Repository.releaseBinary, "--dry-run"], as: member.user),
        environment: member.environment.merging(["NODE_AUTH": "scram-sha-256"]) { $1 }
      )
      #expect(result.exitCode == 0)
      #expect(
        result.errors.contains(
          "entrypoint: warning: NODE_AUTH: changes from cert,scram-sha-256 to scram-sha-256 and "
            + "skips scram-sha-256,cert\n"
        ),
        "\(result.errors)"
      )
    }

    private func forgetPasswords(_ climb: ClimbingCluster, _ bed: TestBed) throws {
      for role in ["postgres", "standby", "rewind"] {
        try climb.leader.query("ALTER ROLE \(role) PASSWORD NULL")
      }
      for member in climb.cluster.members {
        _ = try member.run(["rm", "-f", member.directory + "/home/pgpass"])
      }
      try climb.cluster.expectNoPasswordAnywhere(leader: climb.leader, store: bed.store)
      for member in climb.cluster.members {
        for name in Self.passwords {
          let password = try #require(Passwords.environment([:])[name])
          let search = try Command.run([
            "grep", "-rlF", "-e", password, member.directory + "/home", member.dataDirectory,
            "--exclude-dir=pg_wal",
          ])
          #expect(search.exitCode == 1, "\(search.output)\(search.errors)")
        }
      }
    }

    /// Gives the roles their passwords again, and returns the variables with them.
    private func givePasswords(_ climb: ClimbingCluster) throws -> [String: String?] {
      var variables: [String: String?] = [:]
      let given = Passwords.environment([:])
      for (role, name) in zip(["postgres", "standby", "rewind"], Self.passwords) {
        let password = try #require(given[name])
        let literal = password.replacing("'", with: "''")
        try climb.leader.query("ALTER ROLE \(role) PASSWORD '\(literal)'")
        variables[name] = password
      }
      return variables
    }
  }
}
