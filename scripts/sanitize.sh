#!/usr/bin/env bash
# The suites that only compute, with AddressSanitizer (leaks, too) and with ThreadSanitizer.
set -euo pipefail
cd "$(dirname "$0")/.."

suites='PostgresConfigTests|PatroniConfigTests|EntrypointCoreTests'
for sanitizer in address thread; do
  echo "with -sanitize=$sanitizer"
  ASAN_OPTIONS=detect_leaks=1:malloc_context_size=30 TSAN_OPTIONS=halt_on_error=1 SWIFT_BACKTRACE=enable=no \
    swift test --disable-xctest --sanitize="$sanitizer" --scratch-path ".build/$sanitizer" --filter "$suites"
done
