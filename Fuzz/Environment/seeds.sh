#!/usr/bin/env bash
# Makes an input of every scenario: Fuzz/Environment/seeds.sh FOLDER
set -euo pipefail

folder=$1
for scenario in "$(dirname "$0")"/../../Tests/EntrypointCoreTests/Scenarios/*/; do
  {
    while IFS= read -r line; do
      case $line in
        '#'*) ;;
        *) printf '%b\0' "$line" ;;
      esac
    done <"$scenario/environment"
    if [ -e "$scenario/hostname" ]; then printf '\x02%s\0' "$(cat "$scenario/hostname")"; fi
  } >"$folder/$(basename "$scenario")"
done
