import Foundation
import TestSupport
import Testing

/// Citus groups whose certificates rotate: nodes open connections to each other for what the
/// application asks.
final class RotatingCitus: RotatingMembers {
  let citus: CitusCluster
  let secret: SharedSecret
  let outside: SecretMount
  let client: Client
  private let directory: String

  var clusters: [Cluster] { citus.groups }

  /// Makes the groups, starts them, and makes the application's tables.
  init(_ bed: TestBed) throws {
    client = bed.client
    directory = bed.network.directory
    secret = try SharedSecret("citus", in: directory + "/secret")
    outside = try secret.mount(at: directory + "/outside", group: UnixUser.postgres.group)
    citus = try CitusCluster(bed, mounted: outside.files)
    for group in citus.groups { group.certificate = outside.files }
    try mountSecret()
    try citus.bootstrap()
    for group in citus.groups { try group.hurryStandbys() }
    try citus.createApplication()
    try citus.createTables()
  }

  /// Starts an application with a connection for every transaction, and one with lasting connections.
  ///
  /// Most transactions change rows on two nodes, and are committed in two phases; the others read from
  /// all nodes.
  ///
  /// Rows change in the order of their numbers, so that no transaction waits for one that waits for
  /// it, and what one gets the other loses.
  func startLoad() throws -> [Load] {
    let transfer = try script(
      "transfer",
      """
      \\set one random(1, 2500)
      \\set other random(2501, 5000)
      BEGIN;
      UPDATE orders SET amount = amount - 1 WHERE id = :one;
      UPDATE orders SET amount = amount + 1 WHERE id = :other;
      COMMIT;
      """
    )
    let sum = try script("sum", "SELECT sum(amount) FROM orders;")
    return try [
      ("reconnecting", ["--connect", "--client=2", "--rate=10"]),
      ("lasting", ["--client=4", "--rate=20"]),
    ].map { name, options in
      try Load(
        on: client,
        citus.applicationSettings(on: citus.coordinator),
        password: CitusCluster.password,
        options + ["--file=\(transfer)@9", "--file=\(sum)@1"],
        log: "\(directory)/\(name)"
      )
    }
  }

  private func script(_ name: String, _ sql: String) throws -> String {
    let path = "\(directory)/\(name).sql"
    try sql.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  func expectLogins(showing serials: Set<String>) throws {
    try citus.expectHealth()
    let expected = Set(serials.map { SerialNumber.decimal($0) })
    for leader in citus.leaders {
      let shown = try leader.query(
        """
        SELECT result FROM run_command_on_all_nodes(
          'SELECT client_serial FROM pg_stat_ssl WHERE pid = pg_backend_pid()') WHERE result <> ''
        """,
        database: CitusCluster.database
      ).split(separator: "\n").map { String($0) }
      #expect(shown.count >= citus.leaders.count - 1, "\(leader.name)")
      #expect(Set(shown).isSubset(of: expected), "\(leader.name)")
    }
  }
}
