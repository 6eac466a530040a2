import PostgresConfig

/// The cluster that this member belongs to.
struct ClusterSettings: Sendable {
  var scope: String
  var citus: CitusMembership?

  struct CitusMembership: Sendable {
    var group: Int
    var database: String
  }

  init?(from reader: inout EnvironmentReader) {
    let scope = Self.scope(from: &reader)
    let group = reader.value(
      .citusGroup,
      expectation: "It must be a whole number from 0 to 2147483647; 0 is the coordinator."
    ) { text in
      Int(text).flatMap { (0...Int(Int32.max)).contains($0) && !text.hasPrefix("+") ? $0 : nil }
    }
    let database = reader.value(
      .citusDatabase,
      expectation: "It must be at most \(RoleName.longestName) bytes without control characters."
    ) { text in
      text.utf8.count <= RoleName.longestName && !text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
        ? text : nil
    }
    guard let scope, let group = group.optional, let database = database.or("citus") else {
      return nil
    }
    self.scope = scope
    citus = group.map { CitusMembership(group: $0, database: database) }
  }

  private static func scope(from reader: inout EnvironmentReader) -> String? {
    guard
      let scope = reader.required(.scope, hint: "Set PATRONI_SCOPE to the name of the cluster.")
    else { return nil }
    guard isObjectName(scope) else {
      reader.reportInvalid(.scope, scope, expectation: objectNameExpectation, hint: nil)
      return nil
    }
    return scope
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
