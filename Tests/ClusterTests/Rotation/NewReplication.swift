import TestSupport
import Testing

// Standbys that connect again.
extension Cluster {
  /// A standby that lost its connection asks for another one at once.
  func hurryStandbys() throws {
    try configure(
      #"{"postgresql": {"parameters": {"wal_retrieve_retry_interval": "300ms"}}}"#
    )
    try eventually("standbys connect again at once") {
      try members.allSatisfy { try $0.query("SHOW wal_retrieve_retry_interval") == "300ms" }
    }
  }

  /// Ends the connections of the first member's standbys, and returns which ones they were.
  func dropReplication() throws -> Set<String> {
    let old = Set(try replicationConnections().map { $0.process })
    try self[0].query("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
    return old
  }

  /// Every standby gets another connection from the first member, and shows one of `serials`.
  func expectReplication(after old: Set<String>, showing serials: Set<String>) throws {
    try eventually("every standby streams on a new connection") {
      let new = try replicationConnections()
      return new.count == members.count - 1
        && new.allSatisfy { $0.isStreaming && !old.contains($0.process) }
    }
    let shown = try replicationConnections().map { $0.serial }
    #expect(Set(shown).isSubset(of: Set(serials.map { SerialNumber.decimal($0) })))
  }

  private struct ReplicationConnection {
    let process: String
    let isStreaming: Bool
    let serial: String
  }

  private func replicationConnections() throws -> [ReplicationConnection] {
    try self[0].query(
      """
      SELECT pid, state = 'streaming', client_serial
      FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)
      """
    ).split(separator: "\n").map { row in
      let columns = row.split(separator: "|", omittingEmptySubsequences: false).map { String($0) }
      return ReplicationConnection(
        process: columns[0],
        isStreaming: columns[1] == "t",
        serial: columns[2]
      )
    }
  }
}
