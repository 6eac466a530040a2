#!/usr/bin/env bash
# Builds the release: dist/entrypoint, static and stripped, and dist/entrypoint.debug, its twin with
# symbols.
#
#   scripts/release.sh --full-swift    builds dist/entrypoint-full from the same sources without Embedded mode
#   scripts/release.sh --note          notes REVISION in the binaries that are there, and builds nothing
#
# A library that is older than what the package archive offers is not linked; OUTDATED=1 links it all the same.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/linked.sh
. scripts/linked.sh
umask 022
mkdir -p dist

tools=$(dirname "$(readlink -f "$(command -v swift)")")

# What --version says beside the libraries' own words; csystem_build() reads it.
notes() {
  local package
  echo "revision $(scripts/revision.sh)"
  if command -v dpkg-query >/dev/null; then
    (. /etc/os-release && echo "distribution $ID-${VERSION_ID:-$VERSION_CODENAME}")
    echo "architecture $(dpkg --print-architecture)"
    for package in "${linked_packages[@]}"; do
      # shellcheck disable=SC2016 # dpkg-query fills it in
      dpkg-query --show --showformat='${source:Package} ${source:Version}\n' "$package" || true
    done
  fi
}

# Fills the notes into the section that is kept for them, which has a fixed size.
note() {
  local file=$1 section
  section=$(mktemp)
  notes | head --bytes=511 >"$section"
  truncate --size=512 "$section"
  "$tools/llvm-objcopy" --update-section entrypoint_build="$section" "$file"
  rm "$section"
}

deliver() {
  note dist/entrypoint.debug
  "$tools/llvm-objcopy" --strip-all dist/entrypoint.debug dist/entrypoint
}

# Refuses packages that are older than the archive's.
judge_packages() {
  local versions package installed offered severity=error old=()
  versions=$(linked_versions)
  [ -z "${OUTDATED:-}" ] || severity=warning
  if [ -z "$versions" ] || grep -q '?$' <<<"$versions"; then
    echo "release.sh: warning: cannot ask the package archive for the versions of ${linked_packages[*]}" >&2
    echo "  hint: Run apt-get update." >&2
  fi
  while read -r package installed offered; do
    echo "release.sh: $severity: $package $installed is older than $offered in the package archive" >&2
    old+=("$package")
  done < <(outdated <<<"$versions")
  [ ${#old[@]} = 0 ] || [ $severity = warning ] || {
    echo "  hint: Run apt-get install ${old[*]}, or set OUTDATED=1 to link what is installed." >&2
    exit 1
  }
}

# build SCRATCH_PATH FLAG...: the build does not notice that a library has changed, and would leave the old one
# in the program.
build() {
  local scratch=$1 library libraries=()
  for library in crypto yaml c; do
    libraries+=("$("$tools/clang" -print-file-name="lib$library.a")")
  done
  sha256sum --check --status "$scratch/linked" 2>/dev/null || rm -f "$scratch/release/entrypoint"
  # Without a library path: nothing is loaded at run time.
  swift build -c release --scratch-path "$scratch" --disable-local-rpath --product entrypoint "${@:2}"
  sha256sum "${libraries[@]}" >"$scratch/linked"
}

case ${1:-} in
--note)
  deliver
  ;;
--full-swift)
  judge_packages
  build .build/full --traits StaticSwift --static-swift-stdlib
  install -m 0755 .build/full/release/entrypoint dist/entrypoint-full
  note dist/entrypoint-full
  ;;
*)
  judge_packages
  build .build/embedded --traits Embedded
  if find -L .build/embedded/release/ -name '*.swift.o' -exec nm {} + | grep -E ' [VW] .*Tv[0-9]*_r?$'; then
    echo "constants that modules name alike and number differently; see Package.swift"
    exit 1
  fi
  install -m 0755 .build/embedded/release/entrypoint dist/entrypoint.debug
  deliver
  ;;
esac
