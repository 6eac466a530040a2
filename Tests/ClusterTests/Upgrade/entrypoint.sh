#!/bin/sh
# How pods were started before there was a program for it: a heredoc, everything in bootstrap.dcs,
# passwords for all roles, MD5 hashes for new ones. Tests upgrade a cluster that was made like this.
set -eu

cat >"$HOME/patroni.yml" <<END
bootstrap:
  dcs:
    postgresql:
      use_pg_rewind: true
      parameters:
        ssl: 'on'
        ssl_ca_file: ${PGSSLROOTCERT}
        ssl_cert_file: ${PGSSLCERT}
        ssl_key_file: ${PGSSLKEY}
        citus.node_conninfo: 'sslrootcert=${PGSSLROOTCERT} sslmode=${PGSSLMODE} user=postgres password=${PATRONI_SUPERUSER_PASSWORD}'
      pg_hba:
      - local all all trust
      - hostssl replication standby ${POD_IP}/16 md5
      - hostssl all all 0.0.0.0/0 md5
  initdb:
  - auth-host: md5
  - auth-local: trust
  - encoding: UTF8
  - locale: C.UTF-8
  - data-checksums
restapi:
  connect_address: '${POD_IP}:8008'
  listen: 0.0.0.0:8008
postgresql:
  connect_address: '${POD_IP}:5432'
  listen: 0.0.0.0:5432
  data_dir: ${PATRONI_POSTGRESQL_DATA_DIR}
  parameters:
    unix_socket_directories: ${UNIX_SOCKET_DIRECTORY}
  authentication:
    superuser:
      sslmode: ${PGSSLMODE}
    replication:
      sslmode: ${PGSSLMODE}
END
exec patroni "$HOME/patroni.yml"
