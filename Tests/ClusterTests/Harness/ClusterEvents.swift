import TestSupport
import Testing

// What happens to clusters.
extension Cluster {
  /// Hands the lead over, as an operator does.
  func switchover(from leader: Member, to successor: Member) throws {
    try leader.patronictl(
      ["switchover", scope, "--leader", leader.name, "--candidate", successor.name, "--force"]
        + (group.map { ["--group", String($0)] } ?? [])
    )
    try waitUntilHealthy(leader: successor)
  }

  /// Loses `leader` with writes that nobody else knows, and gets it back.
  ///
  /// It is taken off the network first, and killed at last; its successor writes, too. When the old
  /// leader comes back it has to be rewound.
  func loseAndRewind(leader: Member, successor: Member) throws {
    try leader.query("CREATE TABLE history (event text)")
    try leader.query("INSERT INTO history VALUES ('known to both')")
    try waitUntilReplayed(from: leader)

    try leader.host.disconnect()
    try leader.query("INSERT INTO history VALUES ('known to the old leader only')")
    try leader.kill9()
    try waitUntil("\(successor.name) takes over") { $0.leader == successor.name }
    try eventually("\(successor.name) writes") {
      try successor.query("INSERT INTO history VALUES ('known to the new leader only')")
    }

    try leader.host.reconnect()
    let mark = leader.markLog()
    try leader.start()
    try waitUntilHealthy(leader: successor)
    #expect(try leader.hasLogged("running pg_rewind", since: mark))
    try waitUntilReplayed(from: successor)
    #expect(
      try leader.query("SELECT string_agg(event, ', ' ORDER BY event) FROM history")
        == "known to both, known to the new leader only"
    )
  }
}
