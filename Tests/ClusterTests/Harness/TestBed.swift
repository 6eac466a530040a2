import Foundation
import TestSupport
import Testing

/// A network with a configuration store and a certificate authority, for the time of one test.
final class TestBed {
  let network: Network
  let store: Store
  let authority: CertificateAuthority
  /// A host that is no member: where applications run.
  let client: Client
  private var members: [Member] = []

  private init(_ family: Network.Family) throws {
    network = try Network(family)
    let directory = network.directory
    authority = try CertificateAuthority("authority", in: directory + "/authority")
    store = try Store(
      on: network.addHost(names: ["store.example", "store"]),
      directory: directory + "/store"
    )
    client = try Client(
      host: network.addHost(names: ["application.example", "application"]),
      directory: directory + "/application"
    )
  }

  /// Runs a test, says how long it took, and removes all that it made.
  ///
  /// What the runner says of it counts the time that it waited for others, too.
  static func run(_ family: Network.Family = .ipv4, _ body: (TestBed) throws -> Void) throws {
    let start = ContinuousClock.now
    let bed = try TestBed(family)
    Attention.pay {
      do {
        try body(bed)
      } catch is ExpectationFailedError {
        // Recorded already.
      } catch {
        // Recorded while the logs are there.
        Issue.record(error)
      }
    }
    try bed.network.remove()
    let seconds = (ContinuousClock.now - start).components.seconds
    print("\(Test.current?.name ?? "a test") took \(seconds) s")
  }

  /// Makes a cluster; nothing is started yet.
  ///
  /// - Parameters:
  ///   - group: the Citus group that the members make up; it becomes part of their names.
  ///   - files: the nodes' certificate; one for the cluster's names unless given.
  ///   - mountsCertificates: whether pods have any certificate.
  ///   - environment: the pod's variables beside the member's own.
  func cluster(
    _ scope: String,
    group: Int? = nil,
    members count: Int = 2,
    user: UnixUser = .postgres,
    files: CertificateFiles? = nil,
    mountsCertificates: Bool = true,
    environment: [String: String]
  ) throws -> Cluster {
    let domain = "\(scope).default.svc.cluster.local"
    let files = try files ?? nodeCertificate(scope)
    var made: [Member] = []
    for index in 0..<count {
      let name = scope + (group.map { "-\($0)" } ?? "") + "-\(index)"
      let host = try network.addHost(names: ["\(name).\(domain)", name])
      let directory = "\(network.directory)/\(name)"
      var variables = ["PATRONI_ETCD3_HOSTS": store.patroniHosts]
      if mountsCertificates {
        let mounted = try files.mount(at: directory + "/tls", group: user.group)
        variables.merge(mounted.variables) { $1 }
      }
      variables["PATRONI_CITUS_GROUP"] = group.map { String($0) }
      made.append(
        try Member(
          name: name,
          scope: scope,
          host: host,
          directory: directory,
          user: user,
          environment: variables.merging(environment) { $1 }
        )
      )
    }
    members += made
    Attention.watch(members)
    let api = try files.mount(
      at: "\(network.directory)/\(scope)-tls",
      group: user.group
    )
    return Cluster(scope: scope, group: group, members: made, certificate: api)
  }

  /// A certificate for the nodes of cluster `scope`.
  func nodeCertificate(_ scope: String) throws -> CertificateFiles {
    let name = "*.\(scope).default.svc.cluster.local"
    return try authority.issue(
      cn: name,
      names: ["DNS:\(name)", "DNS:localhost", "IP:127.0.0.1", "IP:::1"]
    )
  }
}
