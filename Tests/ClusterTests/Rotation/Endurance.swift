import Foundation
import TestSupport
import Testing

extension RotatingCluster {
  /// `member` gets an even number of updates, quickly; the last one is what the Secret holds.
  func rotateOften(
    _ member: Member,
    _ other: SharedSecret,
    pairs: Int,
    _ random: inout some RandomNumberGenerator
  ) throws {
    let mount = try mount(of: member)
    for _ in 0..<pairs {
      for secret in [other, secret] {
        try secret.publish(to: mount)
        Thread.sleep(forTimeInterval: .random(in: 0...0.5, using: &random))
      }
    }
  }

  /// `member` is stopped and started while updates go on.
  func restart(
    _ member: Member,
    _ other: SharedSecret,
    _ random: inout some RandomNumberGenerator
  ) throws {
    let first = try #require(member.firstProcess)
    kill(first, SIGTERM)
    try rotateOften(member, other, pairs: 2, &random)
    let exitCode = try member.process?.waitForExit()
    #expect(exitCode == 0)
    try member.start()
    try rotateOften(member, other, pairs: 6, &random)
    try cluster.waitUntilHealthy(leader: leader)
  }

  /// Updates have left nothing behind, and every member shows the last one's certificate.
  func expectNothingIsLeftBehind() throws {
    try waitForCertificate()
    for member in cluster.members {
      try eventually("no zombie in \(member.name)") { member.zombies.isEmpty }
      try eventually("no stray copies in \(member.name)") {
        let staged = try member.stagedNames()
        return staged.first == "current" && staged.count <= 3
          && staged.dropFirst().allSatisfy { $0.hasPrefix("set-") }
      }
      let watcher = try #require(member.certificateWatcher)
      let peak = try watcher.peakMemory
      print("\(member.name)'s watcher had \(peak) kB at most")
      #expect(peak < 5_000)
    }
  }

  /// The watcher ends when Patroni is told to, when process 1 is killed, and when Patroni is, which
  /// process 1 only waits for.
  func expectWatcherEndsWithPatroni(of member: Member) throws {
    let ends: [(String, KeyPath<Member, pid_t?>, Int32)] = [
      ("Patroni is stopped", \.firstProcess, SIGTERM),
      ("process 1 is killed", \.firstProcess, SIGKILL),
      ("Patroni is killed", \.patroniDaemon, SIGKILL),
    ]
    for (what, process, signal) in ends {
      try eventually("\(member.name) runs") {
        member.certificateWatcher != nil && member.patroniDaemon != nil
      }
      let watcher = try #require(member.certificateWatcher)
      let victim = try #require(member[keyPath: process])
      kill(victim, signal)
      let exitCode = try member.process?.waitForExit()
      #expect(signal == SIGKILL || exitCode == 0, "\(what)")
      try eventually("the watcher of \(member.name) ends when \(what)") {
        !watcher.isRunning
      }
      try member.start()
    }
    try cluster.waitUntilHealthy(leader: leader)
  }
}
