import PatroniConfig
import PostgresConfig

/// The cluster that this member belongs to.
struct ClusterSettings: Sendable {
  @Sourced var scope: String
  var citus: CitusMembership?

  struct CitusMembership: Sendable {
    @Sourced var group: Int
    @Sourced var database: String

    init(group: Sourced<Int>, database: Sourced<String>) {
      (_group, _database) = (group, database)
    }
  }

  init(from reader: inout EnvironmentReader) {
    let scope = reader.required(.scope, hint: "Set PATRONI_SCOPE to the name of the cluster.")
    _scope = reader.value(of: scope, .scope, expectation: Self.objectNameExpectation) {
      Self.isObjectName($0) ? $0 : nil
    }.or("")
    let group = reader.value(
      .citusGroup,
      expectation: "It must be a whole number from 0 to 2147483647; 0 is the coordinator. Patroni "
        + "would read a number with leading zeros as octal."
    ) { text in
      Int(text).flatMap { (0...Int(Int32.max)).contains($0) && String($0) == text ? $0 : nil }
    }
    let database = reader.value(
      .citusDatabase,
      expectation: "It must be at most \(RoleName.longestName) bytes without control characters."
    ) { text in
      text.utf8.count <= RoleName.longestName && !text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
        ? text : nil
    }
    if group.wrappedValue != nil || group.isFaulty {
      citus = CitusMembership(group: group.or(0), database: database.or("citus"))
    }
  }

  static let objectNameExpectation =
    "It must be letters, digits, dots, hyphens and underscores, begin with a letter or digit, "
    + "and be at most 63 bytes long: it becomes part of Kubernetes names and labels."

  /// Whether `text` can be a Kubernetes label value, which is what Patroni makes of it.
  ///
  /// See <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/>.
  static func isObjectName(_ text: String) -> Bool {
    text.utf8.count <= 63
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        HostName.isLabel($0)
      }
  }
}
