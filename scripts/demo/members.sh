# shellcheck shell=bash disable=SC2034,SC2154 # the parts of demo.sh share their variables
# The servers, and what can be seen from outside of them.

start_etcd() {
  local client=http://$etcd_address:$etcd_port peer=http://$etcd_address:$etcd_peer_port
  start etcd PATH="$PATH" etcd --name demo --data-dir "$directory/etcd/data" \
    --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" \
    --initial-cluster "demo=$peer"
  wait_for etcd 120 "at $client" curl -fsS -m 2 "$client/health"
}

# A new standby waits for the leader's next cycle, in which Patroni makes its replication slot. By default cycles
# are ten seconds long; this etcd has no other work.
# https://patroni.readthedocs.io/en/latest/dynamic_configuration.html
cycles='bootstrap: {dcs: {loop_wait: 2, retry_timeout: 5, ttl: 20}}'

# What the pod of a member would have in its environment. Addresses to listen on are here because
# all members share one machine.
pod_environment() {
  local name=$1 address=${addresses[$1]}
  printf '%s\n' \
    PATH="$directory/bin:$patroni_bin:$postgresql_bin:/usr/bin:/bin" LC_ALL=C.UTF-8 \
    HOME="$directory/$name" \
    CLUSTER_NAME="$scope" POD_NAME="$name" POD_IP="$address" PG_MAJOR="$postgresql_major" \
    PGSSLMODE=verify-ca NODE_AUTH=cert \
    PGSSLROOTCERT="$directory/certificates/ca.crt" \
    PGSSLCERT="$directory/certificates/server.crt" \
    PGSSLKEY="$directory/certificates/server.key" \
    PATRONI_ETCD3_HOST="$etcd_address:$etcd_port" \
    PATRONI_POSTGRESQL_LISTEN="$address:$postgresql_port" \
    PATRONI_RESTAPI_LISTEN="$address:$restapi_port" \
    PATRONI_POSTGRESQL_DATA_DIR="$directory/$name/data" \
    PATRONI_CONFIGURATION="$cycles" PATRONICTL_CONFIG_FILE="$directory/$name/patroni.yml" \
    UNIX_SOCKET_DIRECTORY="$directory/$name"
  [ -z "${groups[$name]}" ] || printf 'CITUS_GROUP=%s\n' "${groups[$name]}"
}

start_member() {
  local name=$1 environment=()
  mapfile -t environment < <(pod_environment "$name")
  start "$name" "${environment[@]}" \
    "$directory/bin/entrypoint" --output "$directory/$name/patroni.yml"
}

# A command in the pod of a member, as `kubectl exec` would run it.
write_pod_command() {
  local name=$1 environment=() file=$directory/in-$1
  mapfile -t environment < <(pod_environment "$name")
  {
    echo '#!/bin/sh'
    printf 'exec '
    printf '%q ' "${as_postgres[@]}" env -i TERM=dumb PAGER=cat "${environment[@]}"
    echo '"$@"'
  } >"$file"
  chmod 0700 "$file"
}

# https://patroni.readthedocs.io/en/latest/rest_api.html
is_leader() { curl -fsS -m 2 -o /dev/null "http://${addresses[$1]}:$restapi_port/leader"; }

# query MEMBER SQL: what the superuser sees, by way of the socket.
query() {
  env -i PATH="$PATH" "$postgresql_bin/psql" -XAtq -v ON_ERROR_STOP=1 \
    -h "$directory/$1" -p "$postgresql_port" -U postgres -d postgres -c "$2"
}

# is_streaming STANDBY LEADER: asks the leader's server, because what Patroni knows about a standby is as old as
# that one's last cycle.
is_streaming() {
  local found
  found=$(query "$2" "
    SELECT count(*) FROM pg_stat_replication WHERE application_name = '$1' AND state = 'streaming'")
  [ "$found" = 1 ]
}

# show_certificate_login LEADER STANDBY: one line, or a failure when it would not be true.
# https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-SSL-VIEW
show_certificate_login() {
  local line
  line=$(query "$1" "
    SELECT format('%s is logged in to $1 as role %s by certificate %s over %s; %s roles have a password',
      application_name, usename, client_dn, version,
      (SELECT count(rolpassword) FROM pg_authid))
    FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)
    WHERE application_name = '$2' AND client_dn = '/CN=$node_name'
      AND NOT EXISTS (SELECT FROM pg_authid WHERE rolpassword IS NOT NULL)")
  [ -n "$line" ] || give_up "$1" "has no certificate login of $2, or stores a password"
  say "$line"
}
