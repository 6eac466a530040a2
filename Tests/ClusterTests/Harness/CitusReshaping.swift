import TestSupport
import Testing

// Every way in which users change where the rows of a table are.
// See <https://docs.citusdata.com/en/stable/develop/api_udf.html>.
extension CitusCluster {
  /// Who reshapes tables.
  enum User: String, CaseIterable {
    case postgres, application
  }

  /// Has `user` make tables and a schema of its own, reshape them, and drop them.
  ///
  /// Every node has all rows after each step, and reaches every other node at the end.
  func reshape(as user: User) throws {
    let table = "reshaped_by_\(user)"
    try waitUntilMetadataIsSynchronized()
    try run(
      as: user,
      """
      CREATE TABLE \(table) (tenant int, id int, n int, PRIMARY KEY (tenant, id));
      INSERT INTO \(table) SELECT i % 20, i, 1 FROM generate_series(1, 1000) i
      """
    )
    try distribute(table, as: user)
    for mode in ["force_logical", "block_writes"] {
      try isolateTenant(mode == "force_logical" ? 7 : 9, of: table, mode, as: user)
      try splitLargestShard(of: table, mode, as: user)
      try moveShard(of: table, mode, as: user)
    }
    try rebalance(table, as: user)
    if user == .postgres { try drain(table) }
    try run(
      as: user,
      "SELECT alter_distributed_table('\(table)', shard_count := 6, cascade_to_colocated := false)"
    )
    try expectRows(in: table)
    try run(as: user, "SELECT undistribute_table('\(table)')")
    try run(as: user, "DROP TABLE \(table)")
    try moveSchema("schema_of_\(user)", as: user)
    try storeByColumns("measured_by_\(user)", as: user)
    try expectHealth()
  }

  /// Citus takes a node that it could not write to for out of date, and looks after it once a minute
  /// (`citus.metadata_sync_interval`).
  private func waitUntilMetadataIsSynchronized() throws {
    try eventually("every node knows what the coordinator knows", within: 200) {
      try query("SELECT bool_and(metadatasynced) FROM pg_dist_node") == "t"
    }
  }

  private func distribute(_ table: String, as user: User) throws {
    try run(
      as: user,
      "SELECT create_distributed_table_concurrently('\(table)', 'tenant', shard_count := 4)"
    )
    try expectRows(in: table)
  }

  private func isolateTenant(
    _ tenant: Int,
    of table: String,
    _ mode: String,
    as user: User
  ) throws {
    try run(
      as: user,
      """
      SELECT isolate_tenant_to_new_shard(
        '\(table)', \(tenant), 'CASCADE', shard_transfer_mode := '\(mode)')
      """
    )
    try expectRows(in: table)
  }

  /// One half goes to each worker.
  private func splitLargestShard(of table: String, _ mode: String, as user: User) throws {
    try run(
      as: user,
      """
      SELECT citus_split_shard_by_split_points(
        shardid, ARRAY[((low + high) / 2)::text],
        (SELECT array_agg(nodeid) FROM pg_dist_node WHERE groupid > 0 AND noderole = 'primary'),
        '\(mode)')
      FROM (
        SELECT shardid, shardminvalue::bigint AS low, shardmaxvalue::bigint AS high
        FROM pg_dist_shard WHERE logicalrelid = '\(table)'::regclass
        ORDER BY shardmaxvalue::bigint - shardminvalue::bigint DESC LIMIT 1
      ) AS largest
      """
    )
    try expectRows(in: table)
  }

  private func moveShard(of table: String, _ mode: String, as user: User) throws {
    try run(
      as: user,
      """
      SELECT citus_move_shard_placement(shardid, source.nodeid, target.nodeid, '\(mode)')
      FROM (
        SELECT shardid, groupid FROM pg_dist_placement JOIN pg_dist_shard USING (shardid)
        WHERE logicalrelid = '\(table)'::regclass ORDER BY shardid LIMIT 1
      ) AS moved
        JOIN pg_dist_node AS source USING (groupid)
        JOIN pg_dist_node AS target ON target.groupid NOT IN (0, moved.groupid)
      WHERE source.noderole = 'primary' AND target.noderole = 'primary'
      """
    )
    try expectRows(in: table)
  }

