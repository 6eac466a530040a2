import PostgresConfig

/// Why something cannot be added to `citus.node_conninfo`.
struct NodeConnectionFault: Error {
  let message: String
  var detail: String?
  var hint: String?
}

// Citus takes some of libpq's keywords only. With another one it starts all the same, with a mere
// warning, and its nodes then connect by sslmode=require; so the check has to be made beforehand.
//
// See <https://docs.citusdata.com/en/stable/develop/api_guc.html#citus-node-conninfo-text>.
enum NodeConnectionAdditions {
  private static let mandatory: [(keyword: String, instead: String)] = [
    ("sslmode", "Set PGSSLMODE."), ("sslrootcert", "Set PGSSLROOTCERT."),
    ("sslcert", "Set PGSSLCERT."), ("sslkey", "Set PGSSLKEY."), ("sslcrl", "Set PGSSLCRL."),
  ]

  static func read(
    _ text: String,
    version: PostgresVersion,
    citus: CitusVersion?
  ) throws(NodeConnectionFault) -> [(keyword: NodeConnectionInfo.Keyword, value: String)] {
    let pairs: [(keyword: String, value: String)]
    do throws(ConnectionString.Fault) {
      pairs = try ConnectionString.pairs(in: text)
    } catch {
      throw NodeConnectionFault(message: "is no connection string: \(error.reason)")
    }
    var additions: [(keyword: NodeConnectionInfo.Keyword, value: String)] = []
    for pair in pairs {
      let keyword = try keyword(pair.keyword)
      try check(keyword, version, citus)
      guard keyword.accepts(pair.value) else {
        let value = ConnectionString.holdsSecret(text) ? Secret.redacted : quoted(pair.value)
        throw NodeConnectionFault(message: "keyword \(pair.keyword) has invalid value \(value)")
      }
      guard !additions.contains(where: { $0.keyword == keyword }) else {
        throw NodeConnectionFault(message: "keyword \(pair.keyword) stands twice")
      }
      additions.append((keyword, pair.value))
    }
    return additions
  }

  private static func keyword(
    _ name: String
  ) throws(NodeConnectionFault) -> NodeConnectionInfo.Keyword {
    if let key = mandatory.first(where: { $0.keyword == name }) {
      throw NodeConnectionFault(
        message: "keyword \(name) cannot be set here",
        detail: "It keeps the connections between the nodes working.",
        hint: key.instead
      )
    }
    if let keyword = NodeConnectionInfo.Keyword(rawValue: name) { return keyword }
    let others = NodeConnectionInfo.Keyword.allCases.map { $0.rawValue }.filter { name in
      !mandatory.contains { $0.keyword == name }
    }
    throw NodeConnectionFault(
      message: "keyword \(quoted(name)) is not accepted",
      detail: name == "host"
        ? "Citus could not move shards any more: every node would be that host."
        : "Citus would fall back to sslmode=require. Accepted are \(others.joined(separator: ", ")).",
      hint: name == "password" || name == "passfile" ? "Set NODE_PASSFILE." : nil
    )
  }

  private static func check(
    _ keyword: NodeConnectionInfo.Keyword,
    _ version: PostgresVersion,
    _ citus: CitusVersion?
  ) throws(NodeConnectionFault) {
    guard let since = keyword.since else { return }
    guard version.major >= since.postgres else {
      throw NodeConnectionFault(
        message: "keyword \(keyword.rawValue) is not known before PostgreSQL \(since.postgres)",
        detail: "PG_MAJOR is \(version.major)."
      )
    }
    guard let citus else {
      throw NodeConnectionFault(
        message: "keyword \(keyword.rawValue) is not accepted by every version of Citus",
        hint: "Set CITUS_VERSION."
      )
    }
    guard citus >= since.citus else {
      throw NodeConnectionFault(
        message: "keyword \(keyword.rawValue) is not accepted by this version of Citus"
      )
    }
  }
}
