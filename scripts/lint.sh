#!/usr/bin/env bash
# Formatting of Swift, and the checks for shell scripts, Dockerfiles and workflows.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive --parallel Package.swift Sources Tests Fuzz
git ls-files -z -- '*.sh' .ci/run | xargs -0 .build/venv/bin/shellcheck
.build/venv/bin/hadolint Dockerfile.citus
.build/venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
.build/venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker/compose.yml
PATH=$PWD/.build/venv/bin:$PATH actionlint # It has shellcheck look at the scripts in them.
.build/venv/bin/zizmor --quiet --offline .github/workflows

long=$(git ls-files -- Sources Tests Fuzz scripts docker helm Makefile | grep -E '(\.(swift|c|h|sh|py|yaml|tpl)|Makefile)$' |
  grep -vE '/(Scenarios|snapshots|corpus)/' | xargs wc -l | awk '$2 != "total" && $1 >= 400 { print $2 ": " $1 " lines" }')
if [ -n "$long" ]; then
  echo "files of 400 lines and more:"
  echo "$long"
  exit 1
fi
