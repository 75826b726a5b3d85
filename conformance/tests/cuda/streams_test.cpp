// What a GPU has and this machine has not: several streams at once, and calls captured into a graph.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <deque>

#include "conformance/tests/golden/seed.hpp"
#include "cuda/error.hpp"
#include "device_array.hpp"
#include "device_tensor.hpp"

namespace mxemu::cuda_tests {
namespace {

using cuda::require_success;

class OwnStream {
 public:
  OwnStream() {
    require_success(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
  }
  ~OwnStream() { static_cast<void>(cudaStreamDestroy(stream_)); }
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

GoldenTensor random_golden(Random& random, spec::BlockType format, std::int64_t rows) {
  return GoldenTensor(fast_tests::random_tensor(random, spec::make_request(format), {rows, 1024}, 1,
                                                spec::FloatType::Float32));
}

constexpr cuda::Storage packed = {.packing = spec::ElementPacking::BitStream,
                                  .scales = spec::ScaleLayout::Tile128x4};

/// A tensor on the device, with room for everything that is made of it.
struct Work {
  explicit Work(const GoldenTensor& tensor)
      : golden(tensor),
        grid(tensor.grid()),
        source(tensor.given().source, 0),
        codes(cuda::code_bytes(tensor.request(), grid, packed)),
        scales(cuda::scale_bytes(grid, packed)),
        values(tensor.given().source.size()),
        round_trip(tensor.given().source.size()),
        row_codes(codes.bytes().size()),
        row_scales(scales.bytes().size()),
        column_codes(codes.bytes().size()),
        column_scales(tensor.scales().size()) {}

  void start(cuda::Stream stream) {
    cuda::quantize_tensor(golden.request(), grid, {type, source.bytes()}, codes.codes(), scales.codes(),
                          packed, {}, stream);
    cuda::dequantize_tensor(golden.request(), grid, codes.codes(), scales.codes(), {type, values.bytes()},
                            packed, stream);
    cuda::roundtrip_tensor(golden.request(), grid, {type, source.bytes()}, {type, round_trip.bytes()}, {},
                           stream);
    cuda::quantize_both(golden.request(), grid.outer, grid.length, {type, source.bytes()},
                        {row_codes.codes(), row_scales.codes(), packed},
                        {column_codes.codes(), column_scales.codes(), {.packing = packed.packing}}, {},
                        stream);
  }

  void clear() {
    for (DeviceArray* array : {&codes, &scales, &values, &round_trip, &row_codes})
      cuda::fill_bytes(array->bytes().data(), 0x5a, array->bytes().size());
  }

  void expect_golden() const {
    EXPECT_EQ(codes.read_codes(), golden.packed_codes(packed.packing));
    EXPECT_EQ(values.read(), golden.values(type));
    EXPECT_EQ(round_trip.read(), golden.values(type));
    EXPECT_EQ(row_codes.read_codes(), golden.packed_codes(packed.packing));
    for (const DeviceArray* array :
         {&codes, &scales, &values, &round_trip, &row_codes, &row_scales, &column_codes, &column_scales})
      EXPECT_TRUE(array->canaries_live());
  }

  static constexpr auto type = spec::FloatType::Float32;
  const GoldenTensor& golden;
  fast::BlockGrid grid;
  DeviceArray source, codes, scales, values, round_trip;
  DeviceArray row_codes, row_scales, column_codes, column_scales;  ///< both directions at once
};

TEST(Streams, AtWorkAtOnceDoNotDisturbEachOther) {
  Random random = golden::seeded_generator();
  std::deque<GoldenTensor> tensors;
  std::deque<Work> works;
  for (const auto& format : spec::block_formats) {
    tensors.push_back(random_golden(random, format.type, 192));
    works.emplace_back(tensors.back());
  }
  cuda::synchronize();
  const std::vector<OwnStream> streams(works.size());
  for (int round = 0; round < 20; ++round)
    for (std::size_t i = 0; i < works.size(); ++i) works[i].start(streams[i].get());
  for (const OwnStream& stream : streams) cuda::synchronize(stream.get());
  for (const Work& work : works) work.expect_golden();
}

class CapturedGraph {
 public:
  template <class Calls>
  CapturedGraph(cudaStream_t stream, const Calls& calls) {
    require_success(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), "beginning a capture");
    calls();
    require_success(cudaStreamEndCapture(stream, &graph_), "ending a capture");
    require_success(cudaGraphInstantiate(&ready_, graph_, 0), "making a graph ready");
  }
  ~CapturedGraph() {
    static_cast<void>(cudaGraphExecDestroy(ready_));
    static_cast<void>(cudaGraphDestroy(graph_));
  }
  CapturedGraph(const CapturedGraph&) = delete;
  CapturedGraph& operator=(const CapturedGraph&) = delete;
  void launch(cudaStream_t stream) const {
    require_success(cudaGraphLaunch(ready_, stream), "launching a graph");
  }

 private:
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t ready_ = nullptr;
};

/// No call allocates or synchronises: either would end the capture with an error.
TEST(Graphs, OfEveryCallGiveTheReferencesBitsEachTimeTheyAreLaunched) {
  Random random = golden::seeded_generator();
  const OwnStream stream;
  for (const auto& format : spec::block_formats) {
    const GoldenTensor tensor = random_golden(random, format.type, 64);
    Work work(tensor);
    cuda::synchronize();
    const CapturedGraph graph(stream.get(), [&] { work.start(stream.get()); });
    for (int round = 0; round < 3; ++round) {
      work.clear();
      cuda::synchronize();
      graph.launch(stream.get());
      cuda::synchronize(stream.get());
      work.expect_golden();
    }
  }
}

}  // namespace
}  // namespace mxemu::cuda_tests
