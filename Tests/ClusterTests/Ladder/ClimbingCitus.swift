import Foundation
import TestSupport
import Testing

// How nodes of Citus' groups change the way in which they log in.
extension CitusCluster {
  private static let roles = [
    ("postgres", "PATRONI_SUPERUSER_PASSWORD"), ("standby", "PATRONI_REPLICATION_PASSWORD"),
    ("rewind", "PATRONI_REWIND_PASSWORD"),
  ]

  /// All members of all groups take a step by restart, the leaders last and the coordinator's at the end.
  ///
  /// After each, nodes that have changed and nodes that have not reach each other, and the application reads
  /// and writes on all of them.
  func take(_ step: [String: String?]) throws {
    let start = Date()
    for group in groups.reversed() {
      let leader = leaders[group.group ?? 0]
      let standby = try #require(group.members.first { $0 !== leader })
      try restart(standby, with: step)
      try group.waitUntilHealthy(leader: leader)
      try group.switchover(from: leader, to: standby)
      try follow(standby, of: group)
      try expectHealth()
      try expectDistributedQueries()
      try restart(leader, with: step)
      try group.waitUntilHealthy(leader: standby)
    }
    try expectHealth()
    try expectDistributedQueries()
    let auth = step["NODE_AUTH"].flatMap { $0 } ?? "a step"
    print("\(auth): \(Int(Date().timeIntervalSince(start))) s")
  }

  private func restart(_ member: Member, with step: [String: String?]) throws {
    #expect(try member.stop() == 0)
    for (name, value) in step { member.environment[name] = value }
    try member.start()
  }

  /// Gives Patroni's roles passwords, and the pods a file with those that Citus needs; returns the variables.
  func givePasswords() throws -> [String: String?] {
    let given = Passwords.environment([:])
    var variables: [String: String?] = [:]
    for (role, name) in Self.roles {
      let password = try #require(given[name])
      variables[name] = password
      let literal = password.replacing("'", with: "''")
      for leader in leaders {
        try leader.query(
          "SET citus.enable_ddl_propagation TO off; ALTER ROLE \(role) PASSWORD '\(literal)'"
        )
      }
    }
    for member in groups.flatMap({ $0.members }) {
      let file = member.directory + "/passfile"
      try "*:*:*:postgres:\(Passwords.superuser)\n*:*:*:application:\(Self.password)\n"
        .write(toFile: file, atomically: false, encoding: .utf8)
      chmod(file, 0o600)
      member.user.own(file)
      member.environment["NODE_PASSFILE"] = file
    }
    return variables
  }

  /// What takes the variables with passwords away.
  static func withoutPasswords() -> [String: String?] {
    let names = roles.map { $0.1 } + ["NODE_PASSFILE"]
    return Dictionary(uniqueKeysWithValues: names.map { ($0, String?.none) })
  }

  /// Removes what is left of them when no member has them any more.
  func forgetPasswords() throws {
    for leader in leaders {
      for (role, _) in Self.roles {
        try leader.query(
          "SET citus.enable_ddl_propagation TO off; ALTER ROLE \(role) PASSWORD NULL"
        )
      }
    }
    for member in groups.flatMap({ $0.members }) {
      let home = member.directory + "/home"
      _ = try member.run(["rm", "-f", home + "/pgpass", home + "/.pgpass"])
      let search = try Command.run([
        "grep", "-rlF", "-e", Passwords.superuser, home, member.dataDirectory,
      ])
      #expect(search.exitCode == 1, "\(search.output)\(search.errors)")
    }
  }
}
