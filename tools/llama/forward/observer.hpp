// Somebody who looks at every tensor of a forward pass as it is made.
#pragma once

#include <string>

#include "tools/llama/forward/matrix.hpp"

namespace mxemu::llama {

class Observer {
 public:
  virtual ~Observer() = default;
  /// `name` says where it is made: "embedding", "layers.0.input_norm", "layers.0.q_proj", …, "lm_head". A
  /// tensor of attention ends in the sequence, the key head and the first token of its tile. `values` are
  /// gone after the call.
  virtual void saw(const std::string& name, Matrix values) = 0;
};

}  // namespace mxemu::llama
