#!/usr/bin/env bash
# Every test: formatting, the release binary, scripts, the chart, units, real programs.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/lint.sh
scripts/release.sh
scripts/release.sh --full-swift
scripts/instructions.sh
scripts/transcripts.py
.build/venv/bin/python -m unittest discover -s Tests/ScriptTests
.build/venv/bin/python -m unittest discover -s Tests/ChartTests
scripts/fuzz.sh
# Clusters want the machine to themselves; `make cluster-test` runs them.
swift test --skip ClusterTests
