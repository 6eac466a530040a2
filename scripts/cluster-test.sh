#!/usr/bin/env bash
# Runs the clusters whose names contain the argument, in any case; all of them without one.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/release.sh
swift build --build-tests
if ! swift test list --skip-build | grep -qiE "^ClusterTests.*(${1:-})"; then
  echo "no scenario is named like $1; there are:"
  swift test list --skip-build | sed -n 's|^ClusterTests.ClusterTests/|  |p'
  exit 1
fi
swift test --skip-build --filter "(?i)^ClusterTests.*(${1:-})"
