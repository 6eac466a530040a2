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
      nodes.auth == .cert
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

  /// The roles of Patroni's `authentication` section, each with the same view of TLS.
  var authentication: Authentication {
    func credentials(_ role: RoleSettings.Role) -> Credentials {
      Credentials(username: role.name.name, password: role.password, tls: clientTLS)
    }
    return Authentication(
      superuser: credentials(roles.superuser),
      replication: credentials(roles.replication),
      rewind: roles.rewind.map { credentials($0) }
    )
  }
}
