# shellcheck shell=bash disable=SC2034,SC2154 # a part of bench.sh
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
  env -i "${its_variables[@]}" "$work/usage" "$PWD/dist/entrypoint" --output "$memory/patroni.yml"
}

# The resident memory in KiB of the process that watches the certificates, once it is at rest.
watcher() {
  local bin=$work/waiting pid child
  mkdir -p "$bin"
  printf '#!/bin/sh\ntrap "" HUP\nexec sleep 10\n' >"$bin/patroni"
  chmod 0700 "$bin/patroni"
  env -i "${with_staging[@]}" PATH="$bin:/usr/bin:/bin" dist/entrypoint --output "$memory/patroni.yml" &
  pid=$!
  sleep 2
  child=$(pgrep -P "$pid" certificates)
  sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$child/status"
  kill "$pid"
  wait "$pid" || true
}

# The cost of the operator's lines: it may not grow faster than their number.
scaling() {
  local count
  echo "the operator's lines in pg_hba:"
  variables=("${without_certificates[@]}" PATRONI_CONFIGURATION_FILE="$work/lines.yml")
  for count in 1000 10000 100000; do
    {
      printf 'postgresql:\n  pg_hba:\n'
      seq "$count" | awk '{ printf "  - hostssl db%d reader 10.%d.%d.0/24 scram-sha-256\n", $1, $1 / 256 % 256, $1 % 256 }'
    } >"$work/lines.yml"
    growth "$count" "$work/lines.yml"
  done
  /usr/bin/python3 bench/scaling.py line "$work"/growth-*.json || missed=1

  echo "the operator's document:"
  rm -f "$work"/growth-*.json
  for count in 50000 500000 5000000; do
    {
      printf 'tags:\n'
      seq -f 'key_%.0f' $((count / 50)) | awk '{ printf "  %s: \"%040d\"\n", $1, NR }'
    } >"$work/lines.yml"
    growth "$(stat -c %s "$work/lines.yml")" "$work/lines.yml"
  done
  /usr/bin/python3 bench/scaling.py byte "$work"/growth-*.json || missed=1
}

# growth COUNT
growth() {
  env -i "${variables[@]}" hyperfine --shell=none --warmup 1 --runs 7 --style none \
    --command-name "$1" --export-json "$work/growth-$1.json" \
    "$PWD/dist/entrypoint --output $memory/patroni.yml" >"$work/hyperfine.log" 2>&1 || {
    cat "$work/hyperfine.log"
    exit 1
  }
}

# record_figures FILE: puts what was printed between the marks in BENCHMARKS.md.
record_figures() {
  sync "$1"
  sed -i -e '/^<!-- figures: generated -->$/,/^<!-- end of figures -->$/{//!d}' \
    -e "/^<!-- figures: generated -->\$/r /dev/stdin" BENCHMARKS.md < <(
    echo '```text'
    cat "$1"
    echo '```'
  )
}
