#!/usr/bin/env bash
# Every test: formatting, the release binary, scripts, the chart, units, real programs, clusters.
#
# What needs the Citus extension is left out where there is none; with REQUIRE_CITUS=1 it fails there.
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
