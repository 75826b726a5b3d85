#!/usr/bin/env bash
# How many element cases a second `mxemu vectors stream` writes and `mxemu vectors judge` judges, on one core each: the
# commands themselves, as a bench around a simulator runs them. Least time of five runs.
#   bash tools/bench/vectors.sh [BUILD]
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -std=c11 -O2 -o "$work/device" conformance/examples/device.c -lm

seconds() {  # seconds COMMAND...: the least wall time of five runs
  for _ in 1 2 3 4 5; do
    local begin=$EPOCHREALTIME
    "$@"
    echo "$begin $EPOCHREALTIME"
  done | awk '{ t = $2 - $1; if (NR == 1 || t < least) least = t } END { print least }'
}
judge() { "$build/bin/mxemu" vectors judge "$@" < "$work/answers" > "$work/verdict"; }
stream() { "$build/bin/mxemu" vectors stream "$@" > "$work/cases"; }

printf '%-12s %10s %14s %14s %20s\n' operation elements 'stream [M/s]' 'judge [M/s]' 'judge --first fast'
for operation in quantize dequantize; do
  flags=(--format MXFP4_E2M1 --operation $operation --random 100000)
  streaming=$(seconds stream "${flags[@]}")
  "$work/device" < "$work/cases" > "$work/answers"
  judging=$(seconds judge "${flags[@]}")
  fast=$(seconds judge "${flags[@]}" --first fast)
  elements=$("$build/bin/mxemu" vectors judge "${flags[@]}" --json < "$work/answers" | sed -n 's/.*"elements": *\([0-9]*\).*/\1/p')
  awk -v o=$operation -v n="$elements" -v s="$streaming" -v j="$judging" -v f="$fast" \
    'BEGIN { printf "%-12s %10d %14.1f %14.1f %20.1f\n", o, n, n / s / 1e6, n / j / 1e6, n / f / 1e6 }'
done
