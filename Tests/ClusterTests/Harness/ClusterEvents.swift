import TestSupport
import Testing

// What happens to clusters.
extension Cluster {
  /// Hands the lead over, as an operator does.
  ///
  /// Patroni gives a request up when the successor's REST API does not answer, and the API closes its socket for a moment
  /// when it reads new certificates. Then it is asked again, as an operator would.
  func switchover(from leader: Member, to successor: Member) throws {
    var mark = leader.markLog()
    func request() throws {
      mark = leader.markLog()
      try leader.patronictl(
        ["switchover", scope, "--leader", leader.name, "--candidate", successor.name, "--force"]
          + (group.map { ["--group", String($0)] } ?? [])
      )
    }
    try request()
    try eventually("\(successor.name) leads", within: 90) {
      if try state().leader == successor.name { return true }
      if try leader.hasLogged("Request failed to \(successor.name)", since: mark) { try request() }
      return false
    }
    try waitUntilHealthy(leader: successor)
  }

  /// Loses `leader` with writes that nobody else knows, and gets it back; returns its successor.
  ///
  /// It is taken off the network first, and killed at last; its successor writes, too. When the old
  /// leader comes back it has to be rewound.
  @discardableResult
  func loseAndRewind(leader: Member) throws -> Member {
    try leader.query("CREATE TABLE IF NOT EXISTS history (event text)")
    try leader.query("TRUNCATE history")
    try leader.query("INSERT INTO history VALUES ('known to both')")
    try waitUntilReplayed(from: leader)

    try leader.host.disconnect()
    try leader.query("INSERT INTO history VALUES ('known to the old leader only')")
    try leader.kill9()
    var successor: Member?
    try waitUntil("another member takes over") { state in
      successor = self.members.first { $0.name == state.leader && $0 !== leader }
      return successor != nil
    }
    let found = try #require(successor)
    try eventually("\(found.name) writes") {
      try found.query("INSERT INTO history VALUES ('known to the new leader only')")
    }

    try leader.host.reconnect()
    let mark = leader.markLog()
    try leader.start()
    try waitUntilHealthy(leader: found)
    #expect(try leader.hasLogged("running pg_rewind", since: mark))
    try waitUntilReplayed(from: found)
    #expect(
      try leader.query("SELECT string_agg(event, ', ' ORDER BY event) FROM history")
        == "known to both, known to the new leader only"
    )
    return found
  }
}
