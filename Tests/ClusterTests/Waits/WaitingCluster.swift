import Foundation
import TestSupport
import Testing

/// Three members with what the chart sets in its pods; a test waits for what a user waits for.
final class WaitingCluster {
  private let rotation: RotatingCluster
  private let phase: Double

  private var cluster: Cluster { rotation.cluster }
  private var added: Member { cluster[2] }

  /// Nothing is started yet.
  ///
  /// - Parameter phase: the part of Patroni's cycle after which something happens, from 0 to 1. What happens
  ///   right after something else would always meet the same part.
  init(_ bed: TestBed, phase: Double) throws {
    self.phase = phase
    let pod = try ChartPod.rendered()
    let settings = try SettingsVolume(at: bed.network.directory + "/settings", pod.settings)
    let others = ["SETTINGS_DIRECTORY": settings.path, "TZ": "UTC"]
    rotation = try RotatingCluster(
      stopped: pod.scope,
      bed,
      members: 3,
      environment: pod.environment.merging(others) { $1 }
    )
    for member in cluster.members { try member.logBeginnings() }
  }

  /// Two members of a new cluster start together, as pods of a StatefulSet do with the chart.
  func start() throws -> [Wait] {
    let pair = cluster.members.filter { $0 !== added }
    for member in pair { try member.start() }
    let leader = try eventually("a member has made the cluster") {
      try pair.first { try $0.hasLogged("initialized a new cluster") }
    }
    let standby = try #require(pair.first { $0 !== leader })

    var first = try beginning("container start to leader", of: leader)
    try first.add(.patroni, "starts", until: "trying to bootstrap a new cluster", by: leader)
    try first.add(.postgresql, "initdb", until: "starting PostgreSQL", by: leader)
    try first.add(.postgresql, "starts", until: "is ready to accept connections", by: leader)
    var second = first.renamed("container start to streaming standby")
    try first.add(.patroni, "takes the lead", until: "initialized a new cluster", by: leader)
    try follow(&second, standby: standby, leader: leader)
    return [first, second]
  }

  /// The third member starts in a cluster that works.
  func add() throws -> Wait {
    let leader = try awaitPhase()
    try added.start()
    var wait = try beginning("container start to streaming standby, later", of: added)
    try follow(&wait, standby: added, leader: leader)
    try cluster.waitUntilHealthy(leader: leader)
    return wait
  }

  /// The leader's container ends, and does not come back before another member leads.
  func failOver() throws -> Wait {
    let leader = try awaitPhase()
    var wait = Wait("kill -9 of the leader to the next leader", from: Date())
    try leader.kill9()
    let others = cluster.members.filter { $0 !== leader }
    let successor = try eventually("a standby is promoted") {
      try others.first { try $0.findLine(with: "received promote request", after: wait.end) != nil }
    }
    try wait.add(.patroni, "ttl, election", until: "received promote request", by: successor)
    try wait.add(.postgresql, "promotion", until: "is ready to accept connections", by: successor)
    try expectWrites(successor)
    try leader.start()
    try cluster.waitUntilHealthy(leader: successor)
    return wait
  }

  /// The leader hands over to a standby, as an operator asks it to.
  func switchOver() throws -> Wait {
    let leader = try leader()
    let successor = try #require(cluster.members.first { $0 !== leader })
    var wait = Wait("patronictl switchover to the next leader", from: Date())
    try cluster.switchover(from: leader, to: successor)
    try wait.add(.patroni, "patronictl", until: "received switchover request", by: leader)
    try wait.add(.patroni, "begins", until: "received fast shutdown request", by: leader)
    try wait.add(.postgresql, "stops", until: "database system is shut down", by: leader)
    try wait.add(.patroni, "election", until: "received promote request", by: successor)
    try wait.add(.postgresql, "promotion", until: "is ready to accept connections", by: successor)
    try expectWrites(successor)
    return wait
  }

