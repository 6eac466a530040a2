# shellcheck shell=bash disable=SC2034,SC2154 # a part of image-test.sh
# Stand-ins for the published images: two bases and etcd, made from Debian's packages alone. They
# are kept until this file changes.

postgres_major=15

make_bases() {
  local version
  version=$(sha256sum "${BASH_SOURCE[0]}" | cut -c 1-12)
  debian_image=localhost/stand-in/debian:$version
  swift_image=localhost/stand-in/swift:$version
  postgres_image=localhost/stand-in/postgres:$version
  etcd_image=localhost/stand-in/etcd:$version
  podman images --format '{{.Repository}}:{{.Tag}}' 'localhost/stand-in/*' |
    { grep -v ":$version\$" || true; } | xargs -r podman rmi >/dev/null
  exists "$debian_image" || timed "base debian" make_debian_image
  exists "$swift_image" || timed "base swift" make_swift_image
  exists "$postgres_image" || timed "base postgres" make_postgres_image
  exists "$etcd_image" || timed "base etcd" make_etcd_image
}

exists() { podman image exists "$1"; }

# The mirror that this machine uses, when it runs the same Debian release.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016 # apt-get fills it in
  mirror=$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Codename: bookworm' 'Component: main' 2>/dev/null | head -n 1)
  echo "${mirror:-http://deb.debian.org/debian}"
}

make_debian_image() {
  local root=$state/debian container
  rm -rf "$root"
  debootstrap --variant=minbase bookworm "$root" "$(debian_mirror)"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  # As in the published images: neither packages nor caches stay behind.
  echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache ""; Dir::Cache::archives "/tmp";' \
    >"$root/etc/apt/apt.conf.d/no-cache"
  container=$(buildah from scratch)
  buildah copy --quiet "$container" "$root" /
  buildah commit --quiet --rm "$container" "$debian_image"
  rm -rf "$root"
}

# Where the toolchain is on this machine, and how the stand-in for Swift finds it.
toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")

# What the published image has beside the toolchain. The toolchain itself is lent to the build,
# because copying its gigabytes would take longer than everything else.
make_swift_image() {
  build_base "$swift_image" <<END
FROM $debian_image
RUN apt-get update \\
  && apt-get install -y --no-install-recommends binutils git libc6-dev libcurl4 libedit2 \\
    libgcc-12-dev libncurses6 libsqlite3-0 libstdc++-12-dev libxml2 libz3-4 tzdata zlib1g-dev \\
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
