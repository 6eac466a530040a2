#!/usr/bin/env bash
# Every test: formatting, the release binary, scripts, the chart, units, real programs, a watcher's hard life, clusters.
#
# What needs the Citus extension is left out where there is none; with REQUIRE_CITUS=1 it fails there.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/surroundings.sh
. scripts/surroundings.sh

measured scripts/setup.sh
[ "${REQUIRE_CITUS:-}" != 1 ] || scripts/has-citus.sh
measured scripts/lint.sh
measured scripts/release.sh
measured scripts/release.sh --full-swift
measured scripts/costs.sh
measured scripts/transcripts.py
measured .build/venv/bin/python -m unittest discover -s Tests/ScriptTests
measured .build/venv/bin/python -m unittest discover -s Tests/ChartTests
measured scripts/fuzz.sh
measured swift test --skip ClusterTests
measured Tests/Soak/soak.py 1 1
# They want the machine to themselves.
measured scripts/cluster-test.sh
