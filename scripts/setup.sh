#!/usr/bin/env bash
# Installs what the other targets need: Debian packages, a Python environment in .build/venv, test data.
# Does nothing, and takes no time, when all of it is there.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
while read -r package; do
  [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] ||
    missing+=("$package")
done < <(grep -v '^#' scripts/packages.txt)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing: ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get -qq update
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
