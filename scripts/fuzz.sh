#!/usr/bin/env bash
# Fuzzes the readers of what other people write, with libFuzzer and AddressSanitizer:
# `scripts/fuzz.sh [TARGET] [SECONDS]`. A target is a folder of Fuzz, all of them unless one is named;
# each runs for so many seconds, 30 unless said. What is found lies in .build/fuzz/TARGET.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$PWD/.build/fuzz
mkdir -p "$out/CSystem"
cat >"$out/CSystem/module.modulemap" <<END
module CSystem { header "$PWD/Sources/CSystem/include/CSystem.h" }
END
flags=(-swift-version 6 -g -O "-sanitize=fuzzer,address" -parse-as-library -use-ld=lld
  -I "$out" -I "$out/CSystem" -I Sources/CYAML)

library() {
  local sources
  mapfile -t sources < <(find "Sources/$1" -name '*.swift')
  swiftc "${flags[@]}" -emit-library -static -emit-module -emit-module-path "$out/$1.swiftmodule" \
    -module-name "$1" -o "$out/lib$1.a" "${sources[@]}"
}

targets=("${1:-}")
[ -n "${1:-}" ] || mapfile -t targets < <(find Fuzz -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
library PostgresConfig
library PatroniConfig
for target in "${targets[@]}"; do
  mkdir -p "$out/$target/found"
  swiftc "${flags[@]}" -module-name "$target" -o "$out/$target/fuzz" Fuzz/"$target"/*.swift \
    -L "$out" -lPatroniConfig -lPostgresConfig -lyaml
  echo "== $target"
  "$out/$target/fuzz" -max_total_time="${2:-30}" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -verbosity=0 -artifact_prefix="$out/$target/" "$out/$target/found" "Fuzz/$target/corpus"
done
