#!/bin/sh
# Creates the databases of databases.json with their owners and extensions, on every worker group
# first and then on the coordinator, where it registers the nodes by name. What is there already
# stays as it is, so it may run at any time.
#
# LEADERS  GROUP=HOST of every group's leader, the coordinator's last
# PGUSER, PGSSLMODE  as for any libpq program
set -eu

here=$(dirname "$0")
databases=$here/databases.json
# shellcheck source=/dev/null
. "$here/login.sh"
export PGCONNECT_TIMEOUT=10
export PGOPTIONS="-c client_min_messages=warning"

sql() { # HOST DATABASE ARGUMENT...
  PGHOST=$1 PGDATABASE=$2
  export PGHOST PGDATABASE
  shift 2
  psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 \
    --set databases="$databases" "$@" </dev/null
}

# A new cluster has no leader yet, and a name is known a moment after its pod runs.
wait_for_leader() { # HOST
  until sql "$1" postgres --command "SELECT" >/dev/null; do
    echo "waiting for a leader at $1"
    sleep 5
  done
}

hosts=
for leader in $LEADERS; do
  hosts="$hosts ${leader#*=}"
done
coordinator=${hosts##* }

for host in $hosts; do
  wait_for_leader "$host"
done
for host in $hosts; do
  echo "databases on $host"
  sql "$host" postgres --file "$here/databases.sql"
done

count=$(sql "$coordinator" postgres --file "$here/count.sql")
index=0
while [ "$index" -lt "$count" ]; do
  database=$(sql "$coordinator" postgres --set index="$index" --file "$here/name.sql")
  for host in $hosts; do
    echo "extensions of $database on $host"
    sql "$host" "$database" --set index="$index" --file "$here/extensions.sql"
  done
  echo "nodes of $database"
  sql "$coordinator" "$database" --set leaders="$LEADERS" --file "$here/nodes.sql"
  index=$((index + 1))
done
echo "done"
