#!/usr/bin/env bash
# Feeds invented input to the fuzz targets in Fuzz/, with AddressSanitizer:
#
#   scripts/fuzz.sh [TARGET|all] [SECONDS] [LIBFUZZER-OPTION]...
#
# Each target takes SECONDS, or what its file `seconds` says. A target is a folder with Swift sources
# that define LLVMFuzzerTestOneInput, a folder `corpus` with input that once mattered, and maybe
# `seeds.sh`, which makes more of it, `dictionary`, and `judge.c`. Sources beside the folders belong to every target.
# What a finding was stays in .build/fuzz/findings.
set -euo pipefail
cd "$(dirname "$0")/.."

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
read -ra libraries <<<"$(pkg-config --cflags --libs yaml-0.1 libpq) -l:libcrypto.a"
flags=()
for word in "${libraries[@]}"; do
  case $word in
    -I*) flags+=(-Xcc "$word") ;;
    *) flags+=("$word") ;;
  esac
done

for folder in "${targets[@]}"; do
  name=$(basename "$folder")
  work=.build/fuzz/$name
  mkdir -p "$work/seeds" "$work/found" .build/fuzz/findings
  # Coverage counts where it is of the program, not of the target itself.
  swiftc -O -c -wmo -parse-as-library -sanitize=address -warnings-as-errors -module-name "Fuzz$name" \
    -I "$built/Modules" "${modules[@]}" "${flags[@]}" Fuzz/*.swift "$folder"*.swift -o "$work/target.o"
  swiftc -sanitize=fuzzer,address -use-ld=lld "$work/target.o" "${objects[@]}" "${flags[@]}" -o "$work/fuzz"
  # A judge that must not share the program's OpenSSL is a library of its own. It has its say when somebody
  # fuzzes for as long as they want to know, not in every run of the tests: the certificate sets' tests are for that.
  if [ -e "$folder/judge.c" ] && [ -n "$seconds" ]; then
    clang -O1 -Wall -Wextra -Werror -shared -fPIC -o "$work/judge.so" "$folder/judge.c" -lssl -lcrypto
    export FUZZ_JUDGE=$PWD/$work/judge.so
  fi
  if [ -x "$folder/seeds.sh" ]; then "$folder/seeds.sh" "$work/seeds"; fi
  options=("-max_total_time=${seconds:-$(cat "$folder/seconds")}" -timeout=20 -print_final_stats=1
    "-artifact_prefix=.build/fuzz/findings/$name-")
  if [ -e "$folder/dictionary" ]; then options+=("-dict=$folder/dictionary"); fi
  echo "fuzzing $name"
  # What is found stays for the next run on this machine. Stacks of allocations cost a third of the time;
  # FUZZ_STACK_DEPTH=30 shows them.
  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=malloc_context_size=${FUZZ_STACK_DEPTH:-0}:max_malloc_fill_size=0 "$work/fuzz" "${options[@]}" "$@" "$work/found" "$work/seeds" "$folder/corpus" 2>"$work/log" || {
    tail -n 60 "$work/log"
    exit 1
  }
  grep -E '^INFO: Seed|^stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$work/log"
done
