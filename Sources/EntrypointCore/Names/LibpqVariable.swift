import PostgresConfig

/// What becomes of a variable that libpq reads.
///
/// libpq takes from its environment what a connection string does not say. Patroni, the server's
/// replication and the connections of Citus would all inherit it, and neither of them asked for it; what
/// the program itself reads reaches them by the file.
/// See <https://www.postgresql.org/docs/current/libpq-envars.html>.
enum LibpqVariable {
  /// Those that the program reads, and hands on with the values that the file has.
  static let followed: Set<String> = [
    "PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY", "PGSSLCRL", "PGCHANNELBINDING",
  ]

  /// The rest, with what to do instead where there is something; they are left out of Patroni's
  /// environment.
  static let leftOut: [(name: String, hint: String?)] = [
    ("PGHOST", nil), ("PGHOSTADDR", nil), ("PGPORT", nil), ("PGDATABASE", nil), ("PGUSER", nil),
    (
      "PGPASSWORD", "Name a file in NODE_PASSFILE for roles that log in to other nodes by password."
    ),
    ("PGPASSFILE", "Name it in NODE_PASSFILE for roles that log in to other nodes by password."),
    ("PGREQUIREAUTH", "Set NODE_AUTH to the method by which nodes log in to each other."),
    ("PGAPPNAME", nil),
    ("PGOPTIONS", "Set parameters in postgresql.parameters of PATRONI_CONFIGURATION."),
    ("PGSERVICE", nil), ("PGSERVICEFILE", nil), ("PGSYSCONFDIR", nil),
    ("PGTARGETSESSIONATTRS", nil),
    ("PGLOADBALANCEHOSTS", nil), ("PGREQUIREPEER", nil),
    ("PGCONNECT_TIMEOUT", "Set connect_timeout in citus.node_conninfo of PATRONI_CONFIGURATION."),
    ("PGCLIENTENCODING", nil),
    ("PGTZ", "Set timezone in postgresql.parameters of PATRONI_CONFIGURATION."),
    ("PGDATESTYLE", "Set datestyle in postgresql.parameters of PATRONI_CONFIGURATION."),
    ("PGGEQO", nil),
    ("PGGSSENCMODE", nil), ("PGKRBSRVNAME", nil), ("PGGSSLIB", nil), ("PGGSSDELEGATION", nil),
    ("PGREALM", nil), ("PGTTY", nil),
    ("PGREQUIRESSL", "Set PGSSLMODE."), ("PGSSLCOMPRESSION", nil), ("PGSSLNEGOTIATION", nil),
    ("PGSSLSNI", nil),
    ("PGSSLCERTMODE", "Set NODE_AUTH=cert for nodes that log in by certificate."),
    ("PGSSLCRLDIR", "Set PGSSLCRL to one file."),
    (
      "PGSSLMINPROTOCOLVERSION",
      "Set ssl_min_protocol_version in postgresql.parameters of PATRONI_CONFIGURATION."
    ),
    (
      "PGSSLMAXPROTOCOLVERSION",
      "Set ssl_max_protocol_version in postgresql.parameters of PATRONI_CONFIGURATION."
    ),
    ("PGMINPROTOCOLVERSION", nil), ("PGMAXPROTOCOLVERSION", nil), ("PGOAUTHDEBUG", nil),
  ]

  /// Whether `name` is left out.
  static func isLeftOut(_ name: String) -> Bool { entry(name) != nil }

  private static func entry(_ name: String) -> (name: String, hint: String?)? {
    guard name.begins(with: "PG") else { return nil }
    return leftOut.first { $0.name == name }
  }

  /// Tells which of `others`, which the program does not read, are left out.
  static func notes(on others: [String]) -> [Problem] {
    others.compactMap { name in
      guard let entry = entry(name) else { return nil }
      return Problem(
        .note,
        name,
        "is not passed on to Patroni",
        detail: name == "PGPASSWORD"
          ? "Every process of the server could read it there."
          : "libpq would use it in every connection of Patroni, of standbys and between nodes.",
        hint: entry.hint
      )
    }
  }
}
