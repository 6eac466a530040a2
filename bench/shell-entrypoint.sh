#!/bin/bash
# What is compared with: the same job the way shell scripts do it, a heredoc and nothing checked.
# bash, because that is what such images use; no bashisms, so that dash can show what it can do.
set -e

: "${HOME:?}" "${CLUSTER_NAME:?}" "${POD_NAME:?}" "${POD_IP:?}"
data=${PATRONI_POSTGRESQL_DATA_DIR:-/home/postgres/pgdata/pgroot/data}
files=${BENCH_CERTIFICATES:-/etc/ssl/certs/postgresql}
mode=${PGSSLMODE:-prefer}
namespace=${POD_NAMESPACE:-default}

cat >"$OUTPUT" <<END
name: '$POD_NAME'
scope: '$CLUSTER_NAME'
bootstrap:
  dcs:
    postgresql:
      use_pg_rewind: true
      use_slots: true
  initdb:
  - auth-host: scram-sha-256
  - auth-local: trust
  - encoding: UTF8
  - locale: C.UTF-8
  - data-checksums
citus:
  group: ${CITUS_GROUP:-0}
  database: ${CITUS_DATABASE:-citus}
kubernetes:
  namespace: '$namespace'
  labels:
    application: patroni
  use_endpoints: true
  pod_ip: '$POD_IP'
postgresql:
  authentication:
    superuser:
      username: postgres
      password: '${PATRONI_SUPERUSER_PASSWORD-}'
      sslmode: $mode
      sslkey: '$files/server.key'
      sslcert: '$files/server.crt'
      sslrootcert: '$files/ca.crt'
    replication:
      username: standby
      password: '${PATRONI_REPLICATION_PASSWORD-}'
      sslmode: $mode
      sslkey: '$files/server.key'
      sslcert: '$files/server.crt'
      sslrootcert: '$files/ca.crt'
  connect_address: '$POD_IP:5432'
  data_dir: '$data'
  listen: '*:5432'
  parameters:
    ssl: on
    ssl_ca_file: '$files/ca.crt'
    ssl_cert_file: '$files/server.crt'
    ssl_key_file: '$files/server.key'
    citus.node_conninfo: 'sslrootcert=$files/ca.crt sslkey=$files/server.key sslcert=$files/server.crt sslmode=$mode'
  pg_hba:
  - local all all trust
  - local replication standby trust
  - hostssl all postgres all cert map=cnmap
  - hostssl replication standby all cert map=cnmap
  - hostssl all all all md5
  pg_ident:
  - cnmap "*.$CLUSTER_NAME.$namespace.svc.cluster.local" postgres
  - cnmap "*.$CLUSTER_NAME.$namespace.svc.cluster.local" standby
restapi:
  connect_address: '$POD_IP:8008'
  listen: '*:8008'
END

exec patroni "$OUTPUT"
