// A stream of one's own, and calls captured from it into a graph.
#pragma once

#include <cuda_runtime.h>

#include "cuda/error.hpp"

namespace mxemu::cuda_tests {

class OwnStream {
 public:
  OwnStream() {
    cuda::require_success(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
  }
  ~OwnStream() { static_cast<void>(cudaStreamDestroy(stream_)); }
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

/// What `calls` start on the stream, which is not done until the graph is launched. Calls that allocate or
/// synchronise end the capture with an error.
class CapturedGraph {
 public:
  template <class Calls>
  CapturedGraph(cudaStream_t stream, const Calls& calls) {
    using cuda::require_success;
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
    cuda::require_success(cudaGraphLaunch(ready_, stream), "launching a graph");
  }

 private:
  cudaGraph_t graph_ = nullptr;
  cudaGraphExec_t ready_ = nullptr;
};

}  // namespace mxemu::cuda_tests
