#!/usr/bin/env bash
# Builds the image on stand-ins for its bases and tries it in containers. Needs root, for the
# containers and for network namespaces of its own. Arguments go to Python's unittest:
#   scripts/image-test.sh -k read_only
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/surroundings.sh
. scripts/surroundings.sh

[ "$(id -u)" = 0 ] || {
  echo "image-test.sh: error: must be run as root" >&2
  exit 77
}

scripts/setup.sh

# Images, containers and networks of this repository, apart from the machine's own.
state=$PWD/.build/image-test
mkdir -p "$state/empty" "$state/networks"
cat >"$state/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$state/storage"
runroot = "$state/run"
END
# runc and cgroupfs need neither systemd nor version 2 of control groups; the limits are below those
# of a machine that is itself a container.
cat >"$state/containers.conf" <<END
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "$state/run/libpod"
[network]
network_backend = "netavark"
network_config_dir = "$state/networks"
END
export CONTAINERS_CONF=$state/containers.conf CONTAINERS_STORAGE_CONF=$state/storage.conf
export BUILDAH_ISOLATION=oci

# timed WHAT COMMAND...: says how long it took, and shows what it printed only when it failed.
timed() {
  local what=$1 begin=$SECONDS
  shift
  "$@" >"$state/$what.log" 2>&1 || {
    cat "$state/$what.log" >&2
    echo "image-test.sh: error: $what: could not be made" >&2
    return 1
  }
  echo "$what: $((SECONDS - begin)) s"
}

# shellcheck source=scripts/image-test/bases.sh
. scripts/image-test/bases.sh
name_bases

# What pip needs to know about this machine's network reaches the build as secrets.
secrets=(--secret "id=pip.conf,src=$state/pip.conf")
{
  echo "[global]"
  if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    echo "cert = /run/secrets/ca-certificates"
    secrets+=(--secret "id=ca-certificates,src=/etc/ssl/certs/ca-certificates.crt")
  fi
  if index=$(.build/venv/bin/pip config get global.index-url 2>/dev/null); then
    echo "index-url = $index"
  fi
} >"$state/pip.conf"

arguments=(--network host "${secrets[@]}" --build-arg CITUS=no
  --build-arg SWIFT_IMAGE="$swift_image" --build-arg CITUS_IMAGE="$postgres_image")
stage() { # NAME FLAG...
  timed "stage $1" env IMAGE="localhost/entrypoint:$1" scripts/image.sh "${arguments[@]}" \
    --target "$@"
}

# The image finds both stages in the cache. The toolchain is lent to its stage only, so that it leaves
# no trace in the image.
binary() {
  base swift
  stage build --volume "$toolchain:$toolchain:ro"
}
rest() {
  base postgres
  stage patroni
  base etcd
}
podman image prune --force >/dev/null 2>&1
base debian
trap wait EXIT
rest &
binary
wait $!
export IMAGE=localhost/entrypoint:test
timed "image" scripts/image.sh "${arguments[@]}"

rm -rf "$state/binaries"
stage binaries --output "$state/binaries"

export BASE_IMAGE=$postgres_image ETCD_IMAGE=$etcd_image BINARIES=$state/binaries
exec .build/venv/bin/python -m unittest discover --start-directory Tests/ImageTests --verbose "$@"
