#!/usr/bin/env bash
# Feeds invented input to the fuzz targets in Fuzz/, with AddressSanitizer:
#
#   scripts/fuzz.sh [TARGET|all]                               the same input on every machine, for the tests
#   scripts/fuzz.sh TARGET|all SECONDS [LIBFUZZER-OPTION]...   new input, different in every run
#
# A target is a folder with Swift sources that define `testOneInput`; a folder `corpus` with input that
# once mattered; `variants`, how many variants of each input the tests try; and maybe `dictionary`, `judge.c`,
# `seeds.sh`, which makes the same input in every run, and `fresh-seeds.sh`, which does not. Sources beside
# the folders belong to every target. What a finding was stays in .build/fuzz/findings.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/surroundings.sh
. scripts/surroundings.sh

target=${1:-all}
seconds=${2:-}
shift $(($# < 2 ? $# : 2))
if [ "$target" = all ]; then
  targets=(Fuzz/*/)
else
  targets=("Fuzz/$target/")
fi

# All modules but the one with `main`: libFuzzer has its own.
swift build -c release --scratch-path .build/fuzz --target EntrypointProgram -Xswiftc -enable-testing \
  -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address
built=.build/fuzz/release
mapfile -t objects < <(find -L "$built" -path '*.build/*.o' ! -path '*/entrypoint.build/*' ! -path '*-tool.build/*')
modules=()
for map in Sources/*/module.modulemap Tests/CLibpq/module.modulemap "$built"/*.build/module.modulemap; do
  if [ -e "$map" ]; then modules+=(-Xcc "-fmodule-map-file=$map"); fi
done
# Statically, as in the release; libcrypto needs others beside it in some versions.
read -ra libraries <<<"$(pkg-config --cflags --libs yaml-0.1 libpq) -l:libcrypto.a $(
  pkg-config --static --libs-only-l libcrypto | sed 's/-lcrypto\>//'
)"
flags=()
for word in "${libraries[@]}"; do
  case $word in
    -I*) flags+=(-Xcc "$word") ;;
    *) flags+=("$word") ;;
  esac
done
# What stands before functions of the libraries; Package.swift has the same for every other build.
while read -r function; do flags+=(-Xlinker "--wrap=$function"); done < <(
  nm --undefined-only "${objects[@]}" | sed -n 's/.* U __real_//p' | sort -u
)

# build_target FOLDER WORK
build_target() {
  # Coverage counts where it is of the program, not of the target itself.
  swiftc -O -c -wmo -parse-as-library -sanitize=address -warnings-as-errors -module-name "Fuzz$(basename "$1")" \
    -I "$built/Modules" "${modules[@]}" "${flags[@]}" Fuzz/*.swift "$1"*.swift -o "$2/target.o"
  swiftc -sanitize=fuzzer,address -use-ld=lld "$2/target.o" "${objects[@]}" "${flags[@]}" -o "$2/fuzz"
}

# replay FOLDER WORK: the corpus, seeds that are always the same, and variants of each.
replay() {
  local kept=.build/fuzz/findings/$name-replayed dictionary='' inputs=("$1"corpus/*)
  if [ -e "$1/dictionary" ]; then dictionary=$1/dictionary; fi
  if [ -x "$1/seeds.sh" ]; then
    "$1/seeds.sh" "$2/seeds"
    inputs+=("$2"/seeds/*)
  fi
  SWIFT_DETERMINISTIC_HASHING=1 "$2/fuzz" --replay "$(cat "$1/variants")" "$dictionary" "$kept" "${inputs[@]}" \
    >"$2/log" 2>&1 || {
    tail -n 60 "$2/log"
    echo "the input is $kept"
    return 1
  }
  rm "$kept"
  echo "$name: $(grep ' inputs, digest ' "$2/log")"
}

# explore FOLDER WORK [LIBFUZZER-OPTION]...
explore() {
  local folder=$1 work=$2 script options=("-max_total_time=$seconds" -timeout=20 -print_final_stats=1
    "-artifact_prefix=.build/fuzz/findings/$name-")
  shift 2
  # A judge that must not share the program's OpenSSL is a library of its own. It is as old as this
  # machine's OpenSSL, so the tests do without; the certificate sets' tests are for that.
  unset FUZZ_JUDGE
  if [ -e "$folder/judge.c" ]; then
    clang -O1 -Wall -Wextra -Werror -shared -fPIC -o "$work/judge.so" "$folder/judge.c" -lssl -lcrypto
    export FUZZ_JUDGE=$PWD/$work/judge.so
  fi
  for script in "$folder"{seeds,fresh-seeds}.sh; do
    if [ -x "$script" ]; then "$script" "$work/seeds"; fi
  done
  if [ -e "$folder/dictionary" ]; then options+=("-dict=$folder/dictionary"); fi
  echo "fuzzing $name"
  # What is found stays for the next run on this machine.
  "$work/fuzz" "${options[@]}" "$@" "$work/found" "$work/seeds" "$folder/corpus" 2>"$work/log" || {
    tail -n 60 "$work/log"
    return 1
  }
  grep -E '^INFO: Seed|^stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$work/log"
}

# Stacks of allocations cost a third of the time; FUZZ_STACK_DEPTH=30 shows them.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=malloc_context_size=${FUZZ_STACK_DEPTH:-0}:max_malloc_fill_size=0
failed=0
for folder in "${targets[@]}"; do
  name=$(basename "$folder")
  work=.build/fuzz/$name
  # What an earlier version made is none of this one's seeds.
  rm -rf "$work/seeds"
  mkdir -p "$work/seeds" "$work/found" .build/fuzz/findings
  build_target "$folder" "$work"
  if [ -n "$seconds" ]; then
    explore "$folder" "$work" "$@" || failed=1
  else
    replay "$folder" "$work" || failed=1
  fi
done
exit $failed
