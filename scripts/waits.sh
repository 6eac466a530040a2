#!/usr/bin/env bash
# Measures what a user waits for in as many clusters as the argument tells, one after the other, and shows medians.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/surroundings.sh
. scripts/surroundings.sh
# shellcheck source=bench/machine.sh
. bench/machine.sh

scripts/setup.sh
scripts/release.sh
swift build --build-tests
describe_machine
echo "load before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
WAITS=$1 swift test --skip-build --filter '^ClusterTests.*Waits'
echo "load after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
