#!/usr/bin/env bash
# Builds the release: dist/entrypoint, static and stripped, and dist/entrypoint.debug, its twin with
# symbols. `scripts/release.sh --full-swift` builds dist/entrypoint-full from the same sources without
# Embedded mode.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p dist

if [ "${1:-}" = --full-swift ]; then
  swift build -c release --traits StaticSwift --static-swift-stdlib --scratch-path .build/full \
    --disable-local-rpath --product entrypoint
  install -m 0755 .build/full/release/entrypoint dist/entrypoint-full
  exit
fi

# Without a library path: nothing is loaded at run time.
swift build -c release --traits Embedded --scratch-path .build/embedded --disable-local-rpath \
  --product entrypoint
if find -L .build/embedded/release/ -name '*.swift.o' -exec nm {} + | grep -E ' [VW] .*Tv[0-9]*_r?$'; then
  echo "constants that modules name alike and number differently; see Package.swift"
  exit 1
fi
install -m 0755 .build/embedded/release/entrypoint dist/entrypoint.debug
"$(dirname "$(readlink -f "$(command -v swift)")")/llvm-objcopy" --strip-all dist/entrypoint.debug dist/entrypoint
