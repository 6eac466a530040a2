#!/usr/bin/env bash
# How long a start takes, from the program's own exec to Patroni's, beside a C program that only
# execs and a shell script that does the same job; and how large everything is.
#
# Budgets are printed with verdicts; the exit code is 1 when one of them is missed.
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."

readonly rounds=40 runs=10
readonly largest_binary=1200000 # bytes
readonly largest_memory=6144    # KiB

scripts/setup.sh
scripts/release.sh

work=$PWD/.build/bench
rm -rf "$work"
mkdir -p "$work/bin"
memory_directory=$(mktemp -d /dev/shm/entrypoint-bench.XXXXXX)
disk_directory=$(mktemp -d "$work/disk.XXXXXX")
trap 'rm -rf "$memory_directory" "$work"' EXIT

build() { gcc -O2 -static -s -Wall -Wextra -Werror -o "$work/$1" "bench/$2"; }
build bin/patroni no-op.c
build exec-floor exec-floor.c
build usage usage.c

missed=0
within() { # WHAT FIGURE BUDGET UNIT
  if [ "$2" -le "$3" ]; then
    printf '  %-34s %9s %s (budget %s: met)\n' "$1" "$2" "$4" "$3"
  else
    printf '  %-34s %9s %s (budget %s: MISSED)\n' "$1" "$2" "$4" "$3"
    missed=1
  fi
}

# compare TITLE DIRECTORY FLOOR_BUDGET SHELL_BUDGET VARIABLE=VALUE...: writes patroni.yml into
# DIRECTORY. Rounds are short, so that a machine that is busy for a while is busy for all alike.
compare() {
  local title=$1 directory=$2 floor=$3 shell=$4 round
  shift 4
  rm -f "$work"/round-*.json
  for round in $(seq "$rounds"); do
    env -i PATH="$work/bin:/usr/bin:/bin" OUTPUT="$directory/shell.yml" "$@" \
      hyperfine --shell=none --warmup 2 --runs "$runs" --style none \
      --export-json "$work/round-$round.json" \
      "$work/exec-floor" "$PWD/dist/entrypoint --output $directory/patroni.yml" \
      "bash bench/shell-entrypoint.sh" "dash bench/shell-entrypoint.sh" \
      >"$work/hyperfine.log" 2>&1 || { cat "$work/hyperfine.log"; exit 1; }
  done
  /usr/bin/python3 bench/report.py "$title, $(findmnt -n -o FSTYPE -T "$directory" | tail -n 1)" "$floor" "$shell" \
    "$work"/round-*.json || missed=1
}

# instructions VARIABLE=VALUE...: without Patroni in PATH valgrind sees the program end.
instructions() {
  local log
  log=$(env -i PATH=/nonexistent "$@" "$(command -v valgrind)" --tool=callgrind \
    --callgrind-out-file=/dev/null "$PWD/dist/entrypoint" \
    --output "$memory_directory/patroni.yml" 2>&1 || true)
  grep -q "patroni: command not found" <<<"$log" || { echo "$log" >&2; return 1; }
  sed -n 's/.*Collected : //p' <<<"$log"
}

# resources TITLE VARIABLE=VALUE...
resources() {
  local title=$1 usage count counts=()
  shift
  echo "$title:"
  usage=$(env -i PATH="$work/bin" "$@" "$work/usage" "$PWD/dist/entrypoint" \
    --output "$memory_directory/patroni.yml")
  within "peak memory" "${usage% *}" "$largest_memory" KiB
  printf '  %-34s %9s\n' "page faults, Patroni's own included" "${usage#* }"
  # Dictionaries are seeded at random, so the count differs a little from run to run.
  for _ in 1 2 3 4 5; do
    count=$(instructions "$@")
    counts+=("$count")
  done
  printf '  %-34s %9s\n' "instructions, median of five runs" \
    "$(printf '%s\n' "${counts[@]}" | sort -n | sed -n 3p)"
}

pod=(
  HOME="$memory_directory" CLUSTER_NAME=bench POD_NAME=bench-0-0 POD_NAMESPACE=default
  POD_IP=10.0.0.1 CITUS_GROUP=0 KUBERNETES_SERVICE_HOST=10.96.0.1 PG_MAJOR=15
)
without_certificates=(
  "${pod[@]}" PGSSLMODE=disable PATRONI_SUPERUSER_PASSWORD=one PATRONI_REPLICATION_PASSWORD=two
)

compare "without certificates" "$memory_directory" 1.5 2 "${without_certificates[@]}"
# On a disk most of the time goes into fsync(2), which the others do not call.
compare "without certificates" "$disk_directory" - - "${without_certificates[@]}"
resources "without certificates" "${without_certificates[@]}"

echo "sizes:"
within dist/entrypoint "$(stat -c %s dist/entrypoint)" "$largest_binary" bytes
printf '  %-34s %9s bytes\n' "C program that only execs" "$(stat -c %s "$work/exec-floor")"
exit "$missed"
