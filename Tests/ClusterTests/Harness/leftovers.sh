#!/usr/bin/env bash
# Ends the processes, and removes the network namespaces and directories, of cluster tests.
#
#   leftovers.sh           those of runs whose process is gone
#   leftovers.sh watch ID  those of the run with process id ID, once standard input ends
set -euo pipefail
shopt -s nullglob

# Everything that a run makes is named PREFIX-ID-..., with the run's process id. What others have in
# these directories is not looked at: ip-netns(8) complains of each name there that is no namespace, or
# none any more, and `ip netns list` asks for all of them.
prefix=cltest

clean() {
  local run=$1 namespace
  for namespace in "/run/netns/$prefix-$run-"*; do
    namespace=${namespace##*/}
    ip netns pids "$namespace" | xargs -r kill -KILL 2>/dev/null || true
    ip netns delete "$namespace"
  done
  rm -rf "/etc/netns/$prefix-$run-"* "/tmp/$prefix-$run-"*
}

case ${1:-} in
  '')
    for name in {/run/netns,/etc/netns,/tmp}/"$prefix"-*; do
      [[ ${name##*/} =~ ^$prefix-([0-9]+)- ]] || continue
      [ -e "/proc/${BASH_REMATCH[1]}" ] || clean "${BASH_REMATCH[1]}"
    done
    ;;
  watch)
    # An interrupt from the terminal is meant for the tests.
    trap '' INT TERM
    cat >/dev/null
    clean "$2"
    ;;
esac
