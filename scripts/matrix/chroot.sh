#!/usr/bin/env bash
# Makes a root directory of a Debian release with its PostgreSQL, once: scripts/matrix/chroot.sh SUITE MAJOR
# In that of Debian 13 the release can be built, too. Prints the directory. Needs root.
set -euo pipefail
cd "$(dirname "$0")/../.."

suite=$1
major=$2
packages=("postgresql-$major")
if [ "$suite" = trixie ]; then
  # shellcheck source=scripts/toolchain.sh
  . scripts/toolchain.sh
  read -ra more < <(toolchain_packages 14)
  packages+=("${more[@]}" file libpq-dev libssl-dev libyaml-dev libzstd-dev openssl pkg-config python3
    strace)
fi
root=$PWD/.build/matrix/$suite
if [ "$(cat "$root.ready" 2>/dev/null)" = "${packages[*]}" ]; then
  echo "$root"
  exit
fi

# shellcheck disable=SC2016  # apt's own variables
# The archive that this machine takes its own packages from.
mirror=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' |
  awk '$1 == "Debian" && $2 !~ /security/ { print $2; exit }')
rm -rf --one-file-system "$root" "$root.ready"
mkdir -p "$root"
log=$root.log
{
  # In a mount namespace of its own, because debootstrap may leave /proc mounted.
  unshare --mount debootstrap --variant=minbase "$suite" "$root" "$mirror"
  # The package would make a database cluster of its own and start it.
  mkdir -p "$root/etc/postgresql-common"
  echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
  chroot "$root" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    apt-get -qq install -y --no-install-recommends "${packages[@]}"
  rm -rf "$root"/var/cache/apt/archives/*.deb
} >"$log" 2>&1 || {
  echo "could not make a root of $suite; the end of $log:" >&2
  tail -n 20 "$log" >&2
  exit 1
}
echo "${packages[*]}" >"$root.ready"
echo "$root"
