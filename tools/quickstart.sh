#!/usr/bin/env bash
# From a fresh clone to the six-format table: installs what is missing, builds, round-trips the sample file.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/setup.sh
install_missing "${build_packages[@]}"

# Without the CUDA library, of which every architecture takes minutes; `cmake -DMXEMU_CUDA=ON -DMXEMU_CUDA_ON_HOST=ON build` adds it.
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DMXEMU_TESTS=OFF -DMXEMU_BENCH=OFF -DMXEMU_CUDA=OFF -DMXEMU_CUDA_ON_HOST=OFF >/dev/null
cmake --build build

command="build/bin/mxemu roundtrip tools/sample/sample.safetensors --format all --report build/sample.html"
printf '\n$ %s\n' "$command"
$command
printf '\nThe same with plots: build/sample.html. What else there is: build/bin/mxemu --help\n'