  /// A renewed certificate comes to all pods; the last one of them counts.
  ///
  /// A minute after the last restart: for so long a watcher may expect Patroni, which has read the certificate,
  /// to read the key.
  func renewCertificate() throws -> [Wait] {
    Thread.sleep(forTimeInterval: 60)
    _ = try awaitPhase()
    try rotation.secret.generate()
    let start = Date()
    for mount in rotation.secret.mounts { try rotation.secret.publish(to: mount) }
    let shown = try rotation.waitForCertificate(since: start)
    let told = try cluster.members.map {
      try $0.timeOfLine(with: "received SIGHUP, reloading", after: start)
    }
    return [Member.Interface.server, .restAPI].map { interface in
      var wait = Wait("new certificate in use: \(interface.rawValue)", from: start)
      wait.add(.entrypoint, "notices, checks, publishes", until: told.max() ?? start)
      let seconds = cluster.members.compactMap { shown[interface.place(on: $0)] }.max() ?? 0
      let owner = interface == .server ? Wait.Owner.postgresql : .patroni
      wait.add(owner, "uses it", until: start + seconds)
      return wait
    }
  }

  /// What happens until Patroni begins, on a member that has just been started.
  private func beginning(_ name: String, of member: Member) throws -> Wait {
    let start = try member.timeOfLine(with: "entrypoint begins", after: .distantPast)
    var wait = Wait(name, from: start)
    try wait.add(.entrypoint, "checks, patroni.yml", until: "Patroni begins", by: member)
    return wait
  }

  /// What a standby does until it streams from a leader that is there.
  private func follow(_ wait: inout Wait, standby: Member, leader: Member) throws {
    let found = "trying to bootstrap from leader"
    try wait.add(.patroni, "finds its leader", until: found, by: standby)
    try wait.add(.postgresql, "pg_basebackup", until: "replica has been created", by: standby)
    try wait.add(.patroni, "writes the configuration", until: "starting PostgreSQL", by: standby)
    try wait.add(.postgresql, "starts", until: "accept read-only connections", by: standby)
    let end = try standby.timeOfLine(with: "started streaming WAL", after: wait.end)
    // The slot is there already when the leader had a cycle in the meantime.
    let cycle = try leader.findLine(with: "the leader with the lock", after: wait.end) ?? end
    let slot = cycle < end ? cycle : wait.end
    wait.add(.patroni, "replication slot, in the leader's next cycle", until: slot)
    wait.add(.postgresql, "next attempt to connect", until: end)
  }

  /// Waits for the phase of the leader's cycle, and returns the leader.
  private func awaitPhase() throws -> Member {
    let leader = try leader()
    let last = try leader.logLines().last { $0.contains("the leader with the lock") }
    let cycle = try secondsOfCycle()
    var next = try #require(last.flatMap { Member.time(of: $0) }) + phase * cycle
    while next < Date() { next += cycle }
    Thread.sleep(until: next)
    return leader
  }

  private func leader() throws -> Member {
    let name = try cluster.state().leader
    return try #require(cluster.members.first { $0.name == name })
  }

  private func expectWrites(_ member: Member) throws {
    #expect(try member.query("SELECT pg_is_in_recovery()") == "f")
    try member.query("CREATE TABLE IF NOT EXISTS written (); DROP TABLE written")
  }

  /// See <https://patroni.readthedocs.io/en/latest/dynamic_configuration.html>.
  private func secondsOfCycle() throws -> Double {
    let text = try cluster.restAPI(of: cluster[0], "/config").output
    let settings = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return settings?["loop_wait"] as? Double ?? 10
  }
}

extension Member {
  /// Has the log tell when the container's program begins, and when Patroni does.
  fileprivate func logBeginnings() throws {
    let script = Repository.root + "/Tests/ClusterTests/Waits/begin.sh"
    let programs = directory + "/programs"
    let patroni = Repository.virtualEnvironment + "/bin/patroni"
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: false)
    try "#!/bin/bash\n. '\(script)' Patroni '\(patroni)' \"$@\"\n"
      .write(toFile: programs + "/patroni", atomically: false, encoding: .utf8)
    chmod(programs + "/patroni", 0o755)
    program = [script, "entrypoint"] + program
    environment["PATH"] = programs + ":" + (environment["PATH"] ?? "")
  }
}
