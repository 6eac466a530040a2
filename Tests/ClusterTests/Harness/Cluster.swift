import Foundation
import TestSupport
import Testing

/// Members that share a scope, and with Citus a group: one of them leads.
final class Cluster {
  let scope: String
  let group: Int?
  let members: [Member]
  /// What an operator shows to the REST API when it speaks TLS.
  var certificate: CertificateFiles?

  init(scope: String, group: Int?, members: [Member], certificate: CertificateFiles?) {
    self.scope = scope
    self.group = group
    self.members = members
    self.certificate = certificate
  }

  subscript(_ index: Int) -> Member { members[index] }

  /// Starts the first member, which becomes leader, then the others.
  func bootstrap() throws {
    try startFirst()
    try startOthers()
  }

  /// Starts the first member and waits until it leads.
  ///
  /// Patroni then looks more often, so that nothing takes longer than it has to, and the server
  /// logs every connection.
  func startFirst() throws {
    try members[0].start()
    try waitUntil("\(members[0].name) leads") { $0.leader == self.members[0].name }
    try configure(
      """
      {"loop_wait": 2, "ttl": 20, "retry_timeout": 5,
       "postgresql": {"parameters": {"log_connections": "on", "max_connections": 100}}}
      """
    )
    try eventually("\(members[0].name) logs connections") {
      try members[0].query("SHOW log_connections") == "on"
    }
  }

  /// Starts all but the first member and waits until they stream.
  func startOthers() throws {
    for member in members.dropFirst() { try member.start() }
    try waitUntilHealthy(leader: members[0])
  }

  /// Waits until `leader` leads and every other member streams from it.
  func waitUntilHealthy(leader: Member, within seconds: Double = 90) throws {
    try waitUntil("\(leader.name) leads, and every other member streams", within: seconds) {
      state in
      let faulty = self.members.first { member in
        state.members.first { $0.name == member.name }?.state
          != (member === leader ? "running" : "streaming")
      }
      Attention.turn(to: faulty ?? leader)
      return faulty == nil && state.leader == leader.name
    }
    try eventually("\(members.count - 1) members stream from \(leader.name)", within: seconds) {
      try leader.query("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
        == "\(members.count - 1)"
    }
  }

  /// Waits until some member leads and every other one streams, and returns the leader.
  func waitUntilSomeoneLeads() throws -> Member {
    var leader: Member?
    try waitUntil("a member of \(scope) leads") { state in
      leader = self.members.first { $0.name == state.leader }
      return leader != nil
    }
    let found = try #require(leader)
    try waitUntilHealthy(leader: found)
    return found
  }

  /// Waits until the replicas have replayed all that `leader` wrote so far.
  func waitUntilReplayed(from leader: Member) throws {
    let position = try leader.query("SELECT pg_current_wal_lsn()")
    for member in members where member !== leader {
      try eventually("\(member.name) replays up to \(position)") {
        try member.query("SELECT pg_last_wal_replay_lsn() >= '\(position)'::pg_lsn") == "t"
      }
    }
  }

  /// Waits until Patroni's view of the cluster is as `condition` wants it.
  func waitUntil(
    _ what: String,
    within seconds: Double = 90,
    _ condition: (ClusterState) -> Bool
  ) throws {
    var last = "none"
    do {
      try eventually(what, within: seconds) {
        let state = try self.state()
        last = "\(state)"
        return condition(state)
      }
    } catch let timeout as Failure {
      throw Failure(timeout.description + "\nPatroni's last view: \(last)")
    }
  }

  /// What Patroni says, through the first member that answers.
  func state() throws -> ClusterState {
    let running = members.filter { $0.process?.isRunning == true }
    guard !running.isEmpty else { throw Hopeless(description: "no member of \(scope) runs") }
    var failure = Failure("no member was asked")
    for member in running {
      let answer = try restAPI(of: member, "/cluster")
      if answer.exitCode == 0 {
        return try JSONDecoder().decode(ClusterState.self, from: Data(answer.output.utf8))
      }
      failure = Failure(answer)
    }
    throw failure
  }

  /// Asks a member's REST API, with the cluster's certificate when it speaks TLS.
  func restAPI(of member: Member, _ path: String, _ options: String...) throws -> CommandResult {
    let usesTLS = member.environment["RESTAPI_TLS"] == "on"
    var words = ["curl", "--silent", "--show-error", "--fail", "--max-time", "10"] + options
    if usesTLS, let certificate {
      words += [
        "--cacert", certificate.authority, "--cert", certificate.certificate,
        "--key", certificate.key,
      ]
    }
    return try Command.run(
      member.host.words(
        words + ["\(usesTLS ? "https" : "http")://\(member.restAddress):8008\(path)"],
        as: member.user
      )
    )
  }

  /// Changes the configuration that the members share.
  func configure(_ json: String) throws {
    let member = try #require(members.first { $0.process?.isRunning == true })
    let answer = try restAPI(of: member, "/config", "-X", "PATCH", "--data", json)
    guard answer.exitCode == 0 else { throw Failure(answer) }
  }
}

/// What `GET /cluster` says.
///
/// See <https://patroni.readthedocs.io/en/latest/rest_api.html#cluster-status-endpoints>.
struct ClusterState: Decodable {
  struct Member: Decodable {
    var name: String
    var role: String
    var state: String
    var timeline: Int?
  }

  var members: [Member]

  var leader: String? { members.first { $0.role == "leader" }?.name }
}
