import Foundation
import TestSupport
import Testing

/// A cluster whose certificates come from one Secret, which its applications have mounted as well.
final class RotatingCluster {
  let cluster: Cluster
  let secret: SharedSecret
  let client: Client
  let directory: String
  /// The Secret where applications and operators run.
  private let outside: SecretMount
  private let password = "open sesame"

  /// Makes the cluster and starts it.
  init(_ bed: TestBed, members count: Int, environment: [String: String]) throws {
    client = bed.client
    directory = bed.network.directory
    secret = try SharedSecret("alpha", in: directory + "/secret")
    cluster = try bed.cluster(
      "alpha",
      members: count,
      files: secret.files,
      mountsCertificates: false,
      environment: environment
    )
    for member in cluster.members {
      let mount = try secret.mount(at: member.directory + "/secret", group: member.user.group)
      member.environment.merge(mount.files.variables) { $1 }
    }
    outside = try secret.mount(at: directory + "/outside", group: UnixUser.postgres.group)
    cluster.certificate = outside.files
    try cluster.bootstrap()
    // A standby that lost its connection asks for another one at once.
    try cluster.configure(
      #"{"postgresql": {"parameters": {"wal_retrieve_retry_interval": "300ms"}}}"#
    )
    try eventually("standbys connect again at once") {
      try cluster.members.allSatisfy {
        try $0.query("SHOW wal_retrieve_retry_interval") == "300ms"
      }
    }
  }

  var leader: Member { cluster[0] }

  /// Where `member` has the Secret mounted.
  func mount(of member: Member) throws -> SecretMount {
    try #require(
      zip(cluster.members, secret.mounts).first { $0.0 === member }.map { $0.1 }
    )
  }

  /// Starts an application with a connection for every transaction, and one with connections that
  /// last; both have a password, and check who the server is.
  func startLoad() throws -> [Load] {
    try leader.query("CREATE ROLE application LOGIN PASSWORD '\(password)'")
    try leader.query("GRANT CREATE ON SCHEMA public TO application")
    let settings =
      "host=\(leader.host.names[0]) dbname=postgres user=application sslmode=verify-full "
      + "sslrootcert=\(outside.files.authority)"
    try Load.prepare(on: client, settings, password: password)
    return try [
      ("reconnecting", ["--connect", "--client=2", "--rate=25"]),
      ("lasting", ["--client=4", "--rate=50"]),
    ].map { name, options in
      try Load(on: client, settings, password: password, options, log: "\(directory)/\(name)")
    }
  }

  /// Who runs on each member, and since when.
  func processes() throws -> [String] {
    try cluster.members.map { member in
      let file = member.dataDirectory + "/postmaster.pid"
      let postmaster = try String(contentsOfFile: file, encoding: .utf8).prefix { $0 != "\n" }
      let since = try member.query("SELECT pg_postmaster_start_time()")
      let patroni = try #require(member.firstProcess)
      let watcher = try #require(member.certificateWatcher)
      return "\(member.name): \(patroni), \(watcher.id), server \(postmaster) since \(since)"
    }
  }

  /// Renews the certificate and brings it to all pods at once; within five seconds every member
  /// shows it.
  func publishRenewed() throws {
    try secret.generate()
    for mount in secret.mounts { try secret.publish(to: mount) }
    let taken = try waitForCertificate(within: 5)
    print("seconds until the new certificate was shown:\n\(taken)")
    let serial = try secret.serial
    for member in cluster.members {
      for interface in Member.Interface.allCases {
        #expect(try member.shownSerial(by: interface, to: client) == serial)
      }
    }
  }

  /// Waits until every member's server and REST API show the Secret's certificate, and returns how
  /// many seconds each took.
  @discardableResult
  func waitForCertificate(within seconds: Int) throws -> String {
    let start = Date().timeIntervalSince1970
    let servers = cluster.members.flatMap {
      ["postgres:\($0.host.names[0]):5432", "\($0.host.names[0]):8008"]
    }
    return try Command.output(
      client.host.words(
        [
          Repository.virtualEnvironment + "/bin/python3",
          Repository.root + "/Tests/ClusterTests/Rotation/shown.py",
          outside.files.certificate, "\(start)", "\(seconds)",
        ] + servers
      )
    )
  }

  /// Standbys that have to connect again can, nodes log in to the leader as superuser, and all of
  /// them show one of `serials`.
  func expectNewConnections(showing serials: Set<String>) throws {
    let old = Set(try replicationConnections().map { $0.process })
    try leader.query("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
    try eventually("every standby streams on a new connection", within: 20) {
      let new = try replicationConnections()
      return new.count == cluster.members.count - 1
        && new.allSatisfy { $0.isStreaming && !old.contains($0.process) }
    }
    let shown =
      try replicationConnections().map { $0.serial }
      + cluster.members.map { try $0.shownSerial(to: leader) }
    #expect(Set(shown).isSubset(of: Set(serials.map { SerialNumber.decimal($0) })))
  }

  private struct ReplicationConnection {
    let process: String
    let isStreaming: Bool
    let serial: String
  }

  private func replicationConnections() throws -> [ReplicationConnection] {
    try leader.query(
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
