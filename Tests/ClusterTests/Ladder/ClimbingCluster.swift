import Foundation
import TestSupport
import Testing

/// A time in which a restart or a failover may end connections of applications.
struct Interruption {
  let time: ClosedRange<Double>
  /// The standby that restarts; nil while the lead changes hands.
  let standby: String?

  /// Whether it accounts for a failure: clients ask one host after the other for the leader, and give up
  /// where a standby that stops has taken their connection.
  func explains(_ failure: Traffic.Transaction) -> Bool {
    guard time.contains(failure.time) else { return false }
    guard let standby else { return true }
    let hosts = (failure.failure ?? "").matches(of: #/server at "([^"]*)"/#)
    return hosts.last.map { String($0.1) } == standby
  }
}

/// A cluster whose members take a step one after the other, the leader last.
final class ClimbingCluster {
  /// How a member comes to other settings.
  enum Way { case restart, live }

  let cluster: Cluster
  private let way: Way
  private(set) var leader: Member
  private let traffic: Traffic
  private var volumes: [String: SettingsVolume] = [:]
  private var interruptions: [Interruption] = []
  private var steps = 0

  /// How long members of both kinds stay side by side, at least.
  private let seconds: Double
  /// Whether everything is done at every step; else a standby is built anew at every other one.
  private var isThorough: Bool { seconds > 0 }

  /// Starts it, and applications that write to it.
  init(
    _ bed: TestBed,
    _ way: Way = .restart,
    environment: [String: String],
    sideBySide seconds: Double
  ) throws {
    self.seconds = seconds
    self.way = way
    let variables = Passwords.environment(
      [
        "CONNECT_BY": "name", "POD_NAMESPACE": "default",
        "NODE_ADDRESSES": ".alpha.default.svc.cluster.local",
      ].merging(environment) { $1 }
    )
    func changes(_ name: String) -> Bool {
      environment[name] != nil || name.hasSuffix("_PASSWORD")
    }
    cluster = try bed.cluster(
      "alpha",
      members: 3,
      environment: way == .live ? variables.filter { !changes($0.key) } : variables
    )
    if way == .live {
      let values = variables.filter { changes($0.key) }
      for member in cluster.members {
        let volume = try SettingsVolume(at: member.directory + "/settings", values)
        member.environment["SETTINGS_DIRECTORY"] = volume.path
        volumes[member.name] = volume
      }
    }
    try cluster.bootstrap()
    leader = cluster[0]
    traffic = try Traffic(
      to: cluster,
      leader: leader,
      from: bed.client,
      log: bed.network.directory + "/traffic"
    )
  }

  /// All members go from `leader`'s settings to others; nil removes a variable.
  ///
  /// While some have changed and others have not, every member logs in to every other one, standbys of both
  /// kinds are built anew, and the lead changes hands: by a switchover and, every other time, by a crash
  /// after which pg_rewind runs.
  func take(_ step: [String: String?]) throws {
    steps += 1
    let start = Date()
    let old = leader
    let standbys = cluster.members.filter { $0 !== old }
    try bring(standbys[0], to: step)
    try expectEveryPairLogsIn()
    if isThorough || !steps.isMultiple(of: 2) { try rebuild(standbys[0]) }

    try bring(standbys[1], to: step)
    if steps.isMultiple(of: 2) { try crash() } else { try handOver(to: standbys[0]) }
    try expectEveryPairLogsIn()
    if isThorough { try rebuild(old) }
    try wait(until: start)

    try bring(old, to: step)
    try expectEveryPairLogsIn()
    try traffic.waitForMore()
    for member in cluster.members {
      let leaps = try member.logLines(since: member.lastStart).filter {
        $0.contains(" and skips ")
      }
      #expect(leaps == [], "\(member.name)")
    }
    print("step \(steps), \(step): \(Int(Date().timeIntervalSince(start))) s")
  }

  private func wait(until start: Date) throws {
    let left = seconds - Date().timeIntervalSince(start)
    if left > 0 { Thread.sleep(forTimeInterval: left) }
    try traffic.waitForMore()
  }

  private func bring(_ member: Member, to step: [String: String?]) throws {
    if let volume = volumes[member.name] {
      try edit(volume, of: member, to: step)
      try cluster.waitUntilHealthy(leader: leader)
      return
    }
    try interrupting(member) {
      #expect(try member.stop() == 0)
      for (name, value) in step { member.environment[name] = value }
      try member.start()
      try cluster.waitUntilHealthy(leader: leader)
    }
  }

