# shellcheck shell=bash
# The Swift toolchain of this machine, which other roots borrow, and what Debian has that it needs.

toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")

# Fails where another root cannot have it beside its own programs.
require_lendable_toolchain() {
  [ "$toolchain" != / ] || {
    echo "${0##*/}: error: the Swift toolchain is in /usr, from where it cannot be lent to a build" >&2
    exit 69
  }
}

# toolchain_packages GCC: what the published image has beside the toolchain, with GCC's major version.
toolchain_packages() {
  echo binutils git libc6-dev libcurl4 libedit2 "libgcc-$1-dev" libncurses6 libsqlite3-0 \
    "libstdc++-$1-dev" libxml2 libz3-4 tzdata zlib1g-dev
}
