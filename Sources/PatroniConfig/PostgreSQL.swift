import PostgresConfig

/// The server that this member runs.
///
/// It overrides what the cluster's shared configuration says.
///
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html#postgresql>.
public struct PostgreSQL: Equatable, Sendable {
  /// Addresses and port that the server listens on, `*:5432`.
  public var listen: String
  /// Where other members and clients reach it.
  public var connectAddress: HostAndPort
  /// Options of `pg_basebackup`, with which a standby is made.
  ///
  /// See <https://patroni.readthedocs.io/en/latest/replica_bootstrap.html>.
  public var basebackup: [ProgramOption]
  /// The data directory.
  public var dataDirectory: String
  /// The roles that Patroni logs in as.
  public var authentication: Authentication
  /// Server parameters, in the order of writing.
  public var parameters: [ServerParameter]
  /// The records of `pg_hba.conf`.
  public var hba: [HBARule]
  /// The lines of `pg_ident.conf`.
  public var ident: [IdentMapping]

  /// A whole section.
  public init(
    listen: String,
    connectAddress: HostAndPort,
    basebackup: [ProgramOption],
    dataDirectory: String,
    authentication: Authentication,
    parameters: [ServerParameter],
    hba: [HBARule],
    ident: [IdentMapping]
  ) {
    self.listen = listen
    self.connectAddress = connectAddress
    self.basebackup = basebackup
    self.dataDirectory = dataDirectory
    self.authentication = authentication
    self.parameters = parameters
    self.hba = hba
    self.ident = ident
  }

  /// Patroni's own connections take the socket: over TCP `verify-full` would compare the
  /// certificate with `localhost`.
  var yaml: YAMLMapping {
    var settings = YAMLMapping()
    for parameter in parameters { settings.append(parameter.name, parameter.value) }
    var postgresql = YAMLMapping()
    postgresql.append("authentication", authentication.yaml)
    postgresql.append("connect_address", connectAddress.description)
    postgresql.append("basebackup", .sequence(basebackup.map { $0.node }))
    postgresql.append("data_dir", dataDirectory)
    postgresql.append("listen", listen)
    postgresql.append("use_unix_socket", .boolean(true))
    postgresql.append("use_unix_socket_repl", .boolean(true))
    postgresql.append("parameters", settings)
    postgresql.append("pg_hba", .strings(hba.map { $0.line }))
    if !ident.isEmpty { postgresql.append("pg_ident", .strings(ident.map { $0.line })) }
    return postgresql
  }
}

/// The roles that Patroni logs in as, and how.
public struct Authentication: Equatable, Sendable {
  /// For everything that needs a superuser.
  public var superuser: Credentials
  /// For standbys.
  public var replication: Credentials
  /// For `pg_rewind`; nil when the superuser does it.
  public var rewind: Credentials?

  /// The roles of a cluster.
  public init(superuser: Credentials, replication: Credentials, rewind: Credentials?) {
    self.superuser = superuser
    self.replication = replication
    self.rewind = rewind
  }

  var yaml: YAMLMapping {
    var authentication = YAMLMapping()
    authentication.append("superuser", superuser.yaml)
    authentication.append("replication", replication.yaml)
    if let rewind { authentication.append("rewind", rewind.yaml) }
    return authentication
  }
}

/// One role with what it shows to the server, and what it wants to see from the server.
public struct Credentials: Equatable, Sendable {
  /// The role's name.
  public var username: String
  /// Its password, when there is one.
  public var password: Secret?
  /// How connections are protected.
  public var tls: ClientTLS

  /// A role, its password and its connections.
  public init(username: String, password: Secret?, tls: ClientTLS) {
    self.username = username
    self.password = password
    self.tls = tls
  }

  var yaml: YAMLMapping {
    var credentials = YAMLMapping()
    credentials.append("username", username)
    credentials.append("password", password)
    credentials.append("sslmode", tls.mode.rawValue)
    credentials.append("sslkey", tls.key)
    credentials.append("sslcert", tls.certificate)
    credentials.append("sslrootcert", tls.rootCertificate)
    credentials.append("sslcrl", tls.revocationList)
    if !tls.bindsChannel { credentials.append("channel_binding", "disable") }
    return credentials
  }
}

/// The TLS settings of a libpq client; every file is an absolute path.
public struct ClientTLS: Equatable, Sendable {
  /// How the connection is protected.
  public var mode: SSLMode
  /// Certificate authorities that a server must be signed by.
  ///
  /// Where it names an existing file libpq verifies the server even with `sslmode=require`.
  public var rootCertificate: String?
  /// The certificate that the client presents.
  public var certificate: String?
  /// Its key.
  public var key: String?
  /// Certificates that are no longer trusted.
  public var revocationList: String?
  /// Whether a password is bound to the TLS connection, where libpq can; it tries to by default.
  public var bindsChannel = true

  /// Settings; a file that is nil is not mentioned.
  public init(
    mode: SSLMode,
    rootCertificate: String? = nil,
    certificate: String? = nil,
    key: String? = nil,
    revocationList: String? = nil
  ) {
    self.mode = mode
    self.rootCertificate = rootCertificate
    self.certificate = certificate
    self.key = key
    self.revocationList = revocationList
  }
}
