// Every variable once. To add one: define it here, add it to `all`, and read it in the settings of
// its section.

extension EnvironmentVariable {
  static let name = EnvironmentVariable(
    "PATRONI_NAME",
    alias: "POD_NAME",
    .pod,
    default: "the host name",
    "member name"
  )
  static let namespace = EnvironmentVariable(
    "PATRONI_KUBERNETES_NAMESPACE",
    alias: "POD_NAMESPACE",
    .pod,
    default: "the service account's namespace, else `default`",
    "Kubernetes namespace"
  )
  static let podIP = EnvironmentVariable(
    "PATRONI_KUBERNETES_POD_IP",
    alias: "POD_IP",
    .pod,
    default: "required",
    "this pod's address, IPv4 or IPv6"
  )
  static let headlessService = EnvironmentVariable(
    "HEADLESS_SERVICE",
    .pod,
    default: "the scope",
    "governing headless Service of the pods"
  )
  static let clusterDomain = EnvironmentVariable(
    "CLUSTER_DOMAIN",
    .pod,
    default: "`cluster.local`",
    "DNS domain of the Kubernetes cluster"
  )
  static let connectBy = EnvironmentVariable(
    "CONNECT_BY",
    .pod,
    default: "`name` with verify-full, else `ip`",
    "how other members reach this one: `ip`, or `name` for POD.SERVICE.NAMESPACE.svc.DOMAIN"
  )

  static let scope = EnvironmentVariable(
    "PATRONI_SCOPE",
    alias: "CLUSTER_NAME",
    .cluster,
    default: "required",
    "cluster name"
  )
  static let citusGroup = EnvironmentVariable(
    "PATRONI_CITUS_GROUP",
    alias: "CITUS_GROUP",
    .cluster,
    default: "plain PostgreSQL",
    "number of the Citus group; 0 is the coordinator"
  )
  static let citusDatabase = EnvironmentVariable(
    "PATRONI_CITUS_DATABASE",
    alias: "CITUS_DATABASE",
    .cluster,
    default: "`citus`",
    "database that holds the Citus extension"
  )

  static let sslMode = EnvironmentVariable(
    "PGSSLMODE",
    alias: "SSL_MODE",
    .tls,
    default: "`prefer`",
    "disable, allow, prefer, require, verify-ca or verify-full",
    isLive: true
  )
  static let sslRootCert = EnvironmentVariable(
    "PGSSLROOTCERT",
    .tls,
    default: "`ca.crt` beside the other two, or in `/etc/ssl/certs/postgresql`",
    "certificates of the certificate authorities (CAs) that sign node certificates"
  )
  static let sslCert = EnvironmentVariable(
    "PGSSLCERT",
    .tls,
    default: "`server.crt` beside it, or `tls.crt` when only that exists",
    "this node's certificate, for server and client"
  )
  static let sslKey = EnvironmentVariable(
    "PGSSLKEY",
    .tls,
    default: "`server.key` beside it, or `tls.key` when only that exists",
    "the certificate's private key"
  )
  static let sslCRL = EnvironmentVariable(
    "PGSSLCRL",
    .tls,
    default: "none",
    "list of revoked certificates"
  )

  static let channelBinding = EnvironmentVariable(
    "PGCHANNELBINDING",
    .tls,
    default: "`prefer`",
    "prefer or disable: SCRAM channel binding, which ties a password login to its TLS "
      + "connection; nodes need disable with a certificate that an Ed25519 or Ed448 key signed",
    isLive: true
  )
  static let certificateReload = EnvironmentVariable(
    "CERTIFICATE_RELOAD",
    .tls,
    default: "`on` with verify-ca and verify-full, else `off`",
    "on: new certificates are checked and used without a restart"
  )

