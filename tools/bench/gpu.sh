#!/usr/bin/env bash
# Everything that only a GPU can show, in eight minutes: subject cuda under the suite (every bit pattern of float32
# included), the library's tests with several streams and graphs, NVIDIA's compute-sanitizer over the suite and over some
# of the tests, and the benchmarks. Results go to tools/bench/results/ as JSON with the date, the GPU, the driver and the
# commit.
#   bash tools/bench/gpu.sh               builds in build-gpu; MXEMU_BUILD names another folder
#   bash tools/bench/gpu.sh -o FILE.json
# Exit status: 0 all passed, 1 a step failed or ran out of time, 2 no GPU, no CUDA compiler or no build.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tools/setup.sh
build=${MXEMU_BUILD:-build-gpu}
out=tools/bench/results/cuda-$(date -u +%Y-%m-%d-%H%M%S).json
while [ $# -gt 0 ]; do
  case $1 in
    -o) out=${2:?-o takes a file}; shift 2 ;;
    *) echo "gpu.sh: no option $1; -o FILE.json is the one there is" >&2; exit 2 ;;
  esac
done

complain() { echo "gpu.sh: $*" >&2; exit 2; }

find_gpu || complain "$gpu_absent; nothing was run"
command -v nvcc >/dev/null || complain "no CUDA compiler: nvcc is neither on the PATH nor in /usr/local/cuda/bin"
install_missing "${build_packages[@]}" "${test_packages[@]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$gpu_name, sm_$gpu_architecture, driver $gpu_driver"

log=$work/build.log
conversions=OFF  # the FP8 conversions of the hardware, from sm_89 on
[ "$gpu_architecture" -lt 89 ] || conversions=ON
configure_and_build() {
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ -DMXEMU_TESTS=ON \
    -DMXEMU_BENCH=ON -DMXEMU_CUDA=ON -DMXEMU_CUDA_ARCHITECTURES="$gpu_architecture" -DMXEMU_CUDA_HARDWARE_CVT=$conversions &&
    cmake --build "$build" --target mxemu cuda_on_device_test cuda_matmul_on_device_test mxemu_cuda_bench mxemu_cuda_matmul_bench
}
if ! configure_and_build >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  complain "the build in $build failed"
fi

steps=$work/steps
failed=0

# step NAME SECONDS COMMAND...: runs a command for at most so long, and to the end of the eight minutes, says how it ended
# and goes on.
step() {
  local name=$1 limit=$2 verdict=passed status=0 begin=$SECONDS
  shift 2
  [ "$limit" -le $((480 - SECONDS)) ] || limit=$((480 - SECONDS))
  if [ "$limit" -le 0 ]; then
    verdict="skipped: the eight minutes were over"
    : >"$work/log"
  else
    timeout "$limit" "$@" >"$work/log" 2>&1 || status=$?
    [ "$status" = 0 ] || verdict="failed with status $status"
    [ "$status" != 124 ] || verdict="ran out of its $limit seconds"
  fi
  printf '%s\t%s\t%s\n' "$name" "$verdict" $((SECONDS - begin)) >>"$steps"
  printf '%-28s %s (%d s)\n' "$name" "$verdict" $((SECONDS - begin))
  if [ "$verdict" != passed ]; then
    failed=1
    tail -n 30 "$work/log" >&2
  fi
}

mxemu=$build/bin/mxemu
step "suite, full" 45 "$mxemu" check --subject cuda --level full
step "suite, all float32" 45 "$mxemu" check --subject cuda --level exhaustive --check element/exhaustive
[ $conversions = OFF ] || step "cuda-cvt, all float32" 45 "$mxemu" check --subject cuda-cvt --level exhaustive \
  --format MXFP8_E4M3 --format MXFP8_E5M2
step "tests, streams, graphs" 40 "$build/tests/cuda_on_device_test"
step "tests, products" 40 "$build/tests/cuda_matmul_on_device_test"

# sanitize NAME SECONDS TOOL PROGRAM ARGUMENT...: a step under one of the tools of compute-sanitizer.
sanitize() {
  step "$1 $3" "$2" compute-sanitizer --tool "$3" --error-exitcode 9 "${@:4}"
}

# Some quick tests that have, between them, the kernels which the suite never calls: round trips, both directions at once,
# products through shared memory by tensor cores and without them.
conversions_to_sanitize="Tiles.EveryScaleRule*:Tiles.AnAxisInTheMiddle*:BothDirections.MayHaveStorages*"
products_to_sanitize="CudaMatmul.*UnderTermsOfEveryKind:CudaMatmul.TheOutputMayBeC:CudaMatmul.LoopsChainsAndTrees*"
if command -v compute-sanitizer >/dev/null; then
  for tool in memcheck racecheck initcheck synccheck; do
    sanitize "suite under" 25 $tool "$mxemu" check --subject cuda
    sanitize "tests under" 15 $tool "$build/tests/cuda_on_device_test" --gtest_filter="$conversions_to_sanitize"
    sanitize "products under" 15 $tool "$build/tests/cuda_matmul_on_device_test" --gtest_filter="$products_to_sanitize"
  done
else
  failed=1
  printf 'sanitizer\tskipped: no compute-sanitizer on the PATH\t0\n' | tee -a "$steps"
fi
step benchmark 70 "$build/bin/mxemu_cuda_bench" --benchmark_out="$work/bench.json" --benchmark_out_format=json
step "benchmark, products" 50 "$build/bin/mxemu_cuda_matmul_bench" --benchmark_out="$work/matmul.json" --benchmark_out_format=json

commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
git diff --quiet HEAD 2>/dev/null || commit="$commit, changed"
GPU="$gpu_name, sm_$gpu_architecture" DRIVER=$gpu_driver COMMIT=$commit python3 - "$steps" "$out" "$work/bench.json" "$work/matmul.json" <<'PYTHON'
import datetime, json, os, sys


def rows_of(file):
    """Of a benchmark that did not start, or that its time cut off amid what it wrote: none."""
    try:
        with open(file) as text:
            return json.load(text)["benchmarks"]
    except (FileNotFoundError, json.JSONDecodeError):
        return []


steps, out, *files = sys.argv[1:]
rows = [line.rstrip("\n").split("\t") for line in open(steps)]
measured = [row for file in files for row in rows_of(file)]
kept = ("name", "of_copy", "bytes_per_second", "copy_bytes_per_second", "of_bf16", "macs_per_second")
result = {
    "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    "gpu": os.environ["GPU"],
    "driver": os.environ["DRIVER"],
    "commit": os.environ["COMMIT"],
    "steps": [{"step": name, "verdict": verdict, "seconds": int(seconds)} for name, verdict, seconds in rows],
    "benchmarks": [{key: row[key] for key in kept if key in row} for row in measured],
}
with open(out, "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
PYTHON
echo "$out"
exit $failed
