#!/usr/bin/env bash
# Every scenario on real versions of PostgreSQL and Patroni: records and parameters through each
# server's own parser, logins by certificate, files through `patroni --validate-config`; and every line of
# the tests for operators' records and mappings. Then the release as Debian 13 builds it, with scenarios and certificates.
#
#   scripts/matrix.sh           PostgreSQL 15 and 17
#   ALL=1 scripts/matrix.sh     PostgreSQL 13 and 18, and the tests on Debian 13, too; renews the table of docs/REFERENCE.md
#
# Roots of other Debian releases and environments of other Patronis stay in .build/matrix. Needs root.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/surroundings.sh
. scripts/surroundings.sh

# PostgreSQL's major version and the Debian release that has it; / is this machine.
servers=("15 /" "17 trixie")
if [ -n "${ALL:-}" ]; then servers=("13 bullseye" "15 /" "17 trixie" "18 sid"); fi

if [ ! -x dist/entrypoint ]; then scripts/release.sh; fi
mkdir -p .build/matrix/results
rm -f .build/matrix/results/*.json
failed=0

swift build --build-tests
while read -r name version; do
  environment=.build/matrix/patroni-$version
  if [ ! -e "$environment/ready" ]; then
    rm -rf "$environment"
    /usr/bin/python3 -m venv "$environment"
    grep -E '^(psycopg2-binary|PyYAML)==' scripts/requirements.txt >.build/matrix/requirements.txt
    "$environment/bin/pip" install --quiet --disable-pip-version-check "$name==$version" \
      -r .build/matrix/requirements.txt
    touch "$environment/ready"
  fi
  log=.build/matrix/patroni-$version.log
  # An operator's synchronous_mode: quorum is something of Patroni 4.
  lacks=
  case $version in 3.*) lacks=operator-file ;; esac
  if PATRONI_LACKS=$lacks PATRONI_PYTHON=$PWD/$environment/bin/python swift test --skip-build --filter 'patroniTakesEveryFile|patroniNamesOutputPlugins|everyVariableThatPatroniReadsIsClassified' >"$log" 2>&1 </dev/null; then
    given=$(sed -n 's/.*Patroni was given \([0-9]*\) files.*/\1/p' "$log")
    echo "Patroni $version: $given files validated"
    echo "{\"version\": \"$version\", \"scenarios\": $given}" >".build/matrix/results/patroni-$version.json"
  else
    cat "$log"
    failed=1
  fi
done < <(grep '^patroni' scripts/requirements.txt scripts/matrix/requirements.txt | sed 's/^[^:]*://; s/==/ /')

for server in "${servers[@]}"; do
  read -r major suite <<<"$server"
  root=/
  if [ "$suite" != / ]; then root=$(scripts/matrix/chroot.sh "$suite" "$major"); fi
  log=.build/matrix/lines-$major.log
  if POSTGRES_MAJOR=$major POSTGRES_ROOT=${root%/} swift test --skip-build --filter AccessFileTests >"$log" 2>&1 </dev/null; then
    awk '/lines taken/ { taken += $1; refused += $4; measures += $6 }
      END { printf "{\"taken\": %d, \"refused\": %d, \"measures\": %d}\n", taken, refused, measures }' "$log" \
      >".build/matrix/results/lines-$major.json"
    echo "PostgreSQL $major, operators' lines: $(cat ".build/matrix/results/lines-$major.json")"
  else
    cat "$log"
    failed=1
  fi
  scripts/matrix/overlay.sh "$root" .build/venv/bin/python scripts/matrix/server.py "$major" MERGED \
    ".build/matrix/results/postgresql-$major.json" || failed=1
done

scripts/matrix/debian-13.sh || failed=1

if [ -n "${ALL:-}" ] && [ $failed = 0 ]; then scripts/matrix/table.py; fi
exit $failed
