#!/usr/bin/env bash
# How long a start takes, from the program's own exec to Patroni's, beside a C program that only
# execs and a shell script that does the same job; and what everything costs in memory and size.
#
# Budgets are printed with verdicts; the exit code is 1 when one of them is missed. With RECORD=1 what
# is printed goes into BENCHMARKS.md, too, and the instructions are recorded.
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."

readonly rounds=40 runs=10
readonly largest_binary=5000000 # bytes
readonly largest_memory=6144    # KiB
readonly largest_watcher=5000   # KiB

scripts/setup.sh
scripts/release.sh
# shellcheck source=bench/pods.sh
. bench/pods.sh
# shellcheck source=bench/measures.sh
. bench/measures.sh

work=$PWD/.build/bench
rm -rf "$work"
mkdir -p "$work"
memory=$(mktemp -d /dev/shm/entrypoint-bench.XXXXXX)
trap 'rm -rf "$memory" "$work"' EXIT
prepare_pods "$memory"
compile exec-floor.c "$work/exec-floor"
compile usage.c "$work/usage"

missed=0
exec > >(tee "$work/figures")

floor=("C program that only execs" "$work/exec-floor")
entrypoint=("entrypoint" "$PWD/dist/entrypoint --output $memory/patroni.yml")
shells=("bash script" "bash bench/shell-entrypoint.sh" "the same under dash" "dash bench/shell-entrypoint.sh")
start='entrypoint/C program that only execs'

variables=("${without_certificates[@]}" OUTPUT="$memory/shell.yml")
compare "without certificates" "$start<=1.5" "bash script/entrypoint>=2" -- \
  "${floor[@]}" "${entrypoint[@]}" "${shells[@]}"
variables=("${with_certificates[@]}" OUTPUT="$memory/shell.yml")
compare "certificates checked" "$start<=3" -- "${floor[@]}" "${entrypoint[@]}" "${shells[@]}"
variables=("${with_staging[@]}" OUTPUT="$memory/shell.yml")
compare "certificates checked, staged and watched" "$start<=3" -- \
  "${floor[@]}" "${entrypoint[@]}" "${shells[@]}"

# From one to the next a step is added.
variables=("${without_certificates[@]}")
compare "step by step, without certificates" -- "${floor[@]}" \
  "another COMMAND: loaded, execs" "$PWD/dist/entrypoint no-op" \
  "a dry run: settings and YAML, no exec" "$PWD/dist/entrypoint --dry-run" \
  "a start: file written, execs" "${entrypoint[1]}"

# On a disk most of the time goes into fsync(2), which the others do not call.
variables=("${without_certificates[@]}" OUTPUT="$work/shell.yml")
compare "without certificates, written to $(findmnt -n -o FSTYPE -T "$work" | tail -n 1)" -- \
  "${floor[@]}" "entrypoint" "$PWD/dist/entrypoint --output $work/patroni.yml" "${shells[@]}"

echo "memory:"
for name in without_certificates with_certificates with_staging; do
  within "peak, ${name//_/ }" "$(peak "$name")" "$largest_memory" KiB
done
within "the watcher that stays" "$(watcher)" "$largest_watcher" KiB

echo "instructions:"
scripts/instructions.sh ${RECORD:+--record} || missed=1

scaling

echo "sizes:"
within dist/entrypoint "$(stat -c %s dist/entrypoint)" "$largest_binary" bytes
printf '  %-42s %9s bytes\n' "${floor[0]}" "$(stat -c %s "$work/exec-floor")"

if [ -n "${RECORD:-}" ]; then record_figures "$work/figures"; fi
exit "$missed"
