#!/usr/bin/env bash
# Prints the commit that the sources are from, with `-modified` when they are not quite that. REVISION says it
# where there is no repository, as in a container.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${REVISION:-}" ]; then
  echo "$REVISION"
elif revision=$(git rev-parse HEAD 2>/dev/null); then
  [ -z "$(git status --porcelain)" ] || revision+=-modified
  echo "$revision"
else
  echo unknown
fi
