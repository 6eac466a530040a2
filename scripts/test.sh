#!/usr/bin/env bash
# Every test: formatting, the release binary, unit and integration tests, clusters, a minute of
# invented input.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/lint.sh
scripts/release.sh
scripts/release.sh --full-swift
scripts/transcripts.py
swift test --skip ClusterTests
# Clusters have the machine to themselves: they wait for elections, with deadlines.
swift test --filter ClusterTests
scripts/fuzz.sh all 60