  static let nodeAuth = EnvironmentVariable(
    "NODE_AUTH",
    .nodes,
    default: "`cert` with verify-ca and verify-full, else `scram-sha-256`",
    "how nodes log in to each other: cert (needs require, verify-ca or verify-full), "
      + "scram-sha-256, md5, or trust (needs NODE_ADDRESSES); for a change from one to another, "
      + "certificates and passwords, such as `scram-sha-256,cert`: servers ask for the first, "
      + "and nodes can present both",
    isLive: true
  )
  static let nodeAddresses = EnvironmentVariable(
    "NODE_ADDRESSES",
    .nodes,
    default: "`all`",
    "where nodes connect from: CIDRs, host names, `.suffix`, or `/N` for the pod IP's own network "
      + "of that length; separated by commas or spaces",
    isLive: true
  )
  static let nodeCertNames = EnvironmentVariable(
    "NODE_CERT_NAMES",
    .nodes,
    default: "the CN of the mounted certificate, else `*.SCOPE.NAMESPACE.svc.DOMAIN`",
    "certificate CNs of nodes, separated by commas; or one regular expression after a slash, as "
      + "in pg_ident.conf",
    isLive: true
  )
  static let nodeAppRoles = EnvironmentVariable(
    "NODE_APP_ROLES",
    .nodes,
    default: "none",
    "roles that run distributed queries, separated by commas; for PostgreSQL before 16",
    isLive: true
  )
  static let nodePassfile = EnvironmentVariable(
    "NODE_PASSFILE",
    .nodes,
    default: "none",
    "file in .pgpass format with the passwords of the roles that run distributed queries; copied "
      + "to $HOME/.pgpass",
    isLive: true
  )

  static let clientAuth = EnvironmentVariable(
    "CLIENT_AUTH",
    .clients,
    default: "`md5`",
    "scram-sha-256, md5 (accepts both kinds of stored password), cert (CN = role name) or none",
    isLive: true
  )
  static let clientCert = EnvironmentVariable(
    "CLIENT_CERT",
    .clients,
    default: "none",
    "verify-ca or verify-full: a client certificate in addition to the password",
    isLive: true
  )

  static let superuserName = EnvironmentVariable(
    "PATRONI_SUPERUSER_USERNAME",
    .roles,
    default: "`postgres`",
    "the superuser"
  )
  static let superuserPassword = EnvironmentVariable.secret(
    "PATRONI_SUPERUSER_PASSWORD",
    .roles,
    "its password; required with NODE_AUTH=scram-sha-256 and md5, also in combination with cert; "
      + "not used with cert alone",
    isLive: true
  )
  static let replicationName = EnvironmentVariable(
    "PATRONI_REPLICATION_USERNAME",
    .roles,
    default: "`standby`",
    "the role of standbys"
  )
  static let replicationPassword = EnvironmentVariable.secret(
    "PATRONI_REPLICATION_PASSWORD",
    .roles,
    "its password; with NODE_AUTH=cert alone the role then logs in by CLIENT_AUTH's method",
    isLive: true
  )
  static let rewindName = EnvironmentVariable(
    "PATRONI_REWIND_USERNAME",
    .roles,
    default: "the superuser",
    "the role of pg_rewind"
  )
  static let rewindPassword = EnvironmentVariable.secret(
    "PATRONI_REWIND_PASSWORD",
    .roles,
    "its password, as for replication",
    isLive: true
  )

  static let restapiTLS = EnvironmentVariable(
    "RESTAPI_TLS",
    .restapi,
    default: "`off`",
    "on: HTTPS with the node's certificate; changes then need a client certificate",
    isLive: true
  )
  static let restapiListen = EnvironmentVariable(
    "PATRONI_RESTAPI_LISTEN",
    .restapi,
    default: "`*:8008`",
    "address and port to listen on"
  )
  static let restapiConnectAddress = EnvironmentVariable(
    "PATRONI_RESTAPI_CONNECT_ADDRESS",
    .restapi,
    default: "from CONNECT_BY",
    "address and port that others connect to"
  )
  static let restapiUsername = EnvironmentVariable(
    "PATRONI_RESTAPI_USERNAME",
    .restapi,
    default: "none",
    "user name for HTTP basic authentication",
    isLive: true
  )
  static let restapiPassword = EnvironmentVariable.secret(
    "PATRONI_RESTAPI_PASSWORD",
    .restapi,
    "its password",
    isLive: true
  )
  static let ctlUsername = EnvironmentVariable(
    "PATRONI_CTL_USERNAME",
    .restapi,
    default: "as for the REST API",
    "user name that patronictl sends",
    isLive: true
  )
  static let ctlPassword = EnvironmentVariable.secret(
    "PATRONI_CTL_PASSWORD",
    .restapi,
    default: "as for the REST API",
    "its password",
    isLive: true
  )

