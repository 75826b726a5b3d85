// Elements and block pairs per second of the reference, one thread: a figure to know it by, not one to
// improve.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "reference/dot.hpp"
#include "reference/tensor.hpp"
#include "spec/request.hpp"

namespace mxemu {
namespace {

constexpr std::int64_t element_count = 1 << 20;
constexpr std::int64_t shape[] = {element_count / 1024, 1024};

/// Normally distributed float32, the same in every run.
const std::vector<float>& normal_values() {
  static const std::vector<float> values = [] {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    std::vector<float> drawn(element_count);
    for (float& value : drawn) value = normal(random);
    return drawn;
  }();
  return values;
}

reference::QuantizedTensor quantize(const spec::Request& request) {
  const reference::FloatArray source = {spec::FloatType::Float32, std::as_bytes(std::span(normal_values()))};
  return reference::quantize_tensor(request, shape, -1, source);
}

void quantize_reference(benchmark::State& state, spec::BlockType format) {
  const spec::Request request = spec::make_request(format);
  for (auto _ : state) benchmark::DoNotOptimize(quantize(request));
  state.SetItemsProcessed(state.iterations() * element_count);
}

void dequantize_reference(benchmark::State& state, spec::BlockType format) {
  const spec::Request request = spec::make_request(format);
  const reference::QuantizedTensor tensor = quantize(request);
  for (auto _ : state)
    benchmark::DoNotOptimize(reference::dequantize_tensor(request, tensor, spec::FloatType::Float32));
  state.SetItemsProcessed(state.iterations() * element_count);
}

/// Block pairs per second of one dot product after the other; elements of all kinds, no NaN and no Inf.
void dot_reference(benchmark::State& state, spec::AccumulatorType accumulator, spec::OperandType type) {
  constexpr std::size_t pair_count = 256;
  const spec::ElementFormat& format = spec::element_format_of(type);
  const auto code_count = static_cast<unsigned>(format.max_normal_code) + 1;
  std::mt19937 random(1);
  std::vector<reference::Block> blocks(2 * pair_count);
  for (reference::Block& block : blocks) {
    block.scale = static_cast<std::uint8_t>(120 + random() % 16);
    for (int i = 0; i < 32; ++i)
      block.codes.push_back(
          static_cast<std::uint8_t>(random() % code_count + (random() % 2 ? format.sign_mask : 0)));
  }
  const spec::DotRequest request = {.accumulator = accumulator, .a = type, .b = type};
  for (auto _ : state)
    for (std::size_t i = 0; i < pair_count; ++i)
      benchmark::DoNotOptimize(reference::dot(request, blocks[2 * i], blocks[2 * i + 1]));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(pair_count));
}

const bool registered = [] {
  for (const auto& format : spec::block_formats) {
    const std::string name = format.name;
    benchmark::RegisterBenchmark(("reference/quantize/" + name).c_str(), quantize_reference, format.type)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("reference/dequantize/" + name).c_str(), dequantize_reference, format.type)
        ->Unit(benchmark::kMillisecond);
  }
  for (const auto& row : spec::accumulators)
    for (int i = 0; i < spec::element_operand_count; ++i) {
      const auto type = static_cast<spec::OperandType>(i);
      if (!row.operands.has(type) || row.scale == spec::ScaleEntry::Unscaled) continue;
      const std::string name = std::string("reference/dot/") + row.name + "/" + spec::name_of(type);
      benchmark::RegisterBenchmark(name.c_str(), dot_reference, row.type, type);
    }
  return true;
}();

}  // namespace
}  // namespace mxemu
