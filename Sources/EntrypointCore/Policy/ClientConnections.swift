import PatroniConfig
import PostgresConfig

// How this node connects to the others: for Patroni's roles, and for Citus.
extension Settings {
  /// What a connection to another node shows, and what it wants to see.
  ///
  /// That passwords are not bound to the connection is said for Patroni, which writes a default of
  /// its own into the connections of standbys; Citus takes it from libpq's variable.
  ///
  /// With `require` no authority is named: libpq would verify the server as soon as the file
  /// exists, and `require` promises encryption only.
  /// See <https://www.postgresql.org/docs/current/libpq-ssl.html>.
  var clientTLS: ClientTLS {
    var client = files(for: tls.mode)
    client.bindsChannel = tls.bindsChannel
    return client
  }

  private func files(for mode: SSLMode) -> ClientTLS {
    switch mode {
    case .disable, .allow, .prefer:
      ClientTLS(mode: mode)
    case .require:
      nodes.auth.shows(.cert)
        ? ClientTLS(mode: .require, certificate: tls.certificate, key: tls.key)
        : ClientTLS(mode: .require)
    case .verifyCA, .verifyFull:
      ClientTLS(
        mode: mode,
        rootCertificate: tls.rootCertificate,
        certificate: tls.certificate,
        key: tls.key,
        revocationList: tls.revocationList
      )
    }
  }

  /// `citus.node_conninfo`: never a user and never a password.
  ///
  /// See <https://docs.citusdata.com/en/stable/develop/api_guc.html#citus-node-conninfo-text>.
  var nodeConnectionInfo: NodeConnectionInfo {
    let tls = clientTLS
    var info = NodeConnectionInfo()
    if let file = tls.rootCertificate { info.append(.sslrootcert, file) }
    if let file = tls.key { info.append(.sslkey, file) }
    if let file = tls.certificate { info.append(.sslcert, file) }
    if let file = tls.revocationList { info.append(.sslcrl, file) }
    info.append(.sslmode, tls.mode.rawValue)
    for addition in overrides.nodeKeywords { info.append(addition.keyword, addition.value) }
    return info
  }

  /// The roles that Patroni logs in as, each with the same view of TLS.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#postgresql>.
  var authentication: YAMLMapping {
    var authentication = YAMLMapping()
    authentication.add("superuser", credentials(of: roles.superuser))
    authentication.add("replication", credentials(of: roles.replication))
    if let rewind = roles.rewind {
      authentication.add("rewind", credentials(of: rewind))
    } else {
      let source = Source.unset(EnvironmentVariable.rewindName.name)
      authentication.reserve("rewind", source, "the superuser is the role of pg_rewind")
    }
    return authentication
  }

  private func credentials(of role: RoleSettings.Role) -> YAMLMapping {
    let client = clientTLS
    let name = role.$name
    let reason = "it keeps the connections between the nodes working"
    var section = YAMLMapping()
    func add(_ key: String, _ text: String?, _ source: Source) {
      section.addMandatory(key, text.map { .string($0) }, source, reason)
    }
    section.addMandatory(
      "username",
      .string(name.wrappedValue.name),
      name.source,
      "the records for nodes name the role"
    )
    section.addMandatory("password", role.$password, "a password belongs in a Secret")
    add("sslmode", client.mode.rawValue, tls.$mode.source)
    add("sslkey", client.key, tls.$key.source)
    add("sslcert", client.certificate, tls.$certificate.source)
    add("sslrootcert", client.rootCertificate, tls.$rootCertificate.source)
    add("sslcrl", client.revocationList, tls.$revocationList.source)
    add("channel_binding", client.bindsChannel ? nil : "disable", tls.$bindsChannel.source)
    add("sslcrldir", nil, tls.$revocationList.source)
    section.reserve(
      "sslpassword",
      tls.$key.source,
      "PostgreSQL cannot ask for it",
      instead: "Set PGSSLKEY to a key that is not encrypted"
    )
    return section
  }
}

/// The TLS settings of a libpq client; every file is an absolute path, and one that is nil is not
/// mentioned.
struct ClientTLS {
  var mode: SSLMode
  /// Where it names an existing file libpq verifies the server even with `sslmode=require`.
  var rootCertificate: String?
  var certificate: String?
  var key: String?
  var revocationList: String?
  /// Whether a password is bound to the TLS connection, where libpq can; it tries to by default.
  var bindsChannel = true
}
