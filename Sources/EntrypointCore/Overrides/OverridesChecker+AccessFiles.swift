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
          report(item.origin, "an item of \(name) is not text", hint: "Write it in quotes.")
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
      line = try HBALine(parsing: text, version: settings.version)
    } catch {
      report(origin, "invalid record: \(error.message)", detail: error.detail, hint: error.hint)
      return nil
    }
    if let record = line.record {
      if record.connection == .hostssl, settings.tls.mode == .disable {
        report(
          origin,
          "record matches no connection with PGSSLMODE=disable",
          hint: "Write host instead of hostssl.",
          as: .warning
        )
      }
      if let weakness = record.weakness {
        report(origin, "record " + weakness.message, hint: weakness.hint, as: .warning)
      }
      if settings.tls.mode.alwaysEncrypts, record.match.takesPlainTCP, record.method != .reject,
        !record.isLocal
      {
        report(
          origin,
          "record allows connections without TLS, which PGSSLMODE=\(settings.tls.mode.rawValue) "
            + "forbids",
          hint: "Write hostssl instead of \(record.connection.rawValue).",
          as: .warning
        )
      }
      checkCover(of: record, line, origin)
      if record.method == .oauth { recordsWithOAuth.append(origin) }
    }
    return YAMLNode(line.holdsSecret ? .secret(Secret(text)) : .string(text), origin: origin)
  }

  /// The first record that matches a connection decides; there is no second try.
  ///
  /// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
  private mutating func checkCover(
    of record: HBALine.Record,
    _ line: HBALine,
    _ origin: YAMLOrigin?
  ) {
    let name = line.holdsSecret ? "the one at \(origin?.description ?? "")" : quoted(line.text)
    if cover == nil { cover = coverOfNodes }
    guard let earlier = cover?.add(record.match, name: name), !earlier.isEmpty else { return }
    report(
      origin,
      "record never matches",
      detail: "Its connections are decided by \(earlier.joined(separator: " and ")) above it.",
      hint: "Remove it.",
      as: .warning
    )
  }

  /// The records above the operator's.
  private var coverOfNodes: HBACover {
    var cover = HBACover()
    for rule in HBARules.ofNodes(for: settings).map({ $0.wrappedValue }) {
      do throws(AccessFileFault) {
        let line = try HBALine(parsing: rule.line, version: settings.version)
        if let record = line.record { _ = cover.add(record.match, name: quoted(rule.line)) }
      } catch {
        // A role or an address that only stands in for a faulty one.
      }
    }
    return cover
  }

  mutating func identLine(_ text: String, _ origin: YAMLOrigin?) -> YAMLNode? {
    do throws(AccessFileFault) {
      let line = try IdentLine(parsing: text, version: settings.version)
      guard line.map != IdentMappings.map else {
        report(
          origin,
          "map \(IdentMappings.map) cannot be added to",
          detail: "Anyone it names can log in as nodes do.",
          hint: "Set NODE_CERT_NAMES and NODE_APP_ROLES, or choose another name for the map."
        )
        return nil
      }
      return YAMLNode(.string(text), origin: origin)
    } catch {
      report(origin, "invalid map entry: \(error.message)", detail: error.detail, hint: error.hint)
      return nil
    }
  }
}

extension HBALine.Record {
  /// What lets in clients on other hosts that have proved too little.
  fileprivate var weakness: (message: String, hint: String)? {
    if isLocal { return nil }
    switch (method, clientCertificate) {
    case (.trust, .none):
      return (
        "lets clients on other hosts connect without authentication",
        "Write scram-sha-256 or cert instead of trust."
      )
    case (.trust, .ofTheAuthority):
      return (
        "lets every client with a certificate of the CA connect as any role that it names",
        "Write clientcert=verify-full, which compares the certificate's name with the role."
      )
    case (.ident, .none), (.ident, .ofTheAuthority):
      return (
        "lets clients connect as the user that their own hosts report",
        "Write scram-sha-256 or cert instead of ident."
      )
    default: return nil
    }
  }
}
