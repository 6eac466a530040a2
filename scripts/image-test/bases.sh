# shellcheck shell=bash disable=SC2034,SC2154 # a part of image-test.sh
# Stand-ins for the published images: two bases and etcd, made from Debian's packages alone. They
# are kept until this file or toolchain.sh changes.

postgres_major=15

# Names the stand-ins after these files, and removes what an older one made.
name_bases() {
  local version
  version=$(cat "${BASH_SOURCE[0]}" scripts/toolchain.sh | sha256sum | cut -c 1-12)
  debian_image=localhost/stand-in/debian:$version
  swift_image=localhost/stand-in/swift:$version
  postgres_image=localhost/stand-in/postgres:$version
  etcd_image=localhost/stand-in/etcd:$version
  podman images --format '{{.Repository}}:{{.Tag}}' 'localhost/stand-in/*' |
    { grep -v ":$version\$" || true; } | xargs -r podman rmi --force >/dev/null
}

# base NAME: makes one that is not there yet.
base() {
  local image=$1_image
  podman image exists "${!image}" || timed "base $1" "make_$1_image"
}

# The mirror that this machine uses, when it runs the same Debian release.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016 # apt-get fills it in
  mirror=$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Codename: bookworm' 'Component: main' 2>/dev/null | head -n 1)
  echo "${mirror:-http://deb.debian.org/debian}"
}

# In memory, because dpkg waits for the disk at every step.
make_debian_image() {
  local root=$state/debian
  mkdir -p "$root"
  # shellcheck disable=SC2016 # the inner shell has arguments of its own
  unshare --mount bash -euo pipefail -c '
    mount -t tmpfs none "$1"
    debootstrap --variant=minbase bookworm "$1" "$2" >&2
    rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
    # As in the published images: neither packages nor caches stay behind, and dpkg does not wait.
    echo "Dir::Cache::pkgcache \"\"; Dir::Cache::srcpkgcache \"\"; Dir::Cache::archives \"/tmp\";" \
      >"$1/etc/apt/apt.conf.d/no-cache"
    echo force-unsafe-io >"$1/etc/dpkg/dpkg.cfg.d/unsafe-io"
    tar --directory "$1" --numeric-owner --create .' - "$root" "$(debian_mirror)" |
    podman import --quiet - "$debian_image"
}

# shellcheck source=scripts/toolchain.sh
. scripts/toolchain.sh
require_lendable_toolchain

# The toolchain itself is lent to the build, because copying its gigabytes would take longer than
# everything else.
make_swift_image() {
  build_base "$swift_image" <<END
FROM $debian_image
RUN apt-get update \\
  && apt-get install -y --no-install-recommends $(toolchain_packages 12) \\
  && rm -rf /var/lib/apt/lists/* && mkdir -p $toolchain
ENV PATH=$toolchain/usr/bin:/usr/bin:/usr/sbin:/bin:/sbin
END
}

# User, directories and variables as in the official postgres images; no Citus.
make_postgres_image() {
  build_base "$postgres_image" <<END
FROM $debian_image
RUN groupadd -r -g 999 postgres \\
  && useradd -r -u 999 -g postgres -d /var/lib/postgresql -s /bin/bash postgres \\
  && apt-get update \\
  && apt-get install -y --no-install-recommends postgresql-common \\
  && sed -i 's/^#\\?create_main_cluster.*/create_main_cluster = false/' \\
    /etc/postgresql-common/createcluster.conf \\
  && apt-get install -y --no-install-recommends postgresql-$postgres_major \\
  && rm -rf /var/lib/apt/lists/*
ENV PG_MAJOR=$postgres_major PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/$postgres_major/bin
ENV PGDATA=/var/lib/postgresql/data
STOPSIGNAL SIGINT
HEALTHCHECK CMD false
END
}

make_etcd_image() {
  build_base "$etcd_image" <<END
FROM $debian_image
RUN apt-get update \\
  && apt-get install -y --no-install-recommends etcd-server \\
  && rm -rf /var/lib/apt/lists/*
END
}

build_base() {
  podman build --format docker --network host --tag "$1" --file - "$state/empty"
}
