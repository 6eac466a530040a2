#!/usr/bin/env bash
# Fetches other people's YAML documents for the tests, into .build/yaml: the official YAML test suite,
# which Debian's source package of YAML::PP carries, and the documents that PyYAML is tested with. They
# are not part of this repository. Does nothing when they are there.
set -euo pipefail
cd "$(dirname "$0")/.."

yaml=$PWD/.build/yaml
[ ! -e "$yaml/complete" ] || exit 0
rm -rf "$yaml"
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT

# The mirror that this machine uses.
# shellcheck disable=SC2016 # apt-get fills it in
mirror=$(apt-get indextargets --format '$(REPO_URI)' \
  'Created-By: Packages' 'Origin: Debian' 'Component: main' 2>/dev/null | head -n 1)
key=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
echo "deb-src [signed-by=$key] $mirror trixie main" >"$state/sources.list"
apt=(apt-get -qq -o "Dir::Etc::SourceList=$state/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root)
"${apt[@]}" update
(cd "$state" && "${apt[@]}" source --download-only --tar-only libyaml-pp-perl=0.39.0-1)
.build/venv/bin/pip download --quiet --disable-pip-version-check --no-deps --no-binary PyYAML \
  --dest "$state" "$(grep '^PyYAML==' scripts/requirements.txt)"

# unpack ARCHIVE SHA256 FOLDER NAME: what lies in FOLDER of the archive, as NAME.
unpack() {
  echo "$2  $state/$1" | sha256sum --check --quiet
  mkdir -p "$yaml/$4"
  tar -xf "$state/$1" -C "$yaml/$4" --strip-components="$(tr -cd / <<<"$3/" | wc -c)" "$3"
}
unpack libyaml-pp-perl_0.39.0.orig.tar.gz \
  32f53c65781277dcbe50827b4cbf217eceeff264779e3a6c98c94229eb149f58 \
  YAML-PP-v0.39.0/test-suite/yaml-test-suite-data test-suite
unpack pyyaml-6.0.3.tar.gz \
  d76623373421df22fb4cf8817020cbb7ef15c725b9d5e45f17e189bfc384190f \
  pyyaml-6.0.3/tests/legacy_tests/data pyyaml
touch "$yaml/complete"
