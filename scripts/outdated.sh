#!/usr/bin/env bash
# Prints which libraries in a release are older than what the package archive of this machine offers:
# scripts/outdated.sh BINARY. The release must have been built on the same distribution.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/linked.sh
. scripts/linked.sh

offered=$(offered_sources)
"$1" --version | sed -n 's/^\([^ ]*\) [^ ]* (package \(.*\))$/\1 \2/p' | while read -r source linked; do
  newest=$(awk -v source="$source" '$1 == source { print $2; exit }' <<<"$offered")
  if [ -n "$newest" ] && dpkg --compare-versions "$linked" lt "$newest"; then
    echo "$source $linked is linked, the archive offers $newest"
  fi
done
