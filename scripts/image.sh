#!/usr/bin/env bash
# Builds the image with podman or docker. Arguments go to the engine's `build`, for example
#   scripts/image.sh --build-arg CITUS_IMAGE=registry.example/citus:14.1.0
# ENGINE chooses the engine, IMAGE the image's name.
set -euo pipefail
cd "$(dirname "$0")/.."

engine=${ENGINE:-$(command -v podman || command -v docker)} || {
  echo "image.sh: error: neither podman nor docker is here" >&2
  exit 69
}
version=$(sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/EntrypointCore/Help.swift)
revision=$(scripts/revision.sh)

flags=()
case $("$engine" --version) in
# The format of OCI has no HEALTHCHECK.
podman*) flags+=(--format docker) ;;
esac

"$engine" build "${flags[@]}" --file Dockerfile.citus --tag "${IMAGE:-entrypoint:$version}" \
  --build-arg VERSION="$version" --build-arg REVISION="$revision" "$@" .
