# shellcheck shell=bash # a part of bench.sh
# The machine that figures are of, and what the program was built from.

describe_machine() {
  local name version
  printf 'processor: %s, %s of its cores\n' \
    "$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)" "$(nproc)"
  printf 'kernel: %s\n' "$(uname -srm)"
  # shellcheck source=/dev/null
  printf 'system: %s, C library %s\n' "$(. /etc/os-release && echo "$PRETTY_NAME")" \
    "$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)"
  printf 'linked in: OpenSSL %s, C library %s\n' "$(linked_in openssl)" "$(linked_in glibc)"
  for name in openssl bash; do
    version=$("$name" "$([ $name = bash ] && echo --version || echo version)" | head -n 1)
    printf 'compared with: %s\n' "$version"
  done
}
