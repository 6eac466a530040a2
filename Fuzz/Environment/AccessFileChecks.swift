import PostgresConfig

@testable import EntrypointCore

/// Stops when the records of the file are not those of the nodes, lines of the operator's, and those of the
/// clients, in this order, or when one of them reads otherwise than it was meant.
func checkRecords(_ document: Value, _ settings: Settings) {
  guard var lines = document[["postgresql", "pg_hba"]]?.texts else { stop("no records") }
  if let comment = settings.nodes.auth.comment {
    require(lines.removeFirst() == comment && comment.utf8.first == UInt8(ascii: "#"), "no comment")
  }
  let nodes = HBARules.ofNodes(for: settings)
  let clients = HBARules.clients(settings)
  require(lines.count == nodes.count + settings.overrides.hba.count + clients.count, "more lines")
  let ours = Array(zip(nodes, lines)) + Array(zip(clients, lines.suffix(clients.count)))
  for (record, line) in ours {
    require(AccessRecord(record.wrappedValue) == AccessRecord(line: line), line)
  }
  for line in lines.dropFirst(nodes.count).dropLast(clients.count) { checkOperatorLine(line) }
}

/// Stops when a mapping of the file reads otherwise than it was meant, or when a line of the operator's adds to
/// the nodes' map.
func checkMappings(_ document: Value, _ settings: Settings) {
  let lines = document[["postgresql", "pg_ident"]]?.texts ?? []
  let mappings = IdentMappings.make(for: settings)
  require(lines.count == mappings.count + settings.overrides.ident.count, "more lines")
  for (mapping, line) in zip(mappings, lines) {
    check(mapping.wrappedValue, line, settings.version)
  }
  for line in lines.dropFirst(mappings.count) {
    checkOperatorLine(line)
    require(AccessLine(line).fields.first?.contains { $0.text == "cnmap" } != true, line)
  }
}

/// A line of the operator's is one line, of this file alone.
private func checkOperatorLine(_ line: String) {
  require(!line.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }, line)
  require(line.utf8.last != UInt8(ascii: "\\"), line)
  let read = AccessLine(line)
  require(!read.isOpen, line)
  for token in read.fields.joined() where !token.isQuoted {
    require(!token.text.hasPrefix("@"), line)
  }
  if let first = read.fields.first?.first, !first.isQuoted {
    require(!first.text.hasPrefix("include"), line)
  }
}

private func check(_ mapping: IdentMapping, _ line: String, _ version: PostgresVersion) {
  guard let tokens = AccessLine(line).single, tokens.count == 3 else { stop(line) }
  require(tokens[0] == AccessLine.Token(text: mapping.map, isQuoted: false), line)
  // Before version 16 the whole file is given up because of a longer token.
  require(tokens.allSatisfy { $0.text.utf8.count < 10_240 }, "too long: \(line)")
  require(tokens[1].isQuoted, line)
  switch mapping.systemName {
  case .exactly(let name): require(tokens[1].text == name && !name.hasPrefix("/"), line)
  case .matching(let pattern): require(tokens[1].text == "/" + pattern, line)
  }
  switch mapping.role {
  case .all: require(AccessRecord.Name(tokens[2]) == .all && version.major >= 16, line)
  case .named(let role):
    require(AccessRecord.Name(tokens[2]) == .role(role.name), line)
    require(version.major < 16 || !role.name.hasPrefix("/"), line)
  }
}

/// Stops when libpq reads something else in `citus.node_conninfo` than was meant, or what Citus refuses.
func checkConnectionInfo(_ document: Value, _ settings: Settings) {
  let path = ["postgresql", "parameters", "citus.node_conninfo"]
  guard let found = document[path] else {
    require(settings.cluster.citus == nil, "no connection string")
    return
  }
  guard case .string(let text) = found, let read = ConnectionString(text)?.values else {
    stop("no connection string: \(found)")
  }
  var meant: [String: String] = [:]
  for pair in settings.nodeConnectionInfo.pairs { meant[pair.keyword.rawValue] = pair.value }
  require(read == meant, "another connection string: \(text)")
  let refused = ["user", "password", "passfile", "dbname", "port", "host", "hostaddr"]
  require(!refused.contains { read[$0] != nil }, "Citus refuses it: \(text)")
  require(read["sslmode"] == settings.tls.mode.rawValue, "another mode: \(text)")
}
