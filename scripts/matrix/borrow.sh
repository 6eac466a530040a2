#!/usr/bin/env bash
# Runs a command on this repository in another root: borrow.sh ROOT TOOLCHAIN PLACE COMMAND [ARGUMENT]...
# The toolchain and the sources are this machine's; what is built is in PLACE/build and PLACE/dist. Runs in a mount
# namespace of its own, such as overlay.sh makes.
set -euo pipefail

root=$1 toolchain=$2 place=$3
shift 3
mkdir -p "$root$toolchain" "$root$PWD"
mount --bind -o ro "$toolchain" "$root$toolchain"
mount --bind "$PWD" "$root$PWD"
mount --bind "$place/build" "$root$PWD/.build"
mount --bind "$place/dist" "$root$PWD/dist"
# shellcheck disable=SC2016 # the inner shell has arguments of its own
exec chroot "$root" env -i HOME=/root LC_ALL=C.UTF-8 REVISION="$REVISION" \
  PATH="$toolchain/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin" sh -c 'cd "$0" && exec "$@"' "$PWD" "$@"
