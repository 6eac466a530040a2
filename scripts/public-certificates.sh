#!/usr/bin/env bash
# Sets of certificates that others publish, judged by the program, PostgreSQL and libpq: those of PostgreSQL's own ssl
# tests, of OpenSSL's verify tests, and of NIST's PKITS. What is fetched stays in .build/public-certificates. Needs root.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$PWD/.build/public-certificates
tools=scripts/public-certificates

# The sources of Debian's release, which this machine's apt does not know otherwise.
fetch_sources() {
  local lists=$folder/lists
  mkdir -p "$lists"
  (
    . /etc/os-release
    printf '%s\n' 'Types: deb-src' "$(grep -m 1 '^URIs:' /etc/apt/sources.list.d/debian.sources)" \
      "Suites: $VERSION_CODENAME" 'Components: main' \
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$folder/debian.sources"
  )
  local options=(-qq -o "Dir::Etc::sourcelist=$folder/debian.sources" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$lists" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  local major
  major=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | head -n 1)
  (cd "$folder" && apt-get "${options[@]}" source --download-only openssl "postgresql-$major")
  tar -xzf "$folder"/openssl_*.orig.tar.gz -C "$folder" --wildcards '*/test/certs/*' '*/recipes/25-test_verify.t'
  tar -xjf "$folder"/postgresql-*.orig.tar.bz2 -C "$folder" --wildcards '*/src/test/ssl/ssl/*'
}

if ! cmp -s "$tools/requirements.txt" "$folder/requirements.txt"; then
  rm -rf "$folder"
  mkdir -p "$folder"
  .build/venv/bin/pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    --dest "$folder" --requirement "$tools/requirements.txt"
  fetch_sources
  cp "$tools/requirements.txt" "$folder/requirements.txt"
fi

if [ ! -x dist/entrypoint ]; then scripts/release.sh; fi
openssl version
exec .build/venv/bin/python "$tools/judge.py" "$folder" "$@"
