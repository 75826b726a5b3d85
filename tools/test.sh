#!/usr/bin/env bash
# Every test: g++ with warnings as errors, then clang with the address and undefined-behaviour sanitizers. Where there is a
# GPU, all of tools/bench/gpu.sh as well.
#   bash tools/test.sh            everything
#   bash tools/test.sh quick      the g++ build only
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/setup.sh
install_missing "${build_packages[@]}" "${test_packages[@]}"
install_peers build/peers regex tokenizers tiktoken sentencepiece
jobs=$(nproc)

build_and_test() {  # build_and_test DIRECTORY CTEST_ARGUMENTS -- CMAKE_ARGUMENTS
  local directory=$1 ctest_arguments=()
  shift
  while [ "$1" != -- ]; do ctest_arguments+=("$1"); shift; done
  shift
  cmake -S . -B "$directory" -G Ninja -DMXEMU_TESTS=ON -DMXEMU_WERROR=ON "$@" >/dev/null
  cmake --build "$directory" -j "$jobs"
  ctest --test-dir "$directory" --output-on-failure -j "$jobs" "${ctest_arguments[@]}"
}

# Machine code for one kind of GPU, the one that is here, and PTX for newer ones: enough to see that everything compiles.
gpu_architecture=90
find_gpu || true
command -v nvcc >/dev/null || gpu_absent=${gpu_absent:-"no CUDA compiler here (no nvcc on the PATH or in /usr/local/cuda/bin)"}
build_and_test build -- -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ -DMXEMU_BENCH=ON \
  -DMXEMU_CUDA_ARCHITECTURES="$gpu_architecture"
if [ -z "${gpu_absent:-}" ]; then
  MXEMU_BUILD=build bash tools/bench/gpu.sh
else
  echo "SKIPPED on a GPU: $gpu_absent"
fi
[ "${1:-}" = quick ] && exit

# The sweeps of all 2^32 inputs and the comparisons with other code bases run once, in the optimised build: they are many
# numbers through code that the other tests take through the sanitizers as well.
export UBSAN_OPTIONS=print_stacktrace=1
build_and_test build-sanitize -LE 'sweep|peers' -- -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1\ -g1 \
  -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DMXEMU_SANITIZE=address,undefined -DMXEMU_BENCH=OFF
