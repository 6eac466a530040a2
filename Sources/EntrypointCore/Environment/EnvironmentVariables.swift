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
    "disable, allow, prefer, require, verify-ca or verify-full"
  )
  static let sslRootCert = EnvironmentVariable(
    "PGSSLROOTCERT",
    .tls,
    default: "`/etc/ssl/certs/postgresql/ca.crt`",
    "certificate authorities that node certificates come from"
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
    "prefer or disable: whether a login by password proves that it is on the same TLS connection as "
      + "the server; nodes need disable with a certificate that an Ed25519 or Ed448 key signed"
  )
  static let certificateReload = EnvironmentVariable(
    "CERTIFICATE_RELOAD",
    .tls,
    default: "`on` with verify-ca and verify-full, else `off`",
    "on: new certificates are checked and taken into use without a restart"
  )

  static let nodeAuth = EnvironmentVariable(
    "NODE_AUTH",
    .nodes,
    default: "`cert` with verify-ca and verify-full, else `scram-sha-256`",
    "how nodes log in to each other: cert (needs require, verify-ca or verify-full), "
      + "scram-sha-256, md5, or trust (needs NODE_ADDRESSES)"
  )
  static let nodeAddresses = EnvironmentVariable(
    "NODE_ADDRESSES",
    .nodes,
    default: "`all`",
    "where nodes connect from: CIDRs, host names, `.suffix`, or `/N` for the pod IP's own network "
      + "of that length; separated by commas or spaces"
  )
  static let nodeCertNames = EnvironmentVariable(
    "NODE_CERT_NAMES",
    .nodes,
    default: "the CN of the mounted certificate, else `*.SCOPE.NAMESPACE.svc.DOMAIN`",
    "certificate CNs that count as a node, separated by commas; or one regular expression after a "
      + "slash, as pg_ident.conf takes it"
  )
  static let nodeAppRoles = EnvironmentVariable(
    "NODE_APP_ROLES",
    .nodes,
    default: "none",
    "roles that run distributed queries, separated by commas; for PostgreSQL before 16"
  )
  static let nodePassfile = EnvironmentVariable(
    "NODE_PASSFILE",
    .nodes,
    default: "none",
    "with password methods: a file in .pgpass format for the roles that run distributed queries; "
      + "copied to $HOME/.pgpass"
  )

  static let clientAuth = EnvironmentVariable(
    "CLIENT_AUTH",
    .clients,
    default: "`md5`",
    "scram-sha-256, md5 (takes both kinds of stored password), cert (CN = role name) or none"
  )
  static let clientCert = EnvironmentVariable(
    "CLIENT_CERT",
    .clients,
    default: "none",
    "verify-ca or verify-full: a client certificate on top of the password"
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
    "its password; needed with NODE_AUTH=scram-sha-256 and md5, left out with cert"
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
    "its password; with NODE_AUTH=cert the role then logs in by CLIENT_AUTH's method"
  )
  static let rewindName = EnvironmentVariable(
    "PATRONI_REWIND_USERNAME",
    .roles,
    default: "the superuser rewinds",
    "the role of pg_rewind"
  )
  static let rewindPassword = EnvironmentVariable.secret(
    "PATRONI_REWIND_PASSWORD",
    .roles,
    "its password, as for replication"
  )

  static let restapiTLS = EnvironmentVariable(
    "RESTAPI_TLS",
    .restapi,
    default: "`off`",
    "on: HTTPS with the node's certificate; changes then need a client certificate"
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
    default: "as CONNECT_BY says",
    "address and port that others use"
  )
  static let restapiUsername = EnvironmentVariable(
    "PATRONI_RESTAPI_USERNAME",
    .restapi,
    default: "none",
    "name for HTTP basic authentication"
  )
  static let restapiPassword = EnvironmentVariable.secret(
    "PATRONI_RESTAPI_PASSWORD",
    .restapi,
    "its password"
  )
  static let ctlUsername = EnvironmentVariable(
    "PATRONI_CTL_USERNAME",
    .restapi,
    default: "as for the REST API",
    "name that patronictl gives"
  )
  static let ctlPassword = EnvironmentVariable.secret(
    "PATRONI_CTL_PASSWORD",
    .restapi,
    default: "as for the REST API",
    "its password"
  )

  static let dataDirectory = EnvironmentVariable(
    "PATRONI_POSTGRESQL_DATA_DIR",
    .places,
    default: "`/home/postgres/pgdata/pgroot/data`",
    "data directory"
  )
  static let postgresqlListen = EnvironmentVariable(
    "PATRONI_POSTGRESQL_LISTEN",
    .places,
    default: "`*:5432`",
    "addresses and port to listen on"
  )
  static let postgresqlConnectAddress = EnvironmentVariable(
    "PATRONI_POSTGRESQL_CONNECT_ADDRESS",
    .places,
    default: "as CONNECT_BY says",
    "address and port that others use"
  )
  static let unixSocketDirectory = EnvironmentVariable(
    "UNIX_SOCKET_DIRECTORY",
    .places,
    default: "`/var/run/postgresql`",
    "directory of the server's socket"
  )
  static let pgMajor = EnvironmentVariable(
    "PG_MAJOR",
    .places,
    default: "15",
    "PostgreSQL's major version, 13 to 18; the image sets it"
  )

  static let citusVersion = EnvironmentVariable(
    "CITUS_VERSION",
    .places,
    default: "not known",
    "version of Citus, such as 13.2; decides which keywords citus.node_conninfo takes"
  )

  static let etcdPassword = EnvironmentVariable.secret(
    "PATRONI_ETCD_PASSWORD",
    .store,
    "password for etcd, version 2 protocol"
  )
  static let etcd3Password = EnvironmentVariable.secret(
    "PATRONI_ETCD3_PASSWORD",
    .store,
    "password for etcd, version 3 protocol"
  )
  static let raftPassword = EnvironmentVariable.secret(
    "PATRONI_RAFT_PASSWORD",
    .store,
    "password for Patroni's own Raft"
  )
  static let consulToken = EnvironmentVariable.secret(
    "PATRONI_CONSUL_TOKEN",
    .store,
    "token for Consul"
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
    "YAML that is merged into patroni.yml"
  )
  static let configurationFile = EnvironmentVariable(
    "PATRONI_CONFIGURATION_FILE",
    .own,
    default: "none",
    "instead of it: a file, or a directory whose .yml and .yaml files are merged in the order of "
      + "their names"
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
  ]

  /// Those whose value is never shown.
  public static let secrets = all.filter { $0.isSecret }
}
