import PatroniConfig
import PostgresConfig

// The operator's lines of pg_hba.conf and pg_ident.conf.
extension OverridesChecker {
  /// The lines of a list of texts.
  mutating func lines(
    _ node: YAMLNode,
    _ name: String
  ) -> [(text: String, origin: YAMLOrigin?)] {
    switch node.content {
    case .sequence(let items):
      return items.compactMap { item in
        guard case .string(let text) = item.content else {
          report(item.origin, "an item of \(name) is not a text", hint: "Write it in quotes.")
          return nil
        }
        return (text, item.origin)
      }
    case .plain(_, .null): return []
    default:
      report(node.origin, "\(name) is not a list", hint: "Begin each line with a hyphen.")
      return []
    }
  }

  mutating func record(_ text: String, _ origin: YAMLOrigin?) -> YAMLNode? {
    let line: HBALine
    do throws(AccessFileFault) {
      line = try HBALine(parsing: text, version: context.version)
    } catch {
      report(origin, "record \(error.message)", detail: error.detail, hint: error.hint)
      return nil
    }
    if let record = line.record {
      if record.connection == .hostssl, context.mode == .disable {
        report(
          origin,
          "record matches no connection with PGSSLMODE=disable",
          hint: "Write host instead of hostssl.",
          as: .warning
        )
      }
      if record.method == .trust, !record.isLocal {
        report(
          origin,
          "record lets clients on other hosts in without any proof",
          hint: "Write scram-sha-256 or cert instead of trust.",
          as: .warning
        )
      }
      if record.method == .oauth { recordsWithOAuth.append(origin) }
    }
    return YAMLNode(line.holdsSecret ? .secret(Secret(text)) : .string(text), origin: origin)
  }

  mutating func identLine(_ text: String, _ origin: YAMLOrigin?) -> YAMLNode? {
    do throws(AccessFileFault) {
      let line = try IdentLine(parsing: text, version: context.version)
      guard line.map != IdentMappings.map else {
        report(
          origin,
          "map \(IdentMappings.map) cannot be added to",
          detail: "Whoever it names can log in as the nodes do.",
          hint: "Set NODE_CERT_NAMES and NODE_APP_ROLES, or choose another name for the map."
        )
        return nil
      }
      return YAMLNode(.string(text), origin: origin)
    } catch {
      report(origin, "line \(error.message)", detail: error.detail, hint: error.hint)
      return nil
    }
  }
}
