# shellcheck shell=bash disable=SC2034,SC2154 # a part of bench.sh and costs.sh
# Instructions, which do not depend on what else the machine does.

# count FILE VARIABLE=VALUE...: those of a start that writes FILE. Without Patroni in PATH valgrind sees the
# program end. OpenSSL and the C library have code of their own for many processors; here they take what every one
# of them can do.
count() {
  local file=$1 log
  shift
  log=$(env -i "$@" PATH=/nonexistent OPENSSL_ia32cap=0:0 \
    GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-EVEX,-ERMS,-FSRM,-RTM \
    "$(command -v valgrind)" --tool=callgrind --callgrind-out-file=/dev/null \
    "$binary" --output "$file" 2>&1 || true)
  grep -q "patroni: command not found" <<<"$log" || {
    echo "$log" >&2
    return 1
  }
  sed -n 's/.*Collected : //p' <<<"$log"
}

# Dictionaries are seeded at random, so the count differs a little from run to run.
median_count() {
  local counts=()
  for _ in 1 2 3 4 5; do counts+=("$(count "$@")") || return; done
  printf '%s\n' "${counts[@]}" | sort -n | sed -n 3p
}

# growth_of WHAT UNITS FILE UNITS FILE: the instructions for each unit of a short and a long configuration;
# beside the short one, what a start costs anyway is nothing.
growth_of() {
  local what=$1 short long verdict=MISSED
  short=$(each_of "$2" "$3")
  long=$(each_of "$4" "$5")
  if awk -v long="$long" -v short="$short" -v most="$growth" 'BEGIN { exit long > most * short }'; then
    verdict=met
  else
    missed=1
  fi
  printf '  each of %9s %-24s %9s\n' "$2" "$what" "$short" "$4" "$what" "$long"
  printf '  %-42s %9s times (budget %s: %s)\n' "growth" \
    "$(awk -v long="$long" -v short="$short" 'BEGIN { printf "%.2f", long / short }')" "$growth" "$verdict"
}

# each_of UNITS FILE
each_of() {
  echo $(($(count "$memory/patroni.yml" "${variables[@]}" PATRONI_CONFIGURATION_FILE="$2") / $1))
}
