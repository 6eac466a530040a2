#!/bin/sh
# Refuses an upgrade or rollback that would drop a worker group which a database still knows.
# Queries on tables with shards there would all fail.
#
# GROUPS_THAT_STAY  their numbers, with commas between them
# PGHOST            the coordinator's leader; PGUSER, PGSSLMODE and the like as for any libpq program
set -eu

here=$(dirname "$0")
# shellcheck source=/dev/null
. "$here/login.sh"
export PGCONNECT_TIMEOUT=5

sql() { # DATABASE ARGUMENT...
  PGDATABASE=$1
  export PGDATABASE
  shift
  psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 \
    --set groups="$GROUPS_THAT_STAY" "$@" </dev/null
}

# A leader that changes just now is back in a moment, and a name is known a moment after its pod runs.
# A coordinator that stays unreachable needs a repair, which this upgrade may be.
attempts=12
until databases=$(sql postgres --file "$here/databases.sql"); do
  attempts=$((attempts - 1))
  if [ "$attempts" -eq 0 ]; then
    echo "the coordinator at $PGHOST cannot be reached; worker groups are not checked"
    exit 0
  fi
  sleep 5
done

found=
for database in $databases; do
  database=$(printf '%s' "$database" | base64 --decode)
  nodes=$(sql "$database" --file "$here/nodes.sql")
  [ -z "$nodes" ] || found="$found
$nodes"
done
[ -n "$found" ] || exit 0

cat >&2 <<END
worker groups that this release removes are still in use:
$found

On the coordinator, move their shards away and remove their nodes, in each database:

  SELECT citus_drain_node(nodename, nodeport, 'block_writes')
  FROM pg_dist_node WHERE groupid = GROUP AND noderole = 'primary';
  SELECT citus_remove_node(nodename, nodeport)
  FROM pg_dist_node WHERE groupid = GROUP ORDER BY noderole DESC;

docs/DATABASE_MANAGEMENT.md describes each step. If the data of a group is already lost, set
workerRemoval.check=false.
END
exit 1
