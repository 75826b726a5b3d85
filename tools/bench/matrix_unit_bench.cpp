// Products as matrix units sum them, one thread: accumulator x operands x tier. `MAC/s` counts the terms.
//   mxemu_bench --benchmark_filter='matrix_unit/.*/avx512/'
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "fast/matrix_unit.hpp"

namespace mxemu {
namespace {

constexpr std::size_t rows = 256;
constexpr std::size_t columns = 256;
constexpr std::size_t depth = 1024;
constexpr std::size_t blocks = depth / 32;

/// Numbers of either sign from 1/4 to 4, a sixteenth of them zero.
std::vector<std::uint8_t> drawn_codes(spec::OperandType type, std::size_t count, std::mt19937_64& random) {
  const bool element = spec::is_element(type);
  const int mantissa_bits =
      element ? spec::element_format_of(type).mantissa_bits : spec::float_format_of(type).mantissa_bits;
  const int bias = element ? spec::element_format_of(type).bias : spec::float_format_of(type).bias;
  const int bits = element ? spec::element_format_of(type).bits : spec::float_format_of(type).bits;
  std::vector<std::uint8_t> codes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t drawn = random();
    const int exponent = static_cast<int>(drawn >> 60) % 4 - 2;
    const int field = exponent + bias < 0 ? 0 : exponent + bias;
    const std::uint64_t magnitude = static_cast<std::uint64_t>(field) << mantissa_bits |
                                    (drawn & ((std::uint64_t{1} << mantissa_bits) - 1));
    const std::uint64_t code = (drawn >> 40 & 15) == 0 ? 0 : magnitude | (drawn >> 50 & 1) << (bits - 1);
    for (int byte = 0; byte < spec::code_bytes(type); ++byte)
      codes.push_back(static_cast<std::uint8_t>(code >> 8 * byte));
  }
  return codes;
}

std::vector<std::uint8_t> drawn_scales(std::size_t count, std::mt19937_64& random) {
  std::vector<std::uint8_t> scales(count);
  for (std::uint8_t& scale : scales) scale = static_cast<std::uint8_t>(125 + random() % 5);
  return scales;
}

void multiply(benchmark::State& state, const spec::DotRequest& request, fast::Isa isa) {
  std::mt19937_64 random(1);
  const std::vector<std::uint8_t> a = drawn_codes(request.a, rows * depth, random);
  const std::vector<std::uint8_t> b = drawn_codes(request.b, columns * depth, random);
  const std::vector<std::uint8_t> scales = drawn_scales(rows * blocks, random);
  const std::uint8_t* taken = request.row().scale == spec::ScaleEntry::Unscaled ? nullptr : scales.data();
  std::vector<std::byte> output(rows * columns * 4);
  const fast::UnitJob job = {
      .request = request,
      .a = {.codes = a.data(), .packed = false, .scales = taken, .stride = depth, .scale_stride = blocks},
      .b = {.codes = b.data(), .packed = false, .scales = taken, .stride = depth, .scale_stride = blocks},
      .depth = depth,
      .padded_depth = spec::padded_length(request, depth),
      .initial = nullptr,
      .output = output.data(),
      .output_stride = columns};
  for (auto _ : state) {
    fast::multiply_as_matrix_unit(job, rows, columns, {.isa = isa, .threads = 1});
    benchmark::DoNotOptimize(output.data());
  }
  constexpr double terms = static_cast<double>(rows * columns * depth);
  state.counters["MAC/s"] = benchmark::Counter(terms, benchmark::Counter::kIsIterationInvariantRate);
}

/// Operands of the same type.
bool is_of_interest(const spec::DotRequest& request) {
  return fast::is_matrix_unit(request.row()) && spec::refusal(request) == nullptr && request.a == request.b;
}

const bool registered = [] {
  for (const auto& isa : spec::words<fast::Isa>)
    for (const auto& row : spec::accumulators)
      for (int type = 0; type < spec::operand_type_count; ++type)
        for (const auto output : {spec::FloatType::Float32, spec::FloatType::Float16}) {
          const auto operand = static_cast<spec::OperandType>(type);
          const spec::DotRequest request = {
              .accumulator = row.type, .a = operand, .b = operand, .output = output};
          if (!is_of_interest(request) || !fast::supports(isa.value)) continue;
          const std::string name = std::string("matrix_unit/") + row.name + "/" + spec::name_of(operand) +
                                   "/" + spec::name_of(output) + "/" + isa.name;
          benchmark::RegisterBenchmark(name.c_str(), multiply, request, isa.value)
              ->Unit(benchmark::kMillisecond)
              ->MinTime(0.1);
        }
  return true;
}();

}  // namespace
}  // namespace mxemu
