import PatroniConfig
import PostgresConfig

// Citus takes some of libpq's keywords only. With another one it starts all the same, with a mere
// warning, and its nodes then connect by sslmode=require; so the check has to be made beforehand.
//
// See <https://docs.citusdata.com/en/stable/develop/api_guc.html#citus-node-conninfo-text>.
extension OverridesChecker {
  /// Keeps what `text` adds to `citus.node_conninfo`, or reports the first fault.
  mutating func addNodeKeywords(_ text: String, _ origin: YAMLOrigin?) {
    let pairs: [(keyword: String, value: String)]
    do throws(ConnectionString.Fault) {
      pairs = try ConnectionString.pairs(in: text)
    } catch {
      return report(origin, "citus.node_conninfo is not a connection string: \(error.reason)")
    }
    var additions: [(keyword: NodeConnectionInfo.Keyword, value: String)] = []
    for pair in pairs {
      guard let keyword = NodeConnectionInfo.Keyword(rawValue: pair.keyword) else {
        return reportUnknown(pair.keyword, origin)
      }
      if let setting = nodeCredentials?.setting(pair.keyword) {
        let entry = YAMLMapping.Entry(key: pair.keyword, value: .string(pair.value), origin: origin)
        judge(entry, beside: setting, "citus.node_conninfo: keyword \(pair.keyword)")
        continue
      }
      guard isKnown(keyword, origin) else { return }
      guard keyword.accepts(pair.value) else {
        let value = ConnectionString.holdsSecret(text) ? Secret.redacted : quoted(pair.value)
        return reportKeyword("keyword \(pair.keyword) has invalid value \(value)", origin)
      }
      guard !additions.contains(where: { $0.keyword == keyword }) else {
        return reportKeyword("keyword \(pair.keyword) is given twice", origin)
      }
      additions.append((keyword, pair.value))
    }
    result.nodeKeywords = additions
    result.nodeKeywordsOrigin = additions.isEmpty ? nil : origin
  }

  /// What nodes show to each other is what Patroni's superuser shows.
  private var nodeCredentials: YAMLMapping? {
    ours["postgresql"]?["authentication"]?["superuser"]?.mapping
  }

  private mutating func reportKeyword(
    _ message: String,
    _ origin: YAMLOrigin?,
    detail: String? = nil,
    hint: String? = nil
  ) {
    report(origin, "citus.node_conninfo: " + message, detail: detail, hint: hint)
  }

  private mutating func reportUnknown(_ name: String, _ origin: YAMLOrigin?) {
    let accepted = NodeConnectionInfo.Keyword.allCases.map { $0.rawValue }.filter {
      nodeCredentials?.setting($0) == nil
    }
    reportKeyword(
      "keyword \(quoted(name)) is not accepted",
      origin,
      detail: name == "host"
        ? "Citus could no longer move shards: every node would be that host."
        : "Citus would fall back to sslmode=require. Accepted keywords are "
          + "\(accepted.joined(separator: ", ")).",
      hint: name == "password" || name == "passfile" ? "Set NODE_PASSFILE." : nil
    )
  }

  private mutating func isKnown(
    _ keyword: NodeConnectionInfo.Keyword,
    _ origin: YAMLOrigin?
  ) -> Bool {
    guard let since = keyword.since else { return true }
    let name = "keyword \(keyword.rawValue)"
    let major = settings.version.major
    if major < since.postgres {
      reportKeyword(
        "\(name) is not known before PostgreSQL \(since.postgres)",
        origin,
        detail: "PG_MAJOR is \(major)."
      )
    } else if let citusVersion {
      if citusVersion >= since.citus { return true }
      reportKeyword("\(name) is not accepted by this version of Citus", origin)
    } else {
      reportKeyword(
        "\(name) is not accepted by every version of Citus",
        origin,
        hint: "Set CITUS_VERSION."
      )
    }
    return false
  }
}
