import Foundation
import TestSupport
import Testing

/// Members whose certificates come from one Secret, which their applications have mounted as well.
protocol RotatingMembers {
  /// One with its standbys, or the groups of Citus, the coordinator's first.
  var clusters: [Cluster] { get }
  var secret: SharedSecret { get }
  /// The Secret where applications and operators run.
  var outside: SecretMount { get }
  var client: Client { get }

  /// Nodes log in to others as superuser, and show one of `serials`.
  func expectLogins(showing serials: Set<String>) throws
}

extension RotatingMembers {
  var members: [Member] { clusters.flatMap { $0.members } }

  /// Mounts the Secret in every pod, before it starts.
  func mountSecret() throws {
    for member in members {
      let mount = try secret.mount(at: Self.place(in: member), group: member.user.group)
      member.environment.merge(mount.files.variables) { $1 }
    }
  }

  /// Where `member` has the Secret mounted.
  func mount(of member: Member) throws -> SecretMount {
    try #require(secret.mounts.first { $0.volume.path == Self.place(in: member) })
  }

  private static func place(in member: Member) -> String { member.directory + "/secret" }

  /// Nodes that have to log in to each other again can, standbys to their leader and superusers, and
  /// show one of `serials`.
  func expectNewConnections(showing serials: Set<String>) throws {
    let old = try clusters.map { try $0.dropReplication() }
    for (cluster, old) in zip(clusters, old) {
      try cluster.expectReplication(after: old, showing: serials)
    }
    try expectLogins(showing: serials)
  }

  /// Who runs on each member, and since when.
  func processes() throws -> [String] {
    try members.map { member in
      let file = member.dataDirectory + "/postmaster.pid"
      let postmaster = try String(contentsOfFile: file, encoding: .utf8).prefix { $0 != "\n" }
      let since = try member.query("SELECT pg_postmaster_start_time()")
      let patroni = try #require(member.firstProcess)
      let watcher = try #require(member.certificateWatcher)
      return "\(member.name): \(patroni), \(watcher.id), server \(postmaster) since \(since)"
    }
  }

  /// Renews the certificate and brings it to all pods at once; within five seconds `interfaces` of
  /// every member show it.
  func publishRenewed(shownBy interfaces: [Member.Interface] = Member.Interface.allCases) throws {
    try secret.generate()
    for mount in secret.mounts { try secret.publish(to: mount) }
    let taken = try waitForCertificate(shownBy: interfaces)
    print("seconds until the new certificate was shown: \(taken)")
    let serial = try secret.serial
    for member in members {
      for interface in interfaces {
        #expect(try member.shownSerial(by: interface, to: client) == serial)
      }
    }
  }

  /// Waits until `interfaces` of every member show the Secret's certificate, and returns how many
  /// seconds after `start` each did, by its place.
  @discardableResult
  func waitForCertificate(
    shownBy interfaces: [Member.Interface] = Member.Interface.allCases,
    since start: Date = Date()
  ) throws -> [String: Double] {
    let lines = try Command.output(
      client.host.words(
        [
          Repository.virtualEnvironment + "/bin/python3",
          Repository.root + "/Tests/ClusterTests/Rotation/shown.py",
          outside.files.certificate, "\(start.timeIntervalSince1970)", "\(patience)",
        ] + members.flatMap { member in interfaces.map { $0.place(on: member) } }
      )
    )
    let shown = lines.split(separator: "\n").map { $0.split(separator: " ").map { String($0) } }
    return Dictionary(uniqueKeysWithValues: shown.map { ($0[0], Double($0[1]) ?? 0) })
  }
}

extension Member.Interface {
  /// In the words of `shown.py`.
  func place(on member: Member) -> String {
    switch self {
    case .server: "postgres:\(member.host.names[0]):5432"
    case .restAPI: "\(member.host.names[0]):8008"
    }
  }
}