  /// At once, and in the background, after all shards were moved to one worker.
  private func rebalance(_ table: String, as user: User) throws {
    for rebalance in [
      "SELECT rebalance_table_shards('\(table)', shard_transfer_mode := 'force_logical')",
      "SELECT citus_rebalance_start(shard_transfer_mode := 'force_logical')",
    ] {
      while try groups(of: table).contains("1") {
        let shard = try query(
          """
          SELECT min(shardid) FROM pg_dist_placement JOIN pg_dist_shard USING (shardid)
          WHERE logicalrelid = '\(table)'::regclass AND groupid = 1
          """
        )
        let (source, target) = (leaders[1].host.names[0], leaders[2].host.names[0])
        try run(
          as: user,
          """
          SELECT citus_move_shard_placement(
            \(shard), '\(source)', 5432, '\(target)', 5432, 'block_writes')
          """
        )
      }
      try run(as: user, rebalance)
      try run(as: user, "SELECT citus_rebalance_wait()")
      #expect(try groups(of: table) == ["1", "2"], "\(rebalance)")
      try expectRows(in: table)
    }
  }

  /// Empties a worker, which Citus lets the superuser do.
  private func drain(_ table: String) throws {
    let worker = leaders[2].host.names[0]
    try query("SELECT citus_drain_node('\(worker)', 5432, 'force_logical')")
    #expect(try groups(of: table) == ["1"])
    try expectRows(in: table)
    try query("SELECT citus_set_node_property('\(worker)', 5432, 'shouldhaveshards', true)")
    try query("SELECT rebalance_table_shards('\(table)', shard_transfer_mode := 'block_writes')")
    #expect(try groups(of: table) == ["1", "2"])
  }

  /// A schema whose tables stay together.
  private func moveSchema(_ schema: String, as user: User) throws {
    try run(as: user, "CREATE SCHEMA \(schema)")
    try run(as: user, "SELECT citus_schema_distribute('\(schema)')")
    try run(as: user, "CREATE TABLE \(schema).notes (id int PRIMARY KEY, n int)")
    try run(as: user, "INSERT INTO \(schema).notes SELECT i, 1 FROM generate_series(1, 1000) i")
    for mode in ["force_logical", "block_writes"] {
      let place = try groups(of: "\(schema).notes")
      try run(
        as: user,
        """
        SELECT citus_schema_move('\(schema)', nodename, nodeport, '\(mode)') FROM pg_dist_node
        WHERE groupid NOT IN (0, \(place.joined())) AND noderole = 'primary'
        """
      )
      #expect(try groups(of: "\(schema).notes") != place)
      try expectRows(in: "\(schema).notes")
    }
    try run(as: user, "DROP SCHEMA \(schema) CASCADE")
  }

  private func storeByColumns(_ table: String, as user: User) throws {
    try run(as: user, "CREATE TABLE \(table) (id int, n int) USING columnar")
    try run(as: user, "SELECT create_distributed_table('\(table)', 'id', shard_count := 4)")
    try run(as: user, "INSERT INTO \(table) SELECT i, 1 FROM generate_series(1, 1000) i")
    try expectRows(in: table)
    try run(as: user, "DROP TABLE \(table)")
  }

  private func run(as user: User, _ sql: String) throws {
    switch user {
    case .postgres: try query(sql)
    case .application: try runAsApplication(sql)
    }
  }

  private func groups(of table: String) throws -> [String] {
    try query(
      """
      SELECT DISTINCT groupid FROM pg_dist_placement JOIN pg_dist_shard USING (shardid)
      WHERE logicalrelid = '\(table)'::regclass ORDER BY 1
      """
    ).split(separator: "\n").map { String($0) }
  }

  /// Every node sees all rows, the workers as well.
  private func expectRows(
    in table: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for leader in leaders {
      #expect(
        try leader.query("SELECT count(*), sum(n) FROM \(table)", database: Self.database)
          == "1000|1000",
        "\(table) on \(leader.name)",
        sourceLocation: sourceLocation
      )
    }
  }
}
