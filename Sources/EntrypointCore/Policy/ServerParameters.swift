import PatroniConfig
import PostgresConfig

// The parameters that this image decides. They stand in the local section, which follows an
// upgrade of the image; what is in `bootstrap.dcs` never changes again.
//
// See <https://patroni.readthedocs.io/en/latest/patroni_configuration.html>.
extension Settings {
  var parameters: YAMLMapping {
    var parameters = YAMLMapping()
    parameters.addMandatory(
      "unix_socket_directories",
      server.$unixSocketDirectory,
      "Patroni connects there"
    )
    addPasswordEncryption(to: &parameters)
    addTLS(to: &parameters)
    if cluster.citus != nil {
      // The operator adds keywords to it; see `NodeConnectionAdditions`.
      var value = YAMLNode.string(nodeConnectionInfo.text)
      value.origin = overrides.nodeKeywordsOrigin
      parameters.add("citus.node_conninfo", value, tls.$mode.source)
      addOutputPlugins(to: &parameters)
    }
    reservePatronis(in: &parameters)
    return parameters
  }

  /// What the server allows by default, and the plug-ins of Citus: it splits shards by one of them, and
  /// hands changes on by the other.
  ///
  /// Patroni leaves the parameter out where a server is too old to have it: before 14.24, 15.19, 16.15, 17.11
  /// and 18.5.
  ///
  /// See
  /// <https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-OUTPUT-PLUGIN-LIBRARIES>.
  private func addOutputPlugins(to parameters: inout YAMLMapping) {
    guard version.hasOutputPlugins else { return }
    parameters.add(
      OutputPlugins.parameter,
      .string("pgoutput, test_decoding, citus, citus_pgoutput"),
      .byDefault("Citus moves and splits shards with output plugins that the server must allow")
    )
  }

  /// A method that takes SCRAM verifiers only needs new passwords to be stored as such; a cluster
  /// made with `initdb --auth-host=md5` would go on storing MD5 hashes.
  ///
  /// See
  /// <https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PASSWORD-ENCRYPTION>.
  private func addPasswordEncryption(to parameters: inout YAMLMapping) {
    let source: Source? =
      nodes.auth.shows(.scramSHA256)
      ? nodes.$auth.source : clients.auth == .scramSHA256 ? clients.$auth.source : nil
    parameters.addMandatory(
      "password_encryption",
      source.map { _ in .string("scram-sha-256") },
      source ?? clients.$auth.source,
      "the stored passwords must fit the methods in pg_hba.conf",
      instead: "Set NODE_AUTH and CLIENT_AUTH"
    )
  }

  /// The authority is named only where somebody shows a certificate: the server does not start when
  /// the file is missing.
  ///
  /// See
  /// <https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-CONNECTION-SSL>.
  private func addTLS(to parameters: inout YAMLMapping) {
    let reason = "it keeps the connections between the nodes working"
    func add(_ name: String, _ file: String?, _ source: Source) {
      parameters.addMandatory(name, file.map { .string($0) }, source, reason)
    }
    let encrypts = tls.mode != .disable
    let verifies = encrypts && takesClientCertificates
    add("ssl", encrypts ? "on" : "off", tls.$mode.source)
    add("ssl_ca_file", verifies ? tls.rootCertificate : nil, tls.$rootCertificate.source)
    add("ssl_cert_file", encrypts ? tls.certificate : nil, tls.$certificate.source)
    add("ssl_key_file", encrypts ? tls.key : nil, tls.$key.source)
    add("ssl_crl_file", verifies ? tls.revocationList : nil, tls.$revocationList.source)
    add("ssl_crl_dir", nil, tls.$revocationList.source)
  }

  /// What Patroni takes from elsewhere, and what would let other files in.
  private func reservePatronis(in parameters: inout YAMLMapping) {
    func reserve(_ name: String, _ value: String, _ source: Source) {
      parameters.reserve(name, source, "Patroni sets it itself", holding: .string(value))
    }
    reserve("hot_standby", "on", .mandatory("Patroni sets it itself"))
    reserve("listen_addresses", server.listen.addresses, server.$listen.source)
    reserve("port", String(server.listen.port), server.$listen.source)
    reserve("cluster_name", cluster.scope, cluster.$scope.source)
    reserve("data_directory", server.dataDirectory, server.$dataDirectory.source)
    func refuse(_ name: String, _ reason: String, insteadWrite key: String = "single parameters") {
      parameters.reserve(name, .mandatory(reason), reason, instead: "Write \(key)")
    }
    refuse("hba_file", "it holds the records for nodes", insteadWrite: "postgresql.pg_hba")
    refuse("ident_file", "it holds the nodes' map", insteadWrite: "postgresql.pg_ident")
    refuse("config_file", "Patroni sets it itself")
    for name in ["include", "include_dir", "include_if_exists"] {
      refuse(name, "it could set what is mandatory")
    }
  }
}
