import Foundation
import TestSupport
import Testing

/// Groups of members with the Citus extension: the coordinator's first, then the workers'.
final class CitusCluster {
  static let database = "citus"
  static let password = "open sesame"
  /// Every container sees its own directory there.
  private static let socketDirectory = "/var/run/postgresql"

  let groups: [Cluster]
  private let bed: TestBed
  private let files: CertificateFiles
  private(set) var leaders: [Member]

  /// - Parameter mounted: where the application has its certificates, when whoever makes the cluster
  ///   sees to them and to those in the pods.
  init(_ bed: TestBed, mounted: CertificateFiles? = nil) throws {
    self.bed = bed
    let files = try mounted ?? bed.nodeCertificate("citus")
    self.files = try mounted ?? bed.client.mount(files, as: "authority")
    var environment = [
      "PGSSLMODE": "verify-full", "NODE_ADDRESSES": ".citus.default.svc.cluster.local",
      "RESTAPI_TLS": "on", "PATRONI_REWIND_USERNAME": "rewind",
      "UNIX_SOCKET_DIRECTORY": Self.socketDirectory,
    ]
    if let major = Installation.major, major < 16 { environment["NODE_APP_ROLES"] = "application" }
    groups = try (0...2).map { group in
      try bed.cluster(
        "citus",
        group: group,
        files: files,
        mountsCertificates: mounted == nil,
        environment: environment
      )
    }
    for member in groups.flatMap({ $0.members }) {
      member.mounts = "mount --bind \(member.socketDirectory) \(Self.socketDirectory)"
    }
    leaders = groups.map { $0[0] }
  }

  var coordinator: Member { leaders[0] }

  /// `member` leads its group from now on.
  func follow(_ member: Member, of group: Cluster) throws {
    leaders[group.group ?? 0] = member
    try waitUntilNodesAreKnown()
  }

  /// Starts the coordinator's group, then the workers', and waits until all of them are known.
  func bootstrap() throws {
    for group in groups { try group.startFirst() }
    for group in groups { try group.startOthers() }
    try waitUntilNodesAreKnown()
    try query("ALTER DATABASE citus SET citus.shard_count = 8")
  }

  /// Waits until pg_dist_node says who leads, under the names that nodes have in their certificate.
  func waitUntilNodesAreKnown() throws {
    let expected = leaders.enumerated().map { "\($0.offset)|\($0.element.host.names[0])|t" }
      .joined(separator: "\n")
    try eventually("pg_dist_node holds \(expected)") {
      let known = try query(
        """
        SELECT groupid, nodename, isactive FROM pg_dist_node
        WHERE noderole = 'primary' AND nodeport = 5432 ORDER BY 1
        """
      )
      guard known == expected else { throw Failure("it holds \(known)") }
      return true
    }
  }

  /// Every node reaches every other one.
  func expectHealth() throws {
    #expect(
      try query("SELECT count(*), bool_and(result) FROM citus_check_cluster_node_health()")
        == "9|t"
    )
  }

  /// Patroni keeps the superuser's credentials there; without a password there is none to keep.
  func expectNoPasswordInAuthinfo() throws {
    for leader in leaders {
      let rows = try leader.query("SELECT authinfo FROM pg_dist_authinfo", database: Self.database)
      #expect(!rows.contains("password"))
      #expect(rows.contains("sslcert="))
    }
  }

  /// Makes the role that the application uses, on every node.
  func createApplication() throws {
    try query("CREATE ROLE application LOGIN PASSWORD '\(Self.password)'")
    try query("GRANT CREATE ON SCHEMA public TO application")
  }

  /// Waits until Citus connects to the node that it is on by the socket.
  ///
  /// There the application, which moves shards of its own tables, is asked for no password. Patroni, when it starts an existing data directory, says `localhost`.
  /// See <https://docs.citusdata.com/en/stable/develop/api_guc.html#citus-local-hostname-text>.
  func waitUntilNodesReachThemselves() throws {
    for leader in leaders {
      try eventually("Citus on \(leader.name) connects to itself by the socket") {
        try leader.query("SHOW citus.local_hostname", database: Self.database)
          == Self.socketDirectory
      }
    }
  }

  /// Lets the application make schemas, and columnar tables be made.
  func allowReshaping() throws {
    try query("GRANT CREATE ON DATABASE citus TO application")
    try query("CREATE EXTENSION citus_columnar")
  }

  /// The application makes its tables from outside.
  func createTables() throws {
    try runAsApplication(
      """
      CREATE TABLE customers (id int PRIMARY KEY, region int);
      SELECT create_distributed_table('customers', 'id');
      CREATE TABLE orders (id int, customer int, amount int, PRIMARY KEY (id));
      SELECT create_distributed_table('orders', 'id');
      CREATE TABLE regions (id int PRIMARY KEY, name text);
      SELECT create_reference_table('regions');
      INSERT INTO regions SELECT n, 'region ' || n FROM generate_series(0, 4) n;
      INSERT INTO customers SELECT n, n % 5 FROM generate_series(1, 1000) n;
      INSERT INTO orders SELECT n, 1 + n % 1000, n % 7 FROM generate_series(1, 5000) n;
      """
    )
  }

  /// The application reads across all nodes, with joins that make workers talk to each other.
  ///
  /// Every node takes such queries, the workers as well.
  func expectDistributedQueries() throws {
    try eventually("the application writes on every node") {
      try runAsApplication("UPDATE orders SET amount = amount")
    }
    for leader in leaders { try expectDistributedQueries(on: leader) }
  }

  private func expectDistributedQueries(on node: Member) throws {
    #expect(
      try runAsApplication("SELECT count(*), sum(amount) FROM orders", on: node) == "5000|14997"
    )
    #expect(
      try runAsApplication(
        """
        SET citus.enable_repartition_joins = on;
        SELECT regions.name, count(*) FROM orders JOIN customers ON orders.customer = customers.id
        JOIN regions ON regions.id = customers.region GROUP BY 1 ORDER BY 1 LIMIT 2
        """,
        on: node
      ) == "region 0|1000\nregion 1|1000"
    )
  }

  /// On a worker, the application's role comes from another node, and shows that node's certificate.
  func expectApplicationCameByCertificateFromNodes() throws {
    for worker in leaders.dropFirst() {
      let logins = try worker.logins().filter { $0.user == "application" }
      let fromNodes = logins.filter { $0.source != bed.client.host.address }
      #expect(Set(fromNodes.map { $0.method }) == ["cert"])
      #expect(Set(fromNodes.map { $0.identity }) == ["CN=*.citus.default.svc.cluster.local"])
    }
    let logins = try coordinator.logins().filter { $0.user == "application" }
    let fromOutside = logins.filter { $0.source == bed.client.host.address }
    #expect(Set(fromOutside.map { $0.method }) == ["md5"])
    #expect(Set(fromOutside.map { $0.identity }) == ["application"])
  }

  @discardableResult
  func query(_ sql: String) throws -> String {
    try coordinator.query(sql, database: Self.database)
  }

  @discardableResult
  func runAsApplication(_ sql: String, on node: Member? = nil) throws -> String {
    let result = try bed.client.query(
      applicationSettings(on: node ?? coordinator),
      password: Self.password,
      sql
    )
    guard result.exitCode == 0 else { throw Failure(result) }
    return result.output.trimmingCharacters(in: .newlines)
  }

  /// How the application connects to `node`, but for its password.
  func applicationSettings(on node: Member) -> String {
    "host=\(node.host.names[0]) dbname=\(Self.database) user=application sslmode=verify-full "
      + "sslrootcert=\(files.authority)"
  }
}
