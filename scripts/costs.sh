#!/usr/bin/env bash
# Compares the size of dist/entrypoint, or ENTRYPOINT_BINARY, with its budget, and the instructions of a start with the
# recorded figures: bench/budgets.sh says how many more are a failure. `scripts/costs.sh --record` records.
set -euo pipefail
umask 077
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
# shellcheck source=bench/pods.sh
. bench/pods.sh
# shellcheck source=bench/measures.sh
. bench/measures.sh
# shellcheck source=bench/count.sh
. bench/count.sh
# shellcheck source=bench/budgets.sh
. bench/budgets.sh

# Each processor and each series of OpenSSL has figures of its own.
series=$(linked_in openssl | cut -d . -f 1,2)
kind="$(uname -m) $series"
record=bench/instructions
directory=$(mktemp -d /dev/shm/entrypoint-instructions.XXXXXX)
trap 'rm -rf "$directory"' EXIT
prepare_pods "$directory"

missed=0
within "$(realpath --relative-to . "$binary")" "$(stat -c %s "$binary")" "${largest_binary[$series]}" bytes
echo "instructions of a start:"
for name in without_certificates with_certificates with_staging; do
  # shellcheck disable=SC2178 # the name of an array
  declare -n variables=$name
  seen=$(median_count "$directory/patroni.yml" "${variables[@]}")
  was=$(sed -n "s/^$kind $name //p" "$record")
  if [ "${1:-}" = --record ]; then
    sed -i "/^$kind $name /d" "$record"
    echo "$kind $name $seen" >>"$record"
    verdict="(recorded)"
  elif [ -z "$was" ]; then
    verdict="(nothing is recorded for $kind)"
  elif [ $((seen * 100)) -gt $((was * most_instructions)) ]; then
    verdict="(recorded: $was: OVER by more than $((most_instructions - 100)) %)"
    missed=1
  else
    verdict="(recorded: $was)"
  fi
  printf '  %-42s %9s %s\n' "${name//_/ }" "$seen" "$verdict"
done
if [ "${1:-}" = --record ]; then LC_ALL=C sort -o "$record" "$record"; fi
exit $missed
