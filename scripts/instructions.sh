#!/usr/bin/env bash
# Counts the instructions of a start, which do not depend on what else the machine does, and compares
# them with the recorded figures: 5 % more is a failure. `scripts/instructions.sh --record` records.
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."
# shellcheck source=bench/pods.sh
. bench/pods.sh

readonly tolerance=5 # percent
record=bench/instructions.$(uname -m)
directory=$(mktemp -d /dev/shm/entrypoint-instructions.XXXXXX)
trap 'rm -rf "$directory"' EXIT
prepare_pods "$directory"

# count VARIABLE=VALUE...: without Patroni in PATH valgrind sees the program end. OpenSSL has code of
# its own for many processors; here it takes what every one of them can do.
count() {
  local log
  log=$(env -i "$@" PATH=/nonexistent OPENSSL_ia32cap=0:0 "$(command -v valgrind)" --tool=callgrind \
    --callgrind-out-file=/dev/null "$PWD/dist/entrypoint" --output "$directory/patroni.yml" 2>&1 || true)
  grep -q "patroni: command not found" <<<"$log" || { echo "$log" >&2; return 1; }
  sed -n 's/.*Collected : //p' <<<"$log"
}

# Dictionaries are seeded at random, so the count differs a little from run to run.
median() {
  local counts=()
  for _ in 1 2 3 4 5; do counts+=("$(count "$@")"); done
  printf '%s\n' "${counts[@]}" | sort -n | sed -n 3p
}

failed=0
new=
for name in without_certificates with_certificates with_staging; do
  declare -n variables=$name
  seen=$(median "${variables[@]}")
  new+="$name $seen"$'\n'
  was=$(sed -n "s/^$name //p" "$record" 2>/dev/null || true)
  if [ "${1:-}" = --record ]; then
    printf '  %-42s %9s (recorded)\n' "${name//_/ }" "$seen"
  elif [ -z "$was" ]; then
    printf '  %-42s %9s (nothing recorded for %s)\n' "${name//_/ }" "$seen" "$(uname -m)"
  elif [ $((seen * 100)) -gt $((was * (100 + tolerance))) ]; then
    printf '  %-42s %9s: OVER %s by more than %s %%\n' "${name//_/ }" "$seen" "$was" "$tolerance"
    failed=1
  else
    printf '  %-42s %9s (recorded: %s)\n' "${name//_/ }" "$seen" "$was"
  fi
done
if [ "${1:-}" = --record ]; then printf '%s' "$new" >"$record"; fi
exit $failed
