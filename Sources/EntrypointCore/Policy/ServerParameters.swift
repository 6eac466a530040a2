import PostgresConfig

// The parameters that this image decides. They stand in the local section, which follows an
// upgrade of the image; what is in `bootstrap.dcs` never changes again.
//
// See <https://patroni.readthedocs.io/en/latest/patroni_configuration.html>.
enum ServerParameters {
  static func make(for settings: Settings) -> [ServerParameter] {
    [ServerParameter("unix_socket_directories", settings.places.unixSocketDirectory)]
      + passwords(settings) + tls(settings) + citus(settings)
  }

  /// A method that takes SCRAM verifiers only needs new passwords to be stored as such; a cluster
  /// made with `initdb --auth-host=md5` would go on storing MD5 hashes.
  ///
  /// See
  /// <https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PASSWORD-ENCRYPTION>.
  private static func passwords(_ settings: Settings) -> [ServerParameter] {
    settings.nodes.auth == .scramSHA256 || settings.clients.auth == .scramSHA256
      ? [ServerParameter("password_encryption", "scram-sha-256")] : []
  }

  /// The authority is named only where somebody shows a certificate: the server does not start when
  /// the file is missing.
  ///
  /// See
  /// <https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-CONNECTION-SSL>.
  private static func tls(_ settings: Settings) -> [ServerParameter] {
    let tls = settings.tls
    guard tls.mode != .disable else { return [ServerParameter("ssl", "off")] }
    var parameters = [ServerParameter("ssl", "on")]
    if settings.takesClientCertificates {
      parameters.append(ServerParameter("ssl_ca_file", tls.rootCertificate))
    }
    parameters.append(ServerParameter("ssl_cert_file", tls.certificate))
    parameters.append(ServerParameter("ssl_key_file", tls.key))
    if settings.takesClientCertificates, let list = tls.revocationList {
      parameters.append(ServerParameter("ssl_crl_file", list))
    }
    return parameters
  }

  private static func citus(_ settings: Settings) -> [ServerParameter] {
    guard settings.cluster.citus != nil else { return [] }
    return [ServerParameter("citus.node_conninfo", settings.nodeConnectionInfo.text)]
  }
}
