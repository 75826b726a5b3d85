// Matrix products on one core beside OpenBLAS sgemm of the same size and the same run: accumulator x operands
// x tier x size. `ratio` is the peer's time over ours, the least of interleaved runs of both, in the
// processor time of this thread. bf16/… quantises and dequantises both operands and multiplies; its `ratio`
// is that over the product of operands that are bfloat16 already.
//   mxemu_matmul_bench --benchmark_filter='block_exact/E2M1xE2M1'
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "fast/matmul.hpp"
#if defined(MXEMU_OPENBLAS)
#include <cblas.h>
#endif

namespace mxemu::bench {
namespace {

/// Processor time of the thread: what else the machine does counts little.
double seconds_of(const auto& work) {
  const auto now = [] {
    timespec time = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double start = now();
  work();
  return now() - start;
}

/// Square float32 operands and their product by the peer.
struct Peer {
  std::vector<float> a, b, c;

  explicit Peer(std::size_t side) : a(side * side), b(side * side), c(side * side) {
    std::mt19937 engine(1);
    std::normal_distribution<float> normal;
    for (auto* operand : {&a, &b})
      for (float& number : *operand) number = normal(engine);
  }

  void multiply(std::size_t side) {
#if defined(MXEMU_OPENBLAS)
    openblas_set_num_threads(1);
    const auto n = static_cast<blasint>(side);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a.data(), n, b.data(), n, 0, c.data(),
                n);
#else
    static_cast<void>(side);
#endif
  }
};

/// Codes of numbers under scales around 1, as a bit stream.
struct Operand {
  std::vector<std::uint8_t> codes, scales;
  fast::MatrixOperand matrix;

  Operand(spec::ElementType element, std::size_t side) : scales(side * side / 32) {
    const spec::ElementFormat& format = spec::format_of(element);
    std::mt19937 engine(static_cast<unsigned>(element));
    std::vector<std::uint8_t> bytes(side * side);
    for (auto& code : bytes) {
      code = static_cast<std::uint8_t>(engine() % static_cast<unsigned>(format.code_count()));
      if ((code & format.magnitude_mask) > format.max_normal_code) code = 0;
    }
    for (auto& scale : scales) scale = static_cast<std::uint8_t>(120 + engine() % 14);
    constexpr auto packing = spec::ElementPacking::BitStream;
    codes.resize(fast::packed_size(packing, format.bits, bytes.size()));
    fast::pack_codes(packing, format.bits, bytes, codes);
    matrix = {.codes = codes, .scales = scales, .rows = side, .depth = side, .packing = packing};
  }
};

struct Case {
  spec::AccumulatorType accumulator;
  spec::ElementType a;
  spec::ElementType b;
  fast::Isa isa;
  std::size_t side;
  bool b_along_columns = false;  ///< B stored as K x N
};

void run_product(benchmark::State& state, const Case& test) {
  const Operand a(test.a, test.side);
  Operand b(test.b, test.side);
  b.matrix.along_columns = test.b_along_columns;
  Peer peer(test.side);
  std::vector<float> output(test.side * test.side);
  const spec::DotRequest request = {
      .accumulator = test.accumulator, .a = spec::operand_of(test.a), .b = spec::operand_of(test.b)};
  double ours = std::numeric_limits<double>::infinity();
  double theirs = ours;
  for (auto _ : state) {
    theirs = std::min(theirs, seconds_of([&] { peer.multiply(test.side); }));
    const double time = seconds_of([&] {
      fast::matmul(request, a.matrix, b.matrix, std::as_writable_bytes(std::span(output)), {},
                   {.isa = test.isa, .threads = 1});
    });
    ours = std::min(ours, time);
    state.SetIterationTime(time);
  }
  const double products = std::pow(static_cast<double>(test.side), 3);
  state.counters["GMAC/s"] = products / ours / 1e9;
#if defined(MXEMU_OPENBLAS)
  state.counters["sgemm GMAC/s"] = products / theirs / 1e9;
  state.counters["ratio"] = theirs / ours;
#endif
}

/// Quantising and dequantising both operands in one pass each, and the product.
void run_bf16(benchmark::State& state, spec::BlockType format, std::size_t side) {
  Peer numbers(side);
  const spec::Request request = spec::make_request(format);
  const fast::BlockGrid grid = {.outer = side, .length = side};
  std::vector<std::uint16_t> a(side * side), b(side * side);
  std::vector<float> output(side * side);
  const fast::Execution one = {.threads = 1};
  const auto convert = [&](const std::vector<float>& from, std::vector<std::uint16_t>& to) {
    fast::roundtrip_tensor(request, grid, {spec::FloatType::Float32, std::as_bytes(std::span(from))},
                           {spec::FloatType::BFloat16, std::as_writable_bytes(std::span(to))}, {}, one);
  };
  const auto multiply = [&] { fast::matmul_bf16(side, side, side, a, b, output, one); };
  double whole = std::numeric_limits<double>::infinity();
  double product = whole;
  for (auto _ : state) {
    product = std::min(product, seconds_of(multiply));
    const double time = seconds_of([&] {
      convert(numbers.a, a);
      convert(numbers.b, b);
      multiply();
    });
    whole = std::min(whole, time);
    state.SetIterationTime(time);
  }
  state.counters["GMAC/s"] = std::pow(static_cast<double>(side), 3) / whole / 1e9;
  state.counters["ratio"] = whole / product;
  state.SetLabel(fast::bf16_backend());
}

void register_product(const Case& test, int iterations) {
  if (!fast::supports(test.isa)) return;
  const std::string name = std::string(spec::name_of(test.accumulator)) + "/" + spec::format_of(test.a).name +
                           "x" + spec::format_of(test.b).name + "/" + spec::name_of(test.isa) + "/" +
                           std::to_string(test.side) + (test.b_along_columns ? "/KxN" : "");
  benchmark::RegisterBenchmark(name.c_str(), run_product, test)
      ->UseManualTime()
      ->Iterations(iterations)
      ->Unit(benchmark::kMillisecond);
}

int register_all() {
  using enum spec::AccumulatorType;
  for (const auto& isa : spec::words<fast::Isa>)
    for (const auto& a : spec::element_formats)
      for (const auto& b : spec::element_formats) {
        if (a.type == b.type)
          for (const bool along_columns : {false, true})
            register_product({BlockExact, a.type, b.type, isa.value, 1536, along_columns}, 12);
        register_product({BlockExact, a.type, b.type, isa.value, 512}, 10);
        register_product({Exact, a.type, b.type, isa.value, 256}, 5);
        if (a.type == b.type)
          for (const auto accumulator : {Float32Sequential, Float32Pairwise, Float32Fma})
            register_product({accumulator, a.type, b.type, isa.value, 512}, 5);
      }
  for (const auto& format : spec::block_formats)
    for (const std::size_t side : {std::size_t{1024}, std::size_t{4096}})
      benchmark::RegisterBenchmark(
          (std::string("bf16/") + format.name + "/" + std::to_string(side)).c_str(),
          [type = format.type, side](benchmark::State& state) { run_bf16(state, type, side); })
          ->UseManualTime()
          ->Iterations(side < 4096 ? 20 : 3)
          ->Unit(benchmark::kMillisecond);
  return 0;
}

const int registered = register_all();

}  // namespace
}  // namespace mxemu::bench
