#!/usr/bin/env bash
# Every float32 input under every scale of a format, the fast library against the reference: about a minute per format on two
# cores. Compares the digest of all codes with the one on record.
#   bash tools/sweep.sh                           all six formats
#   bash tools/sweep.sh MXFP4_E2M1 --tier avx2    one format, another tier
#   bash tools/sweep.sh --quick                   a few scales, seconds
#   bash tools/sweep.sh --json                    one JSON document; --help says the rest
# Exit status: 0 all equal, 1 a mismatch or another digest than the one on record, 2 bad arguments or no build.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${MXEMU_BUILD:-$root/build}

if [ ! -f "$build/CMakeCache.txt" ]; then
  # shellcheck source=tools/setup.sh
  source "$root/tools/setup.sh"
  install_missing "${build_packages[@]}" "${test_packages[@]}" >&2
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMXEMU_TESTS=ON >/dev/null
fi
if ! log=$(cmake --build "$build" --target mxemu_sweep 2>&1); then
  printf '%s\n' "$log" "mxemu_sweep does not build in $build; configure it with -DMXEMU_TESTS=ON" >&2
  exit 2
fi
exec "$build/bin/mxemu_sweep" --recorded "$root/tools/sweep/DIGESTS.md" "$@"
