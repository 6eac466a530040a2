#!/usr/bin/env bash
# How much of the sources the suites that only compute run, by file; and each line of EntrypointCore, the
# policy, that they do not run. Exits 1 when there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=.build/coverage
swift test --enable-code-coverage --scratch-path "$scratch" \
  --filter 'PostgresConfigTests|PatroniConfigTests|EntrypointCoreTests'
tools=$(dirname "$(readlink -f "$(command -v swift)")")
bundle=$(echo "$scratch"/debug/*PackageTests.xctest)
data=$scratch/debug/codecov/default.profdata
"$tools/llvm-cov" report "$bundle" -instr-profile="$data" Sources/PostgresConfig Sources/PatroniConfig \
  Sources/EntrypointCore -show-functions=false -show-region-summary=false -show-branch-summary=false
"$tools/llvm-cov" show "$bundle" -instr-profile="$data" Sources/EntrypointCore >"$scratch/lines"
uncovered=$(awk -F'|' '/^\/.*:$/ { file = $0 } $2 ~ /^ *0$/ { print file $1 ":" $3 }' "$scratch/lines")
if [ -n "$uncovered" ]; then
  printf 'lines of the policy that no test runs:\n%s\n' "$uncovered"
  exit 1
fi
