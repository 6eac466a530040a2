#!/usr/bin/env bash
# Builds the release on Debian 13, whose OpenSSL is another one, and gives it every scenario and every set of
# certificates, with the answers recorded on this machine.
#
#   scripts/matrix/debian-13.sh          leaves .build/matrix/debian-13/dist/entrypoint
#   ALL=1 scripts/matrix/debian-13.sh    runs the tests there, too, as far as they need no network: units, and sets of
#                                        certificates that Debian 13's PostgreSQL and libpq judge
#
# Needs root, and the tests of this machine built.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
require_lendable_toolchain

here=.build/matrix/debian-13
mkdir -p "$here/build" "$here/dist"
root=$(scripts/matrix/chroot.sh trixie 17)

# Builds with the sources as they are here, and leaves what comes of it outside of the root.
inside() {
  REVISION=$(scripts/revision.sh) scripts/matrix/overlay.sh "$root" \
    scripts/matrix/borrow.sh MERGED "$toolchain" "$here" "$@"
}

begin=$SECONDS
inside scripts/release.sh >"$here/release.log" 2>&1 || {
  cat "$here/release.log"
  exit 1
}
echo "Debian 13: release built in $((SECONDS - begin)) s: $("$here/dist/entrypoint" --version | tr '\n' ' ')"

ENTRYPOINT_BINARY=$PWD/$here/dist/entrypoint scripts/costs.sh

log=$here/tests.log
ENTRYPOINT_BINARY=$PWD/$here/dist/entrypoint swift test --skip-build \
  --filter 'BuildsTests/everyBuildGivesTheFileAndTheProblems|CertificateAgreementTests/saysExactlyWhatIsWrong' \
  >"$log" 2>&1 </dev/null || {
  cat "$log"
  exit 1
}
echo "Debian 13: $(grep -E 'Test run with .* passed' "$log" | tail -n 1)"

[ -n "${ALL:-}" ] || exit 0
suites='PostgresConfigTests|PatroniConfigTests|EntrypointCoreTests'
inside swift test --filter "^($suites)\.|CertificateAgreementTests|OwnCertificateTests" \
  >"$here/inside.log" 2>&1 </dev/null || {
  cat "$here/inside.log"
  exit 1
}
echo "Debian 13, inside: $(grep -E 'Test run with .* passed' "$here/inside.log" | tail -n 1)"
