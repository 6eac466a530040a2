import PatroniConfig

// What the operator's document cannot set: what keeps the nodes talking, and what the environment
// says already. Each key has the reason, and what to do instead.

/// A key that only the program sets.
struct MandatoryKey {
  /// Why, in a sentence.
  let reason: String
  /// What to do instead, in a sentence.
  let hint: String?

  /// The key at `path`, or nil when it is the operator's.
  ///
  /// What the dynamic configuration says about a member is the same key in another place.
  static func at(_ path: String) -> MandatoryKey? { table[local(path)] }

  /// Whether keys of the program's own stand below `path`, so that it must stay a mapping.
  static func isAbove(_ path: String) -> Bool { sections.contains(local(path)) }

  private static func local(_ path: String) -> String {
    path.hasPrefix("bootstrap.dcs.") ? String(path.dropFirst(14)) : path
  }

  private static let sections: Set<String> = {
    var sections: Set<String> = ["bootstrap", "bootstrap.dcs"]
    for path in table.keys {
      var rest = path[...]
      while let dot = rest.lastIndex(of: ".") {
        rest = rest[..<dot]
        sections.insert(String(rest))
      }
    }
    return sections
  }()

  private static let nodes = "Other members reach this one by it."
  private static let tls = "It keeps the connections between the nodes working."
  private static let patroni = "Patroni sets it itself."
  private static let api = "Other members and patronictl reach Patroni by it."

  private static let table: [String: MandatoryKey] = {
    var table: [String: MandatoryKey] = [:]
    func add(_ path: String, _ variable: String, _ reason: String) {
      table[path] = MandatoryKey(reason: reason, hint: "Set \(variable).")
    }
    func refuse(_ path: String, _ reason: String, hint: String? = nil) {
      table[path] = MandatoryKey(reason: reason, hint: hint)
    }
    add("name", "PATRONI_NAME", nodes)
    add("scope", "PATRONI_SCOPE", "It names the cluster in its store.")
    add("citus", "PATRONI_CITUS_GROUP and PATRONI_CITUS_DATABASE", "It decides the member's group.")
    add("kubernetes.namespace", "PATRONI_KUBERNETES_NAMESPACE", "The cluster's objects are there.")
    add("kubernetes.pod_ip", "PATRONI_KUBERNETES_POD_IP", nodes)
    refuse("bootstrap.pg_hba", "Patroni would not read it.", hint: "Write it in postgresql.pg_hba.")

    add("postgresql.listen", "PATRONI_POSTGRESQL_LISTEN", nodes)
    add("postgresql.connect_address", "CONNECT_BY or PATRONI_POSTGRESQL_CONNECT_ADDRESS", nodes)
    add("postgresql.data_dir", "PATRONI_POSTGRESQL_DATA_DIR", "The program looks there, too.")
    for key in ["use_unix_socket", "use_unix_socket_repl"] {
      refuse("postgresql.\(key)", "Over TCP verify-full would ask for a certificate of localhost.")
    }
    addRoles(add)
    addParameters(add)
    refuse("postgresql.parameters.hot_standby", patroni)

    add("restapi.connect_address", "PATRONI_RESTAPI_CONNECT_ADDRESS", api)
    add("restapi.listen", "PATRONI_RESTAPI_LISTEN", api)
    for key in ["certfile", "keyfile", "keyfile_password", "cafile", "verify_client"] {
      add("restapi.\(key)", "RESTAPI_TLS=on", "It uses the node's certificate.")
    }
    for key in ["cacert", "certfile", "keyfile", "keyfile_password"] {
      add("ctl.\(key)", "RESTAPI_TLS=on", "It uses the node's certificate.")
    }
    for (section, name) in [("restapi", "RESTAPI"), ("ctl", "CTL")] {
      add(
        "\(section).authentication",
        "PATRONI_\(name)_USERNAME and PATRONI_\(name)_PASSWORD",
        "A password belongs into a secret."
      )
    }
    return table
  }()

  private static func addRoles(_ add: (String, String, String) -> Void) {
    let keys = [
      ("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"),
      ("sslkey", "PGSSLKEY"), ("sslcrl", "PGSSLCRL"), ("sslcrldir", "PGSSLCRL"),
      ("channel_binding", "PGCHANNELBINDING"),
    ]
    for role in ["superuser", "replication", "rewind"] {
      let path = "postgresql.authentication.\(role)"
      let name = "PATRONI_\(role.uppercased())"
      add("\(path).username", "\(name)_USERNAME", "The records for nodes name the role.")
      add("\(path).password", "\(name)_PASSWORD", "A password belongs into a secret.")
      for (key, variable) in keys { add("\(path).\(key)", variable, tls) }
      add(
        "\(path).sslpassword",
        "PGSSLKEY to a key that is not encrypted",
        "PostgreSQL could not ask for it."
      )
    }
  }

  private static func addParameters(_ add: (String, String, String) -> Void) {
    let parameters = [
      ("ssl", "PGSSLMODE", tls), ("ssl_ca_file", "PGSSLROOTCERT", tls),
      ("ssl_cert_file", "PGSSLCERT", tls), ("ssl_key_file", "PGSSLKEY", tls),
      ("ssl_crl_file", "PGSSLCRL", tls), ("ssl_crl_dir", "PGSSLCRL", tls),
      ("unix_socket_directories", "UNIX_SOCKET_DIRECTORY", "Patroni connects there."),
      ("listen_addresses", "PATRONI_POSTGRESQL_LISTEN", patroni),
      ("port", "PATRONI_POSTGRESQL_LISTEN", patroni), ("cluster_name", "PATRONI_SCOPE", patroni),
      ("data_directory", "PATRONI_POSTGRESQL_DATA_DIR", patroni),
      ("hba_file", "postgresql.pg_hba in this document", "The records for nodes stand in it."),
      ("ident_file", "postgresql.pg_ident in this document", "The nodes' map stands in it."),
      ("config_file", "single parameters in this document", patroni),
      ("include", "single parameters in this document", "It could set what must not change."),
      ("include_dir", "single parameters in this document", "It could set what must not change."),
      (
        "include_if_exists", "single parameters in this document",
        "It could set what must not change."
      ),
      (
        "password_encryption", "NODE_AUTH and CLIENT_AUTH",
        "The stored passwords must fit the methods in pg_hba.conf."
      ),
    ]
    for (name, instead, reason) in parameters {
      add("postgresql.parameters.\(name)", instead, reason)
    }
  }
}

/// Parameters that count in the dynamic configuration only, the same on all members.
///
/// See <https://patroni.readthedocs.io/en/latest/patroni_configuration.html>.
enum DynamicParameters {
  static let names: Set<String> = [
    "max_connections", "max_locks_per_transaction", "max_worker_processes",
    "max_prepared_transactions", "wal_level", "track_commit_timestamp", "max_wal_senders",
    "max_replication_slots", "wal_keep_segments", "wal_keep_size", "wal_log_hints",
  ]
}
