# shellcheck shell=bash disable=SC2034,SC2154 # the parts of demo.sh share their variables
# What this machine has to offer: programs, ports; and certificates.

scope=demo
node_name="*.$scope.default.svc.cluster.local"
etcd_address=127.0.0.11
declare -A addresses=([demo-0]=127.0.0.12 [demo-1]=127.0.0.13)

# As for a real cluster: one certificate for all members, which they show as servers and as clients.
make_certificates() {
  local to=$directory/certificates
  CLUSTER_NAME=$scope OUTPUT_DIR=$to scripts/generate-ssl-certs.sh >"$directory/certificates.log" 2>&1 ||
    give_up certificates "could not be made"
  chown -R "$owner" "$to"
}

find_postgresql() {
  postgresql_bin=${PATRONI_POSTGRESQL_BIN_DIR-}
  if [ -z "$postgresql_bin" ]; then
    postgresql_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  fi
  postgresql_major=$("$postgresql_bin/postgres" --version | sed 's/.* \([0-9]*\)\..*/\1/')
  has_citus=
  [ ! -e "$postgresql_bin/../lib/citus.so" ] || has_citus=1
  say "PostgreSQL $postgresql_major ${has_citus:+with Citus }in $postgresql_bin"
}

# The environment that setup.sh made, or a copy of it when the repository is in a directory that
# the members may not enter, such as root's home.
find_patroni() {
  local from=$PWD/.build/venv program
  install -d -m 0755 "$directory/bin"
  install -m 0755 dist/entrypoint "$directory/bin/entrypoint"
  chown -R "$owner" "$directory/bin"
  patroni_bin=$from/bin
  if "${as_postgres[@]}" "$from/bin/patroni" --version >/dev/null 2>&1; then return; fi
  say "copying Patroni to where user $owner can reach it"
  local to=$directory/venv
  /usr/bin/python3 -m venv --without-pip "$to"
  cp -R "$from"/lib/python3*/site-packages/. "$to"/lib/python3*/site-packages
  for program in patroni patronictl; do
    sed "1s|.*|#!$to/bin/python3|" "$from/bin/$program" >"$to/bin/$program"
    chmod 0755 "$to/bin/$program"
  done
  chown -R "$owner" "$to"
  patroni_bin=$to/bin
}

# free_port PORT: that one, or the next one that nobody listens on, whatever the address.
free_port() {
  local port=$1
  while [ -n "$(ss -Hltn "sport = :$port")" ]; do port=$((port + 1)); done
  echo "$port"
}

find_ports() {
  etcd_port=$(free_port 2379)
  etcd_peer_port=$(free_port $((etcd_port + 1)))
  postgresql_port=$(free_port 5432)
  restapi_port=$(free_port 8008)
}
