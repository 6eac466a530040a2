import Foundation
import TestSupport
import Testing

/// Applications that write all the time, some on a connection for each transaction, some on one that lasts.
final class Traffic {
  private let process: BackgroundProcess

  /// What came of a transaction.
  struct Transaction {
    let time: Double
    let kind: Substring
    /// Nil when it was committed.
    let failure: Substring?
  }

  /// Makes the table and the role, and starts.
  init(to cluster: Cluster, leader: Member, from client: Client, log: String) throws {
    try leader.query("CREATE ROLE application LOGIN PASSWORD 'open sesame'")
    try leader.query("CREATE TABLE numbers (number int)")
    try leader.query("GRANT SELECT, INSERT ON numbers TO application")
    let hosts = cluster.members.map { $0.host.names[0] }.joined(separator: ",")
    process = try BackgroundProcess(
      client.host.words([
        Repository.virtualEnvironment + "/bin/python3",
        Repository.root + "/Tests/ClusterTests/Ladder/traffic.py",
        "host=\(hosts) user=application password='open sesame' dbname=postgres connect_timeout=3 "
          + "target_session_attrs=read-write sslmode=prefer tcp_user_timeout=3000",
        "2",
      ]),
      environment: Command.plainEnvironment,
      log: log
    )
    try waitForMore()
  }

  /// Waits until more transactions of both kinds are committed.
  func waitForMore() throws {
    let start = Date().timeIntervalSince1970
    try eventually("transactions are committed on new and on lasting connections") {
      let committed = try transactions().filter { $0.time > start && $0.failure == nil }
      return Set(committed.map { $0.kind }) == ["reconnecting", "lasting"]
    }
  }

  /// Ends it, and returns what came of every transaction.
  func stop() throws -> [Transaction] {
    kill(process.id, SIGTERM)
    #expect(try process.waitForExit() == 0)
    let text = try String(contentsOfFile: process.log, encoding: .utf8)
    #expect(text.hasSuffix("\nend\n"))
    return try transactions()
  }

  private func transactions() throws -> [Transaction] {
    let text = try String(contentsOfFile: process.log, encoding: .utf8)
    guard let end = text.lastIndex(of: "\n") else { return [] }
    return text[..<end].split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, let time = Double(parts[0]) else { return nil }
      return Transaction(time: time, kind: parts[1], failure: parts[2] == "ok" ? nil : parts[2])
    }
  }
}
