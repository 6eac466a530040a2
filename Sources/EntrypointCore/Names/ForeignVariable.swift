import PostgresConfig

/// A variable that other images of PostgreSQL read, and this one does not.
///
/// Somebody who comes from such an image has it in the pod, and believes that it does something.
enum ForeignVariable {
  /// What to do instead of setting `name`, or nil when no image that we know reads it.
  ///
  /// See <https://hub.docker.com/_/postgres>, <https://github.com/bitnami/containers/tree/main/bitnami/postgresql>
  /// and <https://github.com/zalando/spilo/blob/master/ENVIRONMENT.rst>.
  static func hint(for name: String) -> String? {
    guard name.begins(with: "POSTGRES") || name.begins(with: "PG") || name.begins(with: "S") else {
      return nil
    }
    for (theirs, ours) in renamed where Words(theirs).contains(name) { return "Set \(ours)." }
    return others.first { $0.name == name }?.hint
  }

  private static let renamed: [(theirs: String, ours: String)] = [
    (
      "POSTGRES_PASSWORD POSTGRESQL_PASSWORD POSTGRESQL_POSTGRES_PASSWORD PGPASSWORD_SUPERUSER",
      "PATRONI_SUPERUSER_PASSWORD"
    ),
    (
      "POSTGRES_PASSWORD_FILE POSTGRESQL_PASSWORD_FILE POSTGRESQL_POSTGRES_PASSWORD_FILE",
      "PATRONI_SUPERUSER_PASSWORD_FILE"
    ),
    ("POSTGRES_USER POSTGRESQL_USERNAME PGUSER_SUPERUSER", "PATRONI_SUPERUSER_USERNAME"),
    ("POSTGRESQL_REPLICATION_USER PGUSER_STANDBY", "PATRONI_REPLICATION_USERNAME"),
    ("POSTGRESQL_REPLICATION_PASSWORD PGPASSWORD_STANDBY", "PATRONI_REPLICATION_PASSWORD"),
    ("POSTGRES_HOST_AUTH_METHOD", "CLIENT_AUTH"),
    ("POSTGRES_INITDB_ARGS POSTGRESQL_INITDB_ARGS", "bootstrap.initdb in PATRONI_CONFIGURATION"),
    (
      "POSTGRES_INITDB_WALDIR POSTGRESQL_INITDB_WAL_DIR",
      "bootstrap.initdb in PATRONI_CONFIGURATION"
    ),
    ("POSTGRESQL_DATA_DIR PGROOT", "PATRONI_POSTGRESQL_DATA_DIR"),
    ("POSTGRESQL_PORT_NUMBER", "PATRONI_POSTGRESQL_LISTEN"),
    ("POSTGRESQL_ENABLE_TLS", "PGSSLMODE"),
    ("POSTGRESQL_TLS_CERT_FILE SSL_CERTIFICATE_FILE", "PGSSLCERT"),
    ("POSTGRESQL_TLS_KEY_FILE SSL_PRIVATE_KEY_FILE", "PGSSLKEY"),
    ("POSTGRESQL_TLS_CA_FILE SSL_CA_FILE", "PGSSLROOTCERT"),
    ("POSTGRESQL_TLS_CRL_FILE SSL_CRL_FILE", "PGSSLCRL"),
    ("SPILO_CONFIGURATION", "PATRONI_CONFIGURATION"), ("SCOPE", "PATRONI_SCOPE"),
    ("PGVERSION", "PG_MAJOR"),
  ]

  private static let inSQL = "Create it with SQL when the cluster runs."

  private static let others: [(name: String, hint: String)] = [
    ("POSTGRES_DB", inSQL), ("POSTGRESQL_DATABASE", inSQL), ("PGUSER_ADMIN", inSQL),
    ("PGPASSWORD_ADMIN", inSQL),
  ]

  /// Where official images of PostgreSQL, and this one, set PGDATA to.
  private static func isOfAnImage(_ directory: String) -> Bool {
    directory == ServerSettings.defaultDataDirectory || directory.hasPrefix("/var/lib/postgresql/")
  }

  /// Tells which of `others`, which the program does not read, are of other images.
  static func notes(
    on others: [String],
    in environment: Environment,
    dataDirectory: String?
  ) -> [Problem] {
    others.compactMap { name in
      if name == "PGDATA" {
        guard let value = environment.text(name), let dataDirectory, value != dataDirectory,
          !isOfAnImage(value)
        else { return nil }
        return note(
          name,
          "The data directory is \(quoted(dataDirectory)).",
          hint: "Set PATRONI_POSTGRESQL_DATA_DIR to use another one."
        )
      }
      guard let hint = hint(for: name) else { return nil }
      let isSecret = SecretName.isSecret(name)
      return note(
        name,
        "Other images read it\(isSecret ? "; it is not passed on to Patroni" : "").",
        hint: hint
      )
    }
  }

  private static func note(_ name: String, _ detail: String, hint: String) -> Problem {
    Problem(.note, name, "has no effect", detail: detail, hint: hint)
  }
}
