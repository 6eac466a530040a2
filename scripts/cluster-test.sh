#!/usr/bin/env bash
# Runs the clusters whose names contain the argument, in any case; all of them without one.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/release.sh
swift build --build-tests
names=$(swift test list --skip-build | sed -n 's|^ClusterTests.ClusterTests/||p')
if ! grep -qiE "${1:-}" <<<"$names"; then
  echo "no scenario is named like $1; there are:"
  echo "$names"
  exit 1
fi
swift test --skip-build --filter "(?i)^ClusterTests.*(${1:-})"
