// The CUDA library beside copies on the same GPU: operation x format x type x axis, of a tensor of 16384 x
// 16384. Before each run of an operation as many bytes are copied from device to device as it reads and
// writes; the figure is `of_copy`, the copy's time over the operation's, medians of both.
//   mxemu_cuda_bench --benchmark_filter='quantize/.*/f32/rows' --benchmark_out=cuda.json
#include <benchmark/benchmark.h>
#include <cuda_runtime.h>

#include <cstdio>
#include <string>
#include <vector>

#include "cuda/mxemu_cuda.hpp"
#include "tools/bench/cuda_timing.hpp"

namespace mxemu::bench {
namespace {

constexpr std::size_t side = 16384;
constexpr int runs = 21;

enum class Operation { Quantize, Dequantize, Roundtrip, QuantizeBoth };
constexpr const char* operation_names[] = {"quantize", "dequantize", "roundtrip", "quantize_both"};

struct Case {
  Operation operation;
  spec::BlockType format;
  spec::FloatType type;
  bool columns;  ///< blocks along the first axis; both-at-once has them along both

  std::string name() const {
    return std::string(operation_names[static_cast<int>(operation)]) + "/" +
           spec::block_formats[static_cast<int>(format)].name + "/" + spec::name_of(type) +
           (columns ? "/columns" : "/rows");
  }
};

/// Room on the GPU for the largest case, made once.
struct Buffers {
  cuda::Buffer numbers{4 * side * side};
  cuda::Buffer output{4 * side * side};
  cuda::Buffer codes{side * side};
  cuda::Buffer scales{side * side / 32};
  cuda::Buffer column_codes{side * side};
  cuda::Buffer column_scales{side * side / 32};
};

/// One case on buffers that hold its numbers, or the codes that were made of them.
class Work {
 public:
  Work(const Case& asked, Buffers& buffers)
      : case_(asked),
        request_(spec::make_request(asked.format)),
        grid_(asked.columns ? fast::BlockGrid{.length = side, .inner = side}
                            : fast::BlockGrid{.outer = side, .length = side}),
        width_(static_cast<std::size_t>(spec::format_of(asked.type).bytes())),
        numbers_(buffers.numbers.bytes().first(side * side * width_)),
        output_(buffers.output.bytes().first(side * side * width_)),
        codes_(buffers.codes.words().first(cuda::code_bytes(request_, grid_, storage))),
        scales_(buffers.scales.words().first(cuda::scale_bytes(grid_, storage))),
        column_codes_(buffers.column_codes.words().first(codes_.size())),
        column_scales_(buffers.column_scales.words().first(scales_.size())) {
    fill_numbers(buffers.numbers, asked.type);
    quantize();
  }

  void run() {
    switch (case_.operation) {
      case Operation::Quantize: return quantize();
      case Operation::Dequantize:
        return cuda::dequantize_tensor(request_, grid_, codes_, scales_, {case_.type, output_}, storage);
      case Operation::Roundtrip:
        return cuda::roundtrip_tensor(request_, grid_, {case_.type, numbers_}, {case_.type, output_});
      case Operation::QuantizeBoth:
        return cuda::quantize_both(request_, side, side, {case_.type, numbers_}, {codes_, scales_, storage},
                                   {column_codes_, column_scales_, storage});
    }
  }

  /// Read and written.
  std::size_t bytes() const {
    const std::size_t quantized = codes_.size() + scales_.size();
    switch (case_.operation) {
      case Operation::Quantize:
      case Operation::Dequantize: return numbers_.size() + quantized;
      case Operation::Roundtrip: return 2 * numbers_.size();
      case Operation::QuantizeBoth: return numbers_.size() + 2 * quantized;
    }
    return 0;
  }

 private:
  static constexpr cuda::Storage storage = {.packing = spec::ElementPacking::BitStream};

  void quantize() {
    cuda::quantize_tensor(request_, grid_, {case_.type, numbers_}, codes_, scales_, storage);
  }

  Case case_;
  spec::Request request_;
  fast::BlockGrid grid_;
  std::size_t width_;
  std::span<const std::byte> numbers_;
  std::span<std::byte> output_;
  std::span<std::uint8_t> codes_, scales_, column_codes_, column_scales_;
};

void measure(benchmark::State& state, const Case& asked, Buffers& buffers) {
  Work work(asked, buffers);
  Stopwatch stopwatch;
  const auto copy = [&] {
    require_success(cudaMemcpyAsync(buffers.output.data(), buffers.numbers.data(), work.bytes() / 2,
                                    cudaMemcpyDeviceToDevice),
                    "copying on the GPU");
  };
  copy();
  work.run();
  std::vector<double> copies, works;
  for (auto _ : state) {
    copies.push_back(stopwatch.seconds_of(copy));
    works.push_back(stopwatch.seconds_of([&] { work.run(); }));
    state.SetIterationTime(works.back());
  }
  const auto bytes = static_cast<double>(work.bytes());
  state.counters["of_copy"] = median(copies) / median(works);
  state.counters["bytes_per_second"] = bytes / median(works);
  state.counters["copy_bytes_per_second"] = bytes / median(copies);
}

void register_all(Buffers& buffers) {
  for (const Operation operation :
       {Operation::Quantize, Operation::Dequantize, Operation::Roundtrip, Operation::QuantizeBoth})
    for (const auto& format : spec::block_formats)
      for (const spec::FloatType type : {spec::FloatType::Float32, spec::FloatType::BFloat16})
        for (const bool columns : {false, true}) {
          if (columns && operation == Operation::QuantizeBoth) continue;
          const Case asked = {operation, format.type, type, columns};
          benchmark::RegisterBenchmark(
              asked.name().c_str(),
              [asked, &buffers](benchmark::State& state) { measure(state, asked, buffers); })
              ->Iterations(runs)
              ->UseManualTime()
              ->Unit(benchmark::kMicrosecond);
        }
}

}  // namespace
}  // namespace mxemu::bench

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("gpu", mxemu::cuda::device_name());
  mxemu::bench::Buffers buffers;
  mxemu::bench::register_all(buffers);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "mxemu_cuda_bench: %s\n", error.what());
  return 2;
}
