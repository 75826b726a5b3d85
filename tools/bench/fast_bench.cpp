// The fast library beside the ceiling of the same run: operation x format x tier x size x threads. The figure
// is `ratio`, the ceiling's time over the operation's, medians of interleaved runs of both; names end in the
// bytes of float32 and the threads, such as quantize/MXFP4_E2M1/f32/avx512/4MiB/2.
//   mxemu_bench --benchmark_filter='avx512/4MiB/1$' --benchmark_out=fast.json
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fast/mxemu.hpp"
#include "tools/bench/ceiling.hpp"

namespace mxemu::bench {
namespace {

enum class Operation { Quantize, Dequantize, Roundtrip, QuantizeColumns };

struct Case {
  Operation operation;
  spec::BlockType format;
  spec::FloatType type;
  fast::Isa isa;
  std::size_t bytes;
  int threads;
};

/// Buffers of one size, aligned to a cache line, made once and warm.
class Buffers {
 public:
  explicit Buffers(std::size_t elements)
      : floats(aligned<std::uint32_t>(elements)),
        halves(aligned<std::uint16_t>(elements)),
        codes(aligned<std::uint8_t>(elements)),
        scales(aligned<std::uint8_t>(elements / 32 + 64)),
        output(aligned<std::uint32_t>(elements)) {
    std::mt19937 engine(1);
    std::normal_distribution<float> normal;
    constexpr std::size_t period = 1 << 20;
    for (std::size_t i = 0; i < elements; ++i) {
      const float number = normal(engine);
      if (i < period) std::memcpy(&floats[i], &number, sizeof number);
      if (i >= period) floats[i] = floats[i % period];
      halves[i] = static_cast<std::uint16_t>(floats[i] >> 16);
    }
    std::fill_n(codes.get(), elements, std::uint8_t{0});
    std::fill_n(output.get(), elements, 0u);
  }

  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  template <class T>
  using Array = std::unique_ptr<T[], Free>;

  Array<std::uint32_t> floats;
  Array<std::uint16_t> halves;
  Array<std::uint8_t> codes;
  Array<std::uint8_t> scales;
  Array<std::uint32_t> output;

 private:
  template <class T>
  static Array<T> aligned(std::size_t count) {
    return Array<T>(static_cast<T*>(std::aligned_alloc(4096, (count * sizeof(T) / 4096 + 1) * 4096)));
  }
};

Buffers& buffers_of(std::size_t elements) {
  static std::map<std::size_t, std::unique_ptr<Buffers>> all;
  auto& buffers = all[elements];
  if (!buffers) {
    std::erase_if(all, [&](const auto& other) { return other.first != elements; });
    all[elements] = std::make_unique<Buffers>(elements);
  }
  return *all[elements];
}

double seconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double>& times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

void run(benchmark::State& state, const Case& test) {
  const std::size_t count = test.bytes / 4;
  Buffers& buffers = buffers_of(count);
  const spec::Request request = spec::make_request(test.format);
  const bool columns = test.operation == Operation::QuantizeColumns;
  const std::int64_t shape[] = {static_cast<std::int64_t>(count / 1024), 1024};
  const fast::BlockGrid grid = fast::make_block_grid(shape, columns ? 0 : -1, request);
  const fast::Execution execution{.isa = test.isa, .threads = test.threads};
  const auto packing = spec::ElementPacking::BitStream;
  const bool wide = test.type == spec::FloatType::Float32;
  const fast::FloatArray source{test.type,
                                {wide ? reinterpret_cast<const std::byte*>(buffers.floats.get())
                                      : reinterpret_cast<const std::byte*>(buffers.halves.get()),
                                 count * (wide ? 4 : 2)}};
  const fast::MutableFloatArray output{
      test.type, {reinterpret_cast<std::byte*>(buffers.output.get()), count * (wide ? 4 : 2)}};
  const std::span codes(buffers.codes.get(),
                        fast::packed_size(packing, request.element_format().bits, count));
  const std::span scales(buffers.scales.get(), grid.block_count());
  const bool stream = test.bytes > execution.stream_from;

  const auto quantize = [&] {
    fast::quantize_tensor(request, grid, source, codes, scales, packing, {}, execution);
  };
  const auto work = [&] {
    switch (test.operation) {
      case Operation::Quantize:
      case Operation::QuantizeColumns: return quantize();
      case Operation::Dequantize:
        return fast::dequantize_tensor(request, grid, codes, scales, output, packing, execution);
      case Operation::Roundtrip: return fast::roundtrip_tensor(request, grid, source, output, {}, execution);
    }
  };
  const auto ceiling = [&] {
    if (test.operation == Operation::Dequantize)
      read_1_write_4(reinterpret_cast<const std::uint8_t*>(buffers.halves.get()), buffers.output.get(), count,
                     test.threads, stream);
    else
      read_4_write_1(buffers.floats.get(), buffers.codes.get(), count, test.threads, stream);
  };
  quantize();
  std::vector<double> ours, theirs;
  for (auto _ : state) {
    theirs.push_back(seconds_of(ceiling));
    ours.push_back(seconds_of(work));
    state.SetIterationTime(ours.back());
  }
  state.counters["ratio"] = median(theirs) / median(ours);
  state.counters["Melements/s"] = static_cast<double>(count) / median(ours) / 1e6;
  state.counters["ceiling GB/s"] = static_cast<double>(test.bytes) / median(theirs) / 1e9;
}

std::string name_of(const Case& test) {
  static constexpr const char* operations[] = {"quantize", "dequantize", "roundtrip", "quantize_columns"};
  const std::string size = test.bytes < 1 << 20   ? std::to_string(test.bytes >> 10) + "KiB"
                           : test.bytes < 1 << 30 ? std::to_string(test.bytes >> 20) + "MiB"
                                                  : std::to_string(test.bytes >> 30) + "GiB";
  return std::string(operations[static_cast<int>(test.operation)]) + "/" + spec::format_of(test.format).name +
         "/" + spec::name_of(test.type) + "/" + spec::name_of(test.isa) + "/" + size + "/" +
         std::to_string(test.threads);
}

int register_all() {
  // Size outermost: the buffers of one size are made once.
  for (const std::size_t bytes : {std::size_t{256} << 10, std::size_t{4} << 20, std::size_t{1} << 30})
    for (const auto& isa : spec::words<fast::Isa>)
      for (const int threads : {1, 2})
        for (const Operation operation :
             {Operation::Quantize, Operation::Dequantize, Operation::Roundtrip, Operation::QuantizeColumns})
          for (const auto& format : spec::block_formats)
            for (const spec::FloatType type : {spec::FloatType::Float32, spec::FloatType::BFloat16}) {
              if (!fast::supports(isa.value)) continue;
              const Case test{operation, format.type, type, isa.value, bytes, threads};
              benchmark::RegisterBenchmark(name_of(test).c_str(), run, test)
                  ->UseManualTime()
                  ->MinTime(bytes < std::size_t{1} << 30 ? 0.05 : 0.5)
                  ->Unit(benchmark::kMicrosecond);
            }
  return 0;
}

const int registered = register_all();

}  // namespace
}  // namespace mxemu::bench
