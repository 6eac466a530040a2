import Foundation
import TestSupport
import Testing

/// A cluster whose certificates rotate.
final class RotatingCluster: RotatingMembers {
  let cluster: Cluster
  let secret: SharedSecret
  let outside: SecretMount
  let client: Client
  let directory: String

  var clusters: [Cluster] { [cluster] }
  var leader: Member { cluster[0] }

  /// Makes the cluster and starts it.
  convenience init(_ bed: TestBed, members count: Int, environment: [String: String]) throws {
    try self.init(stopped: "alpha", bed, members: count, environment: environment)
    try cluster.bootstrap()
    try cluster.hurryStandbys()
  }

  /// Makes cluster `scope`.
  init(
    stopped scope: String,
    _ bed: TestBed,
    members count: Int,
    environment: [String: String]
  ) throws {
    client = bed.client
    directory = bed.network.directory
    secret = try SharedSecret(scope, in: directory + "/secret")
    outside = try secret.mount(at: directory + "/outside", group: UnixUser.postgres.group)
    cluster = try bed.cluster(
      scope,
      members: count,
      files: secret.files,
      mountsCertificates: false,
      environment: environment
    )
    cluster.certificate = outside.files
    try mountSecret()
  }

  /// Starts an application with a connection for every transaction, and one with connections that
  /// last; both have a password, and check who the server is.
  func startLoad() throws -> [Load] {
    try Load.onNewAndLastingConnections(
      client,
      to: leader,
      "sslmode=verify-full sslrootcert=\(outside.files.authority)",
      log: directory
    )
  }

  func expectLogins(showing serials: Set<String>) throws {
    let shown = try members.map { try $0.shownSerial(to: leader) }
    #expect(Set(shown).isSubset(of: Set(serials.map { SerialNumber.decimal($0) })))
  }
}