  /// Waits until Patroni has brought it to the member's server, which interrupts nobody.
  ///
  /// The server also reads its files when new certificates are published, before Patroni has written any.
  private func edit(
    _ volume: SettingsVolume,
    of member: Member,
    to step: [String: String?]
  ) throws {
    let mark = member.markLog()
    try volume.change(step)
    try eventually("\(member.name) takes \(step)") {
      try member.hasLogged("patroni.yml: is in use since", since: mark)
        && member.hasLogged("INFO: Reloading PostgreSQL configuration", since: mark)
    }
  }

  /// What a variable says to `member`.
  private func setting(_ name: String, of member: Member) -> String? {
    volumes[member.name]?.values[name] ?? member.environment[name]
  }

  /// A standby that leaves a step out, from two methods to a single one, warns; it takes the step back.
  func expectAWarningOfALeap(to value: String, leavingOut step: String) throws {
    let standby = try #require(cluster.members.first { $0 !== leader })
    let volume = try #require(volumes[standby.name])
    let before = try #require(volume.values["NODE_AUTH"])
    let mark = standby.markLog()
    try edit(volume, of: standby, to: ["NODE_AUTH": value])
    #expect(
      try standby.hasLogged(
        "entrypoint: warning: ",
        "/NODE_AUTH: changes from \(before) to \(value) and skips \(step)",
        since: mark
      )
    )
    try bring(standby, to: ["NODE_AUTH": before])
  }

  private func handOver(to successor: Member) throws {
    try interrupting(nil) {
      try cluster.switchover(from: leader, to: successor)
      leader = successor
    }
  }

  /// The leader comes back with the settings that it had.
  private func crash() throws {
    try interrupting(nil) { leader = try cluster.loseAndRewind(leader: leader) }
  }

  private func interrupting(_ standby: Member?, _ body: () throws -> Void) throws {
    let start = Date().timeIntervalSince1970
    try body()
    try traffic.waitForMore()
    let end = Date().timeIntervalSince1970
    interruptions.append(Interruption(time: start...end, standby: standby?.host.names[0]))
  }

  /// By pg_basebackup, which logs in to the leader.
  private func rebuild(_ standby: Member) throws {
    let mark = standby.markLog()
    try interrupting(standby) {
      try leader.patronictl(["reinit", cluster.scope, standby.name, "--force"])
      try eventually("\(standby.name) is built anew") {
        try standby.hasLogged("replica has been created using basebackup", since: mark)
      }
      try cluster.waitUntilHealthy(leader: leader)
    }
  }

  /// A member asks for what it is set to ask for first, a moment after it was told to.
  private func expectEveryPairLogsIn() throws {
    try eventually("every member asks for what it is set to ask for") {
      let marks = cluster.members.map { $0.markLog() }
      try cluster.expectEveryPairLogsIn()
      for (member, mark) in zip(cluster.members, marks) {
        let asked = setting("NODE_AUTH", of: member)?.split(separator: ",").first
        let logins = try member.logins(since: mark).filter {
          !$0.isLocal && $0.user != "application"
        }
        guard logins.count >= 6, Set(logins.map { $0.method }) == [asked.map { String($0) }] else {
          throw Failure("\(member.name) asked for \(logins.map { $0.method })")
        }
      }
      return true
    }
  }

  /// Transactions fail only where a restart or a failover ends their connection, and never because somebody is
  /// not let in.
  func expectNoOtherFailure() throws {
    let transactions = try traffic.stop()
    let failures = transactions.filter { $0.failure != nil }
    let unexplained = failures.filter { failure in
      !interruptions.contains { $0.explains(failure) }
    }
    #expect(unexplained.map { "\($0.time) \($0.kind) \($0.failure ?? "")" } == [])
    let refusals = ["authentication failed", "pg_hba.conf", "certificate", "no password supplied"]
    for failure in failures {
      let text = String(failure.failure ?? "")
      #expect(!refusals.contains { text.contains($0) }, "\(text)")
    }
    let changes = interruptions.filter { $0.standby == nil }
    let ofLeader = failures.filter { failure in
      changes.contains { $0.explains(failure) }
    }
    let seconds = changes.map { $0.time.upperBound - $0.time.lowerBound }.reduce(0, +)
    print(
      "\(transactions.count) transactions, \(failures.count) failed: \(ofLeader.count) in \(changes.count) "
        + "changes of the leader, which took \(Int(seconds)) s together, the others at standbys that stopped"
    )
    for (text, count) in counted(failures) { print("\(count) times: \(text)") }
  }

  private func counted(_ failures: [Traffic.Transaction]) -> [(String, Int)] {
    let texts = failures.map { failure in
      String(failure.failure ?? "").replacing(
        #/connection to server at "[^"]*" \([^)]*\)/#,
        with: "server"
      )
    }
    return Dictionary(grouping: texts) { $0 }.map { ($0.key, $0.value.count) }.sorted {
      $0.1 > $1.1
    }
  }
}
