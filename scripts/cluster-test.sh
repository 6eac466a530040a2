#!/usr/bin/env bash
# Runs the clusters whose names contain the argument, in any case; all of them without one.
#
# Those of Citus are left out when the extension is not installed, unless they are named or
# REQUIRE_CITUS=1 is set: they fail then.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/surroundings.sh
. scripts/surroundings.sh

scripts/setup.sh
scripts/release.sh
swift build --build-tests
names=$(swift test list --skip-build | sed -n 's|^ClusterTests.ClusterTests/||p')
if ! grep -qiE "${1:-}" <<<"$names"; then
  echo "no scenario is named like $1; there are:"
  echo "$names"
  exit 1
fi
left_out=()
if [ -n "${1:-}" ]; then
  export REQUIRE_CITUS=1
elif [ "${REQUIRE_CITUS:-}" != 1 ] && ! scripts/has-citus.sh; then
  echo "left out: $(grep CitusGroups <<<"$names")"
  left_out=(--skip CitusGroups)
fi
swift test --skip-build --filter "(?i)^ClusterTests.*(${1:-})" "${left_out[@]}"
