// Products by the CUDA library at 8192 x 8192 x 8192.
// exact/E2M1xE2M1 is block_exact: multiply-accumulates per second. bf16/MXFP4_E2M1 quantises both operands
// from bfloat16 and multiplies them by matmul_bf16; `of_bf16` is its time over that of matmul_bf16 of the
// numbers alone, which is run before it each time, medians.
//   mxemu_cuda_matmul_bench --benchmark_filter=exact/ --benchmark_out=matmul.json
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

#include "cuda/matmul.hpp"
#include "cuda/matmul_bf16.hpp"
#include "cuda/mxemu_cuda.hpp"
#include "tools/bench/cuda_timing.hpp"

namespace mxemu::bench {
namespace {

constexpr std::size_t side = 8192;
constexpr int runs = 11;
constexpr double products = static_cast<double>(side) * side * side;
constexpr spec::BlockType pairs[][2] = {{spec::BlockType::MXFP4_E2M1, spec::BlockType::MXFP4_E2M1},
                                        {spec::BlockType::MXFP6_E2M3, spec::BlockType::MXFP6_E2M3},
                                        {spec::BlockType::MXINT8, spec::BlockType::MXINT8},
                                        {spec::BlockType::MXFP8_E4M3, spec::BlockType::MXFP4_E2M1},
                                        {spec::BlockType::MXFP8_E4M3, spec::BlockType::MXFP8_E4M3}};

/// A square matrix in bfloat16, and quantised along its rows: codes packed.
class Matrix {
 public:
  explicit Matrix(spec::BlockType format) : request_(spec::make_request(format)) {
    fill_numbers(numbers_, spec::FloatType::BFloat16);
    quantize();
  }

  void quantize() {
    cuda::quantize_tensor(request_, grid, {spec::FloatType::BFloat16, numbers_.bytes()}, codes_.words(),
                          scales_.words(), storage);
  }
  const spec::Request& request() const { return request_; }
  fast::MatrixOperand operand() const {
    return {.codes = codes_.words(),
            .scales = scales_.words(),
            .rows = side,
            .depth = side,
            .packing = spec::ElementPacking::BitStream};
  }
  std::span<const std::uint16_t> numbers() const {
    return {reinterpret_cast<const std::uint16_t*>(numbers_.data()), side * side};
  }

 private:
  static constexpr fast::BlockGrid grid = {.outer = side, .length = side};
  static constexpr cuda::Storage storage = {.packing = spec::ElementPacking::BitStream};
  spec::Request request_;
  cuda::Buffer numbers_{2 * side * side};
  cuda::Buffer codes_{cuda::code_bytes(request_, grid, storage)};
  cuda::Buffer scales_{cuda::scale_bytes(grid, storage)};
};

void measure_exact(benchmark::State& state, spec::BlockType a_format, spec::BlockType b_format) {
  const Matrix a(a_format), b(b_format);
  cuda::Buffer sums(4 * side * side);
  const spec::DotRequest request = {.accumulator = spec::AccumulatorType::BlockExact,
                                    .a = spec::operand_of(a.request().block_format().element),
                                    .b = spec::operand_of(b.request().block_format().element)};
  Stopwatch stopwatch;
  const auto multiply = [&] { cuda::matmul(request, a.operand(), b.operand(), sums.bytes()); };
  multiply();
  std::vector<double> times;
  for (auto _ : state) {
    times.push_back(stopwatch.seconds_of(multiply));
    state.SetIterationTime(times.back());
  }
  state.counters["macs_per_second"] = products / median(times);
}

void measure_bf16(benchmark::State& state, spec::BlockType format) {
  Matrix a(format), b(format);
  cuda::Buffer sums(4 * side * side);
  cuda::Buffer workspace(cuda::matmul_bf16_workspace(side, side, side));
  const std::span<float> output(reinterpret_cast<float*>(sums.data()), side * side);
  const cuda::MatrixLibrary library;
  const auto alone = [&] {
    cuda::matmul_bf16(library, side, side, side, a.numbers(), b.numbers(), output, workspace.bytes());
  };
  const auto quantised = [&] {
    a.quantize();
    b.quantize();
    cuda::matmul_bf16(library, a.request(), a.operand(), b.request(), b.operand(), output, workspace.bytes());
  };
  Stopwatch stopwatch;
  alone();
  quantised();
  std::vector<double> base, times;
  for (auto _ : state) {
    base.push_back(stopwatch.seconds_of(alone));
    times.push_back(stopwatch.seconds_of(quantised));
    state.SetIterationTime(times.back());
  }
  state.counters["of_bf16"] = median(times) / median(base);
  state.counters["macs_per_second"] = products / median(times);
}

template <class Measure>
void add(const std::string& name, const Measure& measure) {
  benchmark::RegisterBenchmark(name.c_str(), measure)
      ->Iterations(runs)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

void register_all() {
  for (const auto& [a, b] : pairs)
    add(std::string("exact/") + spec::format_of(a).element_format().name + "x" +
            spec::format_of(b).element_format().name,
        [a = a, b = b](benchmark::State& state) { measure_exact(state, a, b); });
  for (const auto& format : spec::block_formats)
    add(std::string("bf16/") + format.name,
        [type = format.type](benchmark::State& state) { measure_bf16(state, type); });
}

}  // namespace
}  // namespace mxemu::bench

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("gpu", mxemu::cuda::device_name());
  benchmark::AddCustomContext("matrix library", mxemu::cuda::MatrixLibrary::name());
  mxemu::bench::register_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "mxemu_cuda_matmul_bench: %s\n", error.what());
  return 2;
}
