# shellcheck shell=bash disable=SC2034 # what measures reads these
# The program and the pods that are measured, and what stands for Patroni. `prepare_pods DIRECTORY` makes the files.

# A release is static, so one that was built on another Debian can be measured here.
binary=$(realpath "${ENTRYPOINT_BINARY:-dist/entrypoint}")

# linked_in LIBRARY: its version in the program.
linked_in() { "$binary" --version | sed -n "s/^$1 \([0-9.]*\).*/\1/p"; }

prepare_pods() {
  local directory=$1 name
  mkdir -p "$directory/bin" "$directory/certificates"
  for name in patroni no-op; do compile no-op.c "$directory/bin/$name"; done
  CLUSTER_NAME=bench OUTPUT_DIR="$directory/certificates" scripts/generate-ssl-certs.sh &>/dev/null
  make_list "$directory/certificates"

  pod=(
    PATH="$directory/bin:/usr/bin:/bin" HOME="$directory" CLUSTER_NAME=bench POD_NAME=bench-0-0
    POD_NAMESPACE=default POD_IP=10.0.0.1 CITUS_GROUP=0 KUBERNETES_SERVICE_HOST=10.96.0.1 PG_MAJOR=15
    BENCH_CERTIFICATES="$directory/certificates" CONNECT_BY=ip
  )
  without_certificates=(
    "${pod[@]}" PGSSLMODE=disable PATRONI_SUPERUSER_PASSWORD=one PATRONI_REPLICATION_PASSWORD=two
  )
  with_certificates=(
    "${pod[@]}" PGSSLMODE=verify-ca CERTIFICATE_RELOAD=off
    PGSSLROOTCERT="$directory/certificates/ca.crt"
    PGSSLCERT="$directory/certificates/server.crt" PGSSLKEY="$directory/certificates/server.key"
  )
  with_staging=("${with_certificates[@]/CERTIFICATE_RELOAD=off/CERTIFICATE_RELOAD=on}")
  with_list=(
    "${with_staging[@]/PGSSLMODE=verify-ca/PGSSLMODE=verify-full}"
    PGSSLCRL="$directory/certificates/ca.crl"
  )
}

# make_list DIRECTORY: an empty revocation list of the authority there.
make_list() {
  local scratch
  scratch=$(mktemp -d)
  : >"$scratch/index"
  printf '[ca]\ndefault_ca=own\n[own]\ndatabase=%s\ndefault_md=sha256\ndefault_crl_days=30\n' \
    "$scratch/index" >"$scratch/ca.cnf"
  openssl ca -gencrl -config "$scratch/ca.cnf" -keyfile "$1/ca.key" -cert "$1/ca.crt" -out "$1/ca.crl" 2>/dev/null
  rm -rf "$scratch"
}

compile() { gcc -O2 -static -s -Wall -Wextra -Werror -o "$2" "bench/$1"; }
