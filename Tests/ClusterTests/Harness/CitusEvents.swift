import TestSupport
import Testing

// What happens to clusters with Citus.
extension CitusCluster {
  /// Moves shards from one worker to the other, with logical replication between them.
  func moveShards(as role: String) throws {
    let (source, target) = (leaders[1].host.names[0], leaders[2].host.names[0])
    let shard = try query(
      """
      SELECT min(shardid) FROM pg_dist_shard JOIN pg_dist_placement USING (shardid)
      WHERE logicalrelid = 'orders'::regclass AND groupid = 1
      """
    )
    let move = """
      SELECT citus_move_shard_placement(
        \(shard), '\(source)', 5432, '\(target)', 5432, shard_transfer_mode := 'force_logical')
      """
    if role == "postgres" { try query(move) } else { try runAsApplication(move) }
    #expect(
      try query("SELECT groupid FROM pg_dist_placement WHERE shardid = \(shard)") == "2"
    )
  }

  /// A database beside Patroni's: its nodes are added by hand, without a password.
  func useAnotherDatabase() throws {
    for leader in leaders.reversed() {
      try leader.query("CREATE DATABASE another")
      try leader.query("CREATE EXTENSION citus", database: "another")
    }
    for leader in leaders.dropFirst() {
      try coordinator.query(
        "SELECT citus_add_node('\(leader.host.names[0])', 5432)",
        database: "another"
      )
    }
    try coordinator.query("CREATE TABLE things (id int)", database: "another")
    try coordinator.query("SELECT create_distributed_table('things', 'id')", database: "another")
    try coordinator.query("INSERT INTO things SELECT generate_series(1, 100)", database: "another")
    #expect(try coordinator.query("SELECT count(*) FROM things", database: "another") == "100")
  }

  /// Takes out what Patroni put there in the days when the superuser had a password.
  ///
  /// Deleted rows stay in the table's file until it is written anew.
  func forgetPasswordInAuthinfo() throws {
    let password = "Old-and-well-known"
    for leader in leaders {
      try leader.query(
        "UPDATE pg_dist_authinfo SET authinfo = 'password=\(password) ' || authinfo",
        database: Self.database
      )
      try leader.query("CHECKPOINT")
      #expect(try leader.filesOfTables(containing: password) != "")
      try leader.query(
        "DELETE FROM pg_dist_authinfo WHERE rolename = 'postgres'",
        database: Self.database
      )
      try leader.query("VACUUM FULL pg_dist_authinfo", database: Self.database)
      try leader.query("CHECKPOINT")
      #expect(try leader.filesOfTables(containing: password) == "")
    }
  }

  /// Hands the lead of a group over.
  func failOver(_ group: Cluster) throws {
    try group.switchover(from: group[0], to: group[1])
    try follow(group[1], of: group)
  }

  /// Hands the lead of a group to the member that has it not.
  func changeLeader(of group: Cluster) throws {
    let leader = leaders[group.group ?? 0]
    let successor = try #require(group.members.first { $0 !== leader })
    try group.switchover(from: leader, to: successor)
    try follow(successor, of: group)
  }

  /// Kills the leader of a group, and starts it again as a standby.
  func lose(_ group: Cluster) throws {
    try group[0].kill9()
    try group.waitUntil("\(group[1].name) takes over") { $0.leader == group[1].name }
    try follow(group[1], of: group)
    try group[0].start()
    try group.waitUntilHealthy(leader: group[1])
  }

  /// Stops a whole group and starts it again.
  func restart(_ group: Cluster) throws {
    for member in group.members.reversed() { try member.stop() }
    for member in group.members { try member.start() }
    try follow(try group.waitUntilSomeoneLeads(), of: group)
    try waitUntilNodesReachThemselves()
  }
}

extension Member {
  /// The names of the data files that hold `text`.
  fileprivate func filesOfTables(containing text: String) throws -> String {
    try Command.run(["grep", "-rlF", text, dataDirectory + "/base"]).output
  }
}
