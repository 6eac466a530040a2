#!/usr/bin/env bash
# Installs what the other targets need: Debian packages, a Python environment in .build/venv, test data.
# Brings what is linked into the release up to date.
# Does nothing, and takes a second, when all of it is there.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/linked.sh
. scripts/linked.sh

missing=()
while read -r package; do
  [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] ||
    missing+=("$package")
done < <(grep -v '^#' scripts/packages.txt)
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
[ ${#missing[@]} = 0 ] || "${as_root[@]}" apt-get -qq update
# The release holds these, whatever is updated around it. A new machine knows of no newer ones before the update.
while read -r package _; do missing+=("$package"); done < <(linked_versions | outdated)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}"
  # A database cluster that the package would create and start is not wanted.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
fi

stamp=.build/venv/requirements.txt
if ! cmp -s scripts/requirements.txt "$stamp"; then
  rm -rf .build/venv
  mkdir -p .build
  /usr/bin/python3 -m venv .build/venv
  .build/venv/bin/pip install --quiet --disable-pip-version-check -r scripts/requirements.txt
  cp scripts/requirements.txt "$stamp"
fi

scripts/yaml-test-suite.sh
