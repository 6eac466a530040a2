#!/usr/bin/env bash
# Fails, and says so, when the PostgreSQL that tests run is without the Citus extension.
set -euo pipefail

programs=${PATRONI_POSTGRESQL_BIN_DIR:-/usr/lib/postgresql/15/bin}
if [ ! -e "$("$programs/pg_config" --sharedir)/extension/citus.control" ]; then
  echo "the Citus extension is not installed in $programs"
  exit 1
fi
