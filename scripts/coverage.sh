#!/usr/bin/env bash
# How much of the sources the tests run that compute, and those that have the program judge certificates,
# by file; and each line of EntrypointCore, the policy, that none of them runs. Exits 1 when there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$PWD/.build/coverage
suites='PostgresConfigTests|PatroniConfigTests|EntrypointCoreTests|CertificateAgreementTests|ChannelBindingAgreementTests|CheckReportTests|OwnCertificateTests'
swift build --build-tests --enable-code-coverage --scratch-path "$scratch"
tools=$(dirname "$(readlink -f "$(command -v swift)")")

# The program that the tests start counts, too. It runs as users that may write to few places.
profiles=$scratch/profiles
rm -rf "$profiles"
mkdir -m 1777 "$profiles"
cat >"$scratch/entrypoint" <<END
#!/bin/sh
LLVM_PROFILE_FILE=$profiles/%p.profraw exec $scratch/debug/entrypoint "\$@"
END
chmod +x "$scratch/entrypoint"
ENTRYPOINT_BINARY=$scratch/entrypoint swift test --skip-build --enable-code-coverage --scratch-path "$scratch" \
  --filter "$suites" --skip opensNothingForWriting # It would see the profile written.

data=$scratch/profile
find "$profiles" -name '*.profraw' >"$scratch/names"
"$tools/llvm-profdata" merge -sparse -o "$data" -f "$scratch/names" "$scratch/debug/codecov/default.profdata"
objects=("$(echo "$scratch"/debug/*PackageTests.xctest)" -object "$scratch/debug/entrypoint")
"$tools/llvm-cov" report "${objects[@]}" -instr-profile="$data" Sources/PostgresConfig Sources/PatroniConfig \
  Sources/EntrypointCore -show-functions=false -show-region-summary=false -show-branch-summary=false
"$tools/llvm-cov" show "${objects[@]}" -instr-profile="$data" Sources/EntrypointCore >"$scratch/lines"
uncovered=$(awk -F'|' '/^\/.*:$/ { file = $0 } $2 ~ /^ *0$/ { print file $1 ":" $3 }' "$scratch/lines" |
  sed "s,^$PWD/,,")
if [ -n "$uncovered" ]; then
  printf 'lines of the policy that no test runs:\n%s\n' "$uncovered"
  exit 1
fi
