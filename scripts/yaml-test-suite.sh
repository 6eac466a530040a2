#!/usr/bin/env bash
# Puts the official YAML test suite into .build/yaml-test-suite, one folder a case, unless it is there.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=.build/yaml-test-suite
requirements=scripts/yaml-test-suite/requirements.txt
if cmp -s "$requirements" "$folder/requirements.txt"; then exit; fi
rm -rf "$folder"
mkdir -p "$folder"
PYTHONPATH=$PWD/scripts/yaml-test-suite .build/venv/bin/pip download --quiet --disable-pip-version-check \
  --no-deps --no-binary :all: --no-build-isolation --dest "$folder" --requirement "$requirements"
tar -xzf "$folder"/*.tar.gz -C "$folder" --strip-components=4 --wildcards '*/yaml-test-suite/data/*'
rm "$folder"/*.tar.gz
cp "$requirements" "$folder/requirements.txt"
