import PatroniConfig
import PostgresConfig

/// How nodes logged in to this member's server when it ran last, and how they protected that.
///
/// Read from the files that Patroni writes for the server into the data directory: they are there when, and
/// only when, the member has data, on the same volume; `patroni.yml` is gone with the pod in most pods, and
/// a start that never reached the server may have written it. What they do not say is left open.
struct LastLogins: Equatable {
  /// Nil when the records do not say.
  var nodeAuth: NodeAuth?
  /// Every mode that fits the files.
  var modes: [SSLMode]
  /// Whether the server had a certificate that the program made.
  var hasOwnCertificate = false

  /// What `files` say about a superuser of this name.
  init(_ files: PodFiles.ServerFiles, superuser: String) {
    let parameters = PostgresqlConf(files.parameters, naming: Self.parameters)
    var record: HBAFileRecord?
    for line in files.records.split(separator: 0x0a) {
      let text = String(decoding: line, as: UTF8.self)
      if let said = NodeAuth(comment: text) { nodeAuth = nodeAuth ?? said }
      guard let found = HBAFileRecord(text), found.concerns(superuser) else { continue }
      record = found
      break
    }
    if nodeAuth == nil { nodeAuth = record.flatMap { NodeAuth(rawValue: $0.method.rawValue) } }
    modes = Self.modes(parameters, record)
    hasOwnCertificate =
      parameters["ssl_cert_file"]?.hasSuffix("/" + TLSDirectory.selfSignedName) ?? false
  }

  private static let parameters = [
    "ssl", "ssl_ca_file", "ssl_cert_file", "citus.node_conninfo", "primary_conninfo",
  ]

  private static func modes(_ parameters: PostgresqlConf, _ record: HBAFileRecord?) -> [SSLMode] {
    for name in ["citus.node_conninfo", "primary_conninfo"] {
      if let mode = parameters[name].flatMap({ sslMode(in: $0) }) { return [mode] }
    }
    guard let ssl = parameters["ssl"], let record else { return [] }
    guard ssl == "on" else { return [.disable] }
    guard record.connection == .hostssl else { return [.prefer] }
    guard parameters["ssl_ca_file"] != nil else { return [.require] }
    return [.require, .verifyCA, .verifyFull]
  }

  private static func sslMode(in connectionString: String) -> SSLMode? {
    let words = connectionString.split { $0 == " " || $0 == "'" }
    let keyword = "sslmode="
    return words.compactMap {
      $0.hasPrefix(keyword) ? SSLMode(rawValue: String($0.dropFirst(keyword.count))) : nil
    }.last
  }
}

/// What a `postgresql.conf` that Patroni wrote says about some parameters.
private struct PostgresqlConf {
  private var values: [String: String] = [:]

  /// Reads lines such as `ssl = 'on'`; the last of them counts.
  init(_ bytes: [UInt8], naming names: [String]) {
    for line in bytes.split(separator: 0x0a) {
      for name in names where line.starts(with: name.utf8) {
        let rest = String(decoding: line.dropFirst(name.utf8.count), as: UTF8.self)
        let parts = rest.split(separator: "'", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].allSatisfy({ $0 == " " || $0 == "=" }) else { continue }
        values[name] = String(parts[1].last == "'" ? parts[1].dropLast() : parts[1])
      }
    }
  }

  subscript(_ name: String) -> String? { values[name] }
}
