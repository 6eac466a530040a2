#!/usr/bin/env bash
# Writes docker/*-requirements.txt: every requirement with its version and the hashes of its files,
# for all architectures and for each Python from 3.11 (Debian 12) on. `--upgrade` takes newer
# versions, otherwise those in the files stay.
set -euo pipefail
cd "$(dirname "$0")/../docker"

for file in *-requirements.in; do
  ../.build/venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-annotate --custom-compile-command "make patroni-requirements" \
    --output-file "${file%.in}.txt" "$@" "$file"
done
