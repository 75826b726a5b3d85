// Elements per second of the reference, one thread: a figure to know it by, not one to improve.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <span>
#include <vector>

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

const bool registered = [] {
  for (const auto& format : spec::block_formats) {
    const std::string name = format.name;
    benchmark::RegisterBenchmark(("reference/quantize/" + name).c_str(), quantize_reference, format.type)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("reference/dequantize/" + name).c_str(), dequantize_reference, format.type)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace mxemu
