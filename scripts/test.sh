#!/usr/bin/env bash
# Every test: formatting, the release binary, scripts, the chart, units, real programs, clusters.
#
# With REQUIRE_CITUS=1 the clusters must include those of Citus; it fails without the extension.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
[ "${REQUIRE_CITUS:-}" != 1 ] || scripts/has-citus.sh
scripts/lint.sh
scripts/release.sh
scripts/release.sh --full-swift
scripts/instructions.sh
scripts/transcripts.py
.build/venv/bin/python -m unittest discover -s Tests/ScriptTests
.build/venv/bin/python -m unittest discover -s Tests/ChartTests
scripts/fuzz.sh
swift test --skip ClusterTests
# They want the machine to themselves.
scripts/cluster-test.sh
