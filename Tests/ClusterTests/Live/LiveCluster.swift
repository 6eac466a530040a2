import Foundation
import TestSupport
import Testing

/// A cluster whose settings come from a directory that all members have mounted.
final class LiveCluster {
  let cluster: Cluster
  let settings: SettingsVolume
  private var times: [ChangeTimes] = []

  init(_ cluster: Cluster, _ settings: SettingsVolume) {
    self.cluster = cluster
    self.settings = settings
  }

  /// Changes settings, and waits until every member's server has read its files again and acts as they say; returns
  /// how many seconds that took.
  ///
  /// - Parameters:
  ///   - isInEffect: whether a member acts so, where that is more than to have read its files.
  ///   - hurry: what is done with each member when all have told Patroni.
  @discardableResult
  func change(
    _ what: String,
    _ changes: [String: String?],
    until isInEffect: ((Member) throws -> Bool)? = nil,
    onceTold hurry: (Member) throws -> Void = { _ in }
  ) throws -> Double {
    let marks = cluster.members.map { $0.markLog() }
    let loads = try cluster.members.map { try $0.lastReload() }
    try settings.change(changes)
    var times = ChangeTimes(what)
    var untold = Array(zip(cluster.members, marks))
    try eventually("every member takes \(what)", pause: 0.01) {
      untold = try untold.filter { member, mark in
        guard try member.hasLogged("patroni.yml: is in use since", since: mark) else { return true }
        times.told = times.elapsed
        return false
      }
      return untold.isEmpty
    }
    for member in cluster.members {
      times.published = max(times.published, try times.elapsed(at: member.patroniFile))
    }
    for member in cluster.members { try hurry(member) }
    for (member, load) in zip(cluster.members, loads) {
      try eventually("\(what) on \(member.name)", pause: 0.05) {
        try member.lastReload() != load && (isInEffect?(member) ?? true)
      }
    }
    times.inEffect = times.elapsed
    print(times)
    self.times.append(times)
    return times.inEffect
  }

  /// A change with a fault is told about, and changes nothing.
  func refuse(_ changes: [String: String?], saying words: String) throws {
    let values = settings.values
    let before = try cluster.members.map { try $0.filesInUse() }
    let marks = cluster.members.map { $0.markLog() }
    try settings.change(changes)
    for (member, mark) in zip(cluster.members, marks) {
      try eventually("\(member.name) refuses \(changes.keys.sorted())") {
        try member.hasLogged("the changed settings are rejected", since: mark)
      }
      #expect(try member.hasLogged("entrypoint: error: ", words, since: mark), "\(member.name)")
    }
    try settings.publish(values)
    #expect(try cluster.members.map { try $0.filesInUse() } == before)
    for (member, mark) in zip(cluster.members, marks) {
      #expect(try !member.hasLogged("received SIGHUP", since: mark), "\(member.name)")
    }
  }

  /// What is at rest is in patroni.yml, and Patroni told, within a second.
  ///
  /// On a machine that has no time for the members any change may be late, but not most of them.
  func expectPromptness() {
    let told = times.map { $0.told }.sorted()
    #expect(told[told.count / 2] < 1, "\(times.map { "\($0)" }.joined(separator: "\n"))")
  }
}

/// How many seconds after a change was at rest the last member was so far.
struct ChangeTimes: CustomStringConvertible {
  private let what: String
  private let start = Date()
  /// Its patroni.yml was the new one.
  var published = 0.0
  /// Patroni had been told.
  var told = 0.0
  /// Its server acted so.
  var inEffect = 0.0

  init(_ what: String) {
    self.what = what
  }

  var elapsed: Double { Date().timeIntervalSince(start) }

  /// When a file took the place of another one.
  func elapsed(at path: String) throws -> Double {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Failure("there is no \(path)") }
    let time = Double(status.st_ctim.tv_sec) + Double(status.st_ctim.tv_nsec) / 1e9
    return time - start.timeIntervalSince1970
  }

  var description: String {
    let words = [("published", published), ("Patroni told", told), ("in effect", inEffect)]
      .map { "\($0.0) after \(Int($0.1 * 1000)) ms" }
    return "\(what): \(words.joined(separator: ", "))"
  }
}

extension Member {
  /// When the server read its files last.
  fileprivate func lastReload() throws -> String { try query("SELECT pg_conf_load_time()") }

  /// What Patroni and the server read.
  fileprivate func filesInUse() throws -> [Data] {
    let paths =
      [patroniFile]
      + ["postgresql.conf", "pg_hba.conf", "pg_ident.conf"].map { dataDirectory + "/" + $0 }
    return try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      + [Data(lastReload().utf8)]
  }
}