  static let dataDirectory = EnvironmentVariable(
    "PATRONI_POSTGRESQL_DATA_DIR",
    .server,
    default: "`/home/postgres/pgdata/pgroot/data`",
    "data directory"
  )
  static let postgresqlListen = EnvironmentVariable(
    "PATRONI_POSTGRESQL_LISTEN",
    .server,
    default: "`*:5432`",
    "addresses and port to listen on"
  )
  static let postgresqlConnectAddress = EnvironmentVariable(
    "PATRONI_POSTGRESQL_CONNECT_ADDRESS",
    .server,
    default: "from CONNECT_BY",
    "address and port that others connect to"
  )
  static let unixSocketDirectory = EnvironmentVariable(
    "UNIX_SOCKET_DIRECTORY",
    .server,
    default: "`/var/run/postgresql`",
    "directory of the server's socket"
  )
  static let pgMajor = EnvironmentVariable(
    "PG_MAJOR",
    .server,
    default: "15",
    "PostgreSQL's major version, 13 to 18; the image sets it"
  )

  static let citusVersion = EnvironmentVariable(
    "CITUS_VERSION",
    .server,
    default: "not known",
    "version of Citus, such as 13.2; decides which keywords citus.node_conninfo accepts"
  )

  static let etcdPassword = EnvironmentVariable.secret(
    "PATRONI_ETCD_PASSWORD",
    .store,
    "password for etcd, version 2 protocol",
    isLive: true
  )
  static let etcd3Password = EnvironmentVariable.secret(
    "PATRONI_ETCD3_PASSWORD",
    .store,
    "password for etcd, version 3 protocol",
    isLive: true
  )
  static let raftPassword = EnvironmentVariable.secret(
    "PATRONI_RAFT_PASSWORD",
    .store,
    "password for Patroni's own Raft"
  )
  static let consulToken = EnvironmentVariable.secret(
    "PATRONI_CONSUL_TOKEN",
    .store,
    "token for Consul",
    isLive: true
  )
  static let zookeeperKeyPassword = EnvironmentVariable.secret(
    "PATRONI_ZOOKEEPER_KEY_PASSWORD",
    .store,
    "password of ZooKeeper's client key"
  )

  static let zookeeperAuthData = EnvironmentVariable.secret(
    "PATRONI_ZOOKEEPER_AUTH_DATA",
    .store,
    "credentials for ZooKeeper, a YAML mapping of schemes and credentials"
  )

  static let configuration = EnvironmentVariable(
    "PATRONI_CONFIGURATION",
    .own,
    default: "none",
    "YAML that is merged into patroni.yml",
    isLive: true
  )
  static let configurationFile = EnvironmentVariable(
    "PATRONI_CONFIGURATION_FILE",
    .own,
    default: "none",
    "instead of it: a file, or a directory whose .yml and .yaml files are merged in the order of "
      + "their names",
    isLive: true
  )

  static let settingsDirectory = EnvironmentVariable(
    "SETTINGS_DIRECTORY",
    .files,
    default: "`/etc/entrypoint/settings`, where it exists",
    "directory with a file for each variable, named after it, whose content is the value; such "
      + "as a mounted ConfigMap or Secret"
  )
  static let settingsReload = EnvironmentVariable(
    "SETTINGS_RELOAD",
    .files,
    default: "`on` where settings come from files, else `off`",
    "on: live variables take effect without a restart when their files change"
  )

  /// Every variable, in the order of `--help`.
  public static let all: [EnvironmentVariable] = [
    scope, citusGroup, citusDatabase,
    name, namespace, podIP, headlessService, clusterDomain, connectBy,
    sslMode, sslRootCert, sslCert, sslKey, sslCRL, channelBinding, certificateReload,
    nodeAuth, nodeAddresses, nodeCertNames, nodeAppRoles, nodePassfile,
    clientAuth, clientCert,
    superuserName, superuserPassword, replicationName, replicationPassword, rewindName,
    rewindPassword,
    restapiTLS, restapiListen, restapiConnectAddress, restapiUsername, restapiPassword,
    ctlUsername, ctlPassword,
    dataDirectory, postgresqlListen, postgresqlConnectAddress, unixSocketDirectory, pgMajor,
    citusVersion,
    etcdPassword, etcd3Password, raftPassword, consulToken, zookeeperKeyPassword,
    zookeeperAuthData,
    configuration, configurationFile,
    settingsDirectory, settingsReload,
  ]

  /// Those whose value is never shown.
  public static let secrets = all.filter { $0.isSecret }
}
