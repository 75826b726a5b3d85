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

enum class Operation {
  Quantize,
  Dequantize,
  Roundtrip,
  RoundtripMeasured,  ///< with its error statistics
  Scales,
  QuantizeColumns,
  DequantizeColumns,
  QuantizeSubnormals,  ///< one input in seven is a float32 subnormal
  QuantizeBlocksOf24,  ///< the general path
  QuantizeStochastic,
};
constexpr const char* operation_names[] = {"quantize",
                                           "dequantize",
                                           "roundtrip",
                                           "roundtrip_measured",
                                           "scales",
                                           "quantize_columns",
                                           "dequantize_columns",
                                           "quantize_subnormals",
                                           "quantize_block_24",
                                           "quantize_stochastic"};
constexpr std::size_t operation_count = std::size(operation_names);

bool has_columns(Operation operation) {
  return operation == Operation::QuantizeColumns || operation == Operation::DequantizeColumns;
}

bool is_dequantize(Operation operation) {
  return operation == Operation::Dequantize || operation == Operation::DequantizeColumns;
}

spec::Request request_of(Operation operation, spec::BlockType format) {
  spec::Request request = spec::make_request(format);
  if (operation == Operation::QuantizeBlocksOf24) request.block_size = 24;
  if (operation == Operation::QuantizeStochastic) request.rounding.mode = spec::RoundingMode::Stochastic;
  return request;
}

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
        with_subnormals(aligned<std::uint32_t>(elements)),
        halves(aligned<std::uint16_t>(elements)),
        codes(aligned<std::uint8_t>(elements)),
        scales(aligned<std::uint8_t>(elements / 16 + 64)),
        output(aligned<std::uint32_t>(elements)) {
    std::mt19937 engine(1);
    std::normal_distribution<float> normal;
    constexpr std::size_t period = 1 << 20;
    for (std::size_t i = 0; i < elements; ++i) {
      const float number = normal(engine);
      if (i < period) std::memcpy(&floats[i], &number, sizeof number);
      if (i >= period) floats[i] = floats[i % period];
      with_subnormals[i] = i % 7 == 0 ? floats[i] & 0x807fffffu : floats[i];
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
  Array<std::uint32_t> with_subnormals;
  Array<std::uint16_t> halves;  ///< as bfloat16 the floats, as float16 other numbers
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

/// The two that are timed, on buffers of their own size.
class Contest {
 public:
  explicit Contest(const Case& test)
      : test_(test),
        count_(test.bytes / 4),
        buffers_(buffers_of(count_)),
        request_(request_of(test.operation, test.format)),
        grid_(grid_of(test, request_)),
        execution_{.isa = test.isa, .threads = test.threads},
        width_(static_cast<std::size_t>(spec::format_of(test.type).bytes())) {}

  void ours() const {
    switch (test_.operation) {
      case Operation::Dequantize:
      case Operation::DequantizeColumns:
        return fast::dequantize_tensor(request_, grid_, codes(), scales(), output(), packing, execution_);
      case Operation::Roundtrip:
        return fast::roundtrip_tensor(request_, grid_, source(), output(), {}, execution_);
      case Operation::RoundtripMeasured: {
        fast::ErrorStatistics statistics;
        return fast::roundtrip_tensor(request_, grid_, source(), output(), statistics, {}, execution_);
      }
      case Operation::Scales: return fast::shared_scales(request_, grid_, source(), scales(), execution_);
      case Operation::Quantize:
      case Operation::QuantizeColumns:
      case Operation::QuantizeSubnormals:
      case Operation::QuantizeBlocksOf24:
      case Operation::QuantizeStochastic: return quantize();
    }
  }

  void quantize() const {
    fast::quantize_tensor(request_, grid_, source(), codes(), scales(), packing, {}, execution_);
  }

  void ceiling() const {
    const bool stream = test_.bytes > execution_.stream_from;
    if (is_dequantize(test_.operation))
      read_1_write_4(reinterpret_cast<const std::uint8_t*>(buffers_.halves.get()), buffers_.output.get(),
                     count_, test_.threads, stream);
    else
      read_4_write_1(buffers_.floats.get(), buffers_.codes.get(), count_, test_.threads, stream);
  }

 private:
  static constexpr auto packing = spec::ElementPacking::BitStream;

  static fast::BlockGrid grid_of(const Case& test, const spec::Request& request) {
    const std::int64_t shape[] = {static_cast<std::int64_t>(test.bytes / 4096), 1024};
    return fast::make_block_grid(shape, has_columns(test.operation) ? 0 : -1, request);
  }

  fast::FloatArray source() const {
    const std::uint32_t* floats =
        (test_.operation == Operation::QuantizeSubnormals ? buffers_.with_subnormals : buffers_.floats).get();
    const void* data = width_ == 4 ? static_cast<const void*>(floats) : buffers_.halves.get();
    return {test_.type, {static_cast<const std::byte*>(data), count_ * width_}};
  }
  fast::MutableFloatArray output() const {
    return {test_.type, {reinterpret_cast<std::byte*>(buffers_.output.get()), count_ * width_}};
  }
  std::span<std::uint8_t> codes() const {
    return {buffers_.codes.get(), fast::packed_size(packing, request_.element_format().bits, count_)};
  }
  std::span<std::uint8_t> scales() const { return {buffers_.scales.get(), grid_.block_count()}; }

  Case test_;
  std::size_t count_;
  const Buffers& buffers_;
  spec::Request request_;
  fast::BlockGrid grid_;
  fast::Execution execution_;
  std::size_t width_;
};

void run(benchmark::State& state, const Case& test) {
  const Contest contest(test);
  contest.quantize();
  std::vector<double> ours, theirs;
  for (auto _ : state) {
    theirs.push_back(seconds_of([&] { contest.ceiling(); }));
    ours.push_back(seconds_of([&] { contest.ours(); }));
    state.SetIterationTime(ours.back());
  }
  state.counters["ratio"] = median(theirs) / median(ours);
  state.counters["Melements/s"] = static_cast<double>(test.bytes / 4) / median(ours) / 1e6;
  state.counters["ceiling GB/s"] = static_cast<double>(test.bytes) / median(theirs) / 1e9;
}

std::string name_of(const Case& test) {
  const std::string size = test.bytes < 1 << 20   ? std::to_string(test.bytes >> 10) + "KiB"
                           : test.bytes < 1 << 30 ? std::to_string(test.bytes >> 20) + "MiB"
                                                  : std::to_string(test.bytes >> 30) + "GiB";
  return std::string(operation_names[static_cast<int>(test.operation)]) + "/" +
         spec::format_of(test.format).name + "/" + spec::name_of(test.type) + "/" + spec::name_of(test.isa) +
         "/" + size + "/" + std::to_string(test.threads);
}

/// Subnormals and the general path are looked at from float32.
bool is_of_interest(const Case& test) {
  return fast::supports(test.isa) && test.isa != fast::Isa::Amx &&  // whose conversions are those of AVX-512
         (test.type == spec::FloatType::Float32 || test.operation < Operation::QuantizeSubnormals);
}

void register_case(const Case& test) {
  if (!is_of_interest(test)) return;
  benchmark::RegisterBenchmark(name_of(test).c_str(), run, test)
      ->UseManualTime()
      ->MinTime(test.bytes < std::size_t{1} << 30 ? 0.05 : 0.5)
      ->Unit(benchmark::kMicrosecond);
}

int register_all() {
  // Size outermost: the buffers of one size are made once.
  for (const std::size_t bytes : {std::size_t{256} << 10, std::size_t{4} << 20, std::size_t{1} << 30})
    for (const auto& isa : spec::words<fast::Isa>)
      for (const int threads : {1, 2})
        for (std::size_t operation = 0; operation < operation_count; ++operation)
          for (const auto& format : spec::block_formats)
            for (const auto type :
                 {spec::FloatType::Float32, spec::FloatType::BFloat16, spec::FloatType::Float16})
              register_case(
                  {static_cast<Operation>(operation), format.type, type, isa.value, bytes, threads});
  return 0;
}

const int registered = register_all();

}  // namespace
}  // namespace mxemu::bench
