#!/usr/bin/env bash
# What a start costs, from the program's own exec to Patroni's: beside a shell script that writes the same file, one
# that makes the same checks with openssl(1), and a C program that only execs; in instructions, memory and size.
#
# What does not depend on the machine is judged by bench/budgets.sh; the exit code is 1 when a budget is
# missed. Times are printed for information. With RECORD=1 what is printed goes into BENCHMARKS.md, too, and
# the instructions are recorded. ENTRYPOINT_BINARY is another program than dist/entrypoint.
set -euo pipefail
umask 077
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

rounds=40 runs=10

scripts/setup.sh
[ -n "${ENTRYPOINT_BINARY:-}" ] || scripts/release.sh
# shellcheck source=bench/budgets.sh
. bench/budgets.sh
# shellcheck source=bench/pods.sh
. bench/pods.sh
# shellcheck source=bench/measures.sh
. bench/measures.sh
# shellcheck source=bench/count.sh
. bench/count.sh
# shellcheck source=bench/machine.sh
. bench/machine.sh

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
entrypoint=("entrypoint" "$binary --output $memory/patroni.yml")
shells=("bash script" "bash bench/shell-entrypoint.sh" "the same under dash" "dash bench/shell-entrypoint.sh")
checks=("bash script with openssl" "bash bench/openssl-entrypoint.sh")

describe_machine
# The script with openssl(1) takes fifty times as long as the others, so it has a comparison of its own.
variables=("${without_certificates[@]}" OUTPUT="$memory/shell.yml")
compare "without certificates" "entrypoint/bash script<=$of_heredoc_without_certificates" -- \
  "${floor[@]}" "${entrypoint[@]}" "${shells[@]}"
variables=("${with_certificates[@]}" OUTPUT="$memory/shell.yml")
compare "certificates checked" "entrypoint/bash script<=$of_heredoc_with_certificates" -- \
  "${floor[@]}" "${entrypoint[@]}" "${shells[@]}"
variables=("${with_staging[@]}" OUTPUT="$memory/shell.yml")
compare "certificates checked, staged and watched" "entrypoint/bash script<=$of_heredoc_with_staging" -- \
  "${floor[@]}" "${entrypoint[@]}" "${shells[@]}"
variables=("${with_list[@]}" OUTPUT="$memory/shell.yml")
rounds=10 runs=5 compare "the same with names and a revocation list, verify-full" \
  "entrypoint/bash script with openssl<=$of_openssl" -- "${floor[@]}" "${entrypoint[@]}" "${checks[@]}"

# From one to the next a step is added.
variables=("${without_certificates[@]}")
compare "step by step, without certificates" -- "${floor[@]}" \
  "another COMMAND: loaded, execs" "$binary no-op" \
  "a dry run: settings and YAML, no exec" "$binary --dry-run" \
  "a start: file written, execs" "${entrypoint[1]}"

# On a disk most of the time goes into fsync(2), which the others do not call.
variables=("${without_certificates[@]}" OUTPUT="$work/shell.yml")
compare "without certificates, written to $(findmnt -n -o FSTYPE -T "$work" | tail -n 1)" -- \
  "${floor[@]}" "entrypoint" "$binary --output $work/patroni.yml" "${shells[@]}"

echo "memory:"
for name in without_certificates with_certificates with_staging; do
  within "peak, ${name//_/ }" "$(peak "$name")" "$largest_memory" KiB
done
within "the watcher that stays" "$(watcher)" "$largest_watcher" KiB

echo "size and instructions:"
scripts/costs.sh ${RECORD:+--record} || missed=1

echo "instructions as the operator's configuration grows:"
scaling

if [ -n "${RECORD:-}" ]; then record_figures "$work/figures" "$(linked_in openssl | cut -d . -f 1,2)"; fi
exit "$missed"
