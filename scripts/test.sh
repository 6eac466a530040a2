#!/usr/bin/env bash
# Every test: formatting, the release binary, scripts, the chart, units, real programs, clusters, a minute
# of invented input.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/lint.sh
scripts/release.sh
scripts/release.sh --full-swift
scripts/transcripts.py
.build/venv/bin/python -m unittest discover -s Tests/ScriptTests
.build/venv/bin/python -m unittest discover -s Tests/ChartTests
scripts/fuzz.sh
swift test --skip ClusterTests
# Clusters have the machine to themselves: they wait for elections, with deadlines.
swift test --filter ClusterTests
