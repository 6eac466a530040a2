# shellcheck shell=bash disable=SC2034,SC2154 # a part of bench.sh and costs.sh
# Ways to measure. The pod's variables are in the array `variables`.

# within WHAT FIGURE BUDGET UNIT
within() {
  if [ "$2" -le "$3" ]; then
    printf '  %-42s %9s %s (budget %s: met)\n' "$1" "$2" "$4" "$3"
  else
    printf '  %-42s %9s %s (budget %s: MISSED)\n' "$1" "$2" "$4" "$3"
    missed=1
  fi
}

# compare TITLE [BUDGET]... -- [NAME COMMAND]...: runs the commands in turn. Rounds are short, so that a
# machine that is busy for a while is busy for all alike.
compare() {
  local arguments=() commands=() round
  while [ "$1" != -- ]; do
    arguments+=("$1")
    shift
  done
  shift
  while [ $# -gt 0 ]; do
    commands+=(--command-name "$1" "$2")
    shift 2
  done
  rm -f "$work"/round-*.json
  for round in $(seq "$rounds"); do
    env -i "${variables[@]}" hyperfine --shell=none --warmup 2 --runs "$runs" --style none \
      --export-json "$work/round-$round.json" "${commands[@]}" >"$work/hyperfine.log" 2>&1 || {
      cat "$work/hyperfine.log"
      exit 1
    }
  done
  /usr/bin/python3 bench/report.py "${arguments[@]}" -- "$work"/round-*.json || missed=1
}

# peak POD: the peak memory of its start in KiB.
peak() {
  local -n its_variables=$1
  env -i "${its_variables[@]}" "$work/usage" "$binary" --output "$memory/patroni.yml"
}

# The resident memory in KiB of the process that watches the certificates, once it is at rest.
watcher() {
  local bin=$work/waiting pid child=''
  mkdir -p "$bin"
  printf '#!/bin/sh\ntrap "" HUP\nexec sleep 600\n' >"$bin/patroni"
  chmod 0700 "$bin/patroni"
  env -i "${with_staging[@]}" PATH="$bin:/usr/bin:/bin" "$binary" --output "$memory/patroni.yml" &
  pid=$!
  # It waits for what happens to the files.
  until [ -n "$child" ] && grep -q '^State:.*sleeping' "/proc/$child/status"; do
    kill -0 "$pid" || return 1
    sleep 0.2
    child=$(pgrep -P "$pid" certificates || true)
  done
  sleep 1
  sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$child/status"
  kill "$pid"
  wait "$pid" || true
}

# The cost of the operator's lines and of his document: it may not grow faster than they do.
scaling() {
  local count inputs=()
  variables=("${without_certificates[@]}")
  for count in 10000 100000; do
    inputs+=("$count" "$work/lines-$count.yml")
    {
      printf 'postgresql:\n  pg_hba:\n'
      seq "$count" | awk '{ printf "  - hostssl db%d reader 10.%d.%d.0/24 scram-sha-256\n", $1, $1 / 256 % 256, $1 % 256 }'
    } >"$work/lines-$count.yml"
  done
  growth_of "lines in pg_hba" "${inputs[@]}"

  inputs=()
  for count in 10000 100000; do
    {
      printf 'tags:\n'
      seq -f 'key_%.0f' "$count" | awk '{ printf "  %s: \"%040d\"\n", $1, NR }'
    } >"$work/document-$count.yml"
    inputs+=("$(stat -c %s "$work/document-$count.yml")" "$work/document-$count.yml")
  done
  growth_of "bytes of a document" "${inputs[@]}"
}

# record_figures FILE SERIES: puts what was printed between the marks that BENCHMARKS.md has for the series of OpenSSL.
record_figures() {
  local mark="<!-- figures with OpenSSL $2: generated -->"
  sync "$1"
  sed -i -e "/^$mark\$/,/^<!-- end of figures -->\$/{//!d}" -e "/^$mark\$/r /dev/stdin" BENCHMARKS.md < <(
    echo '```text'
    cat "$1"
    echo '```'
  )
}
