// One dumped tensor beside what the golden model makes of what went in.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "conformance/suite.hpp"
#include "spec/profile.hpp"
#include "tools/mxemu/mx_tensor.hpp"

namespace mxemu::cli {

struct TensorVerdict {
  std::string name;
  std::string profile;  ///< the one it was judged by: with several that fit equally, all of them
  spec::Request request;
  std::size_t elements = 0;
  std::size_t blocks = 0;
  std::size_t differing_scales = 0;
  std::size_t differing_codes = 0;                     ///< in blocks whose scale is right
  std::vector<conformance::Failure::Line> lines = {};  ///< the first difference, explained
  std::string suspect = {};  ///< what the differences have in common, if it is known

  bool passed() const { return differing_scales == 0 && differing_codes == 0; }
};

/// Judges codes and scales under `tensor.request`.
TensorVerdict judge_tensor(const MxTensor& tensor, std::span<const std::byte> source, const MxData& got);

/// The same under every profile that chooses scales for the format: the verdict of those that differ least.
TensorVerdict judge_by_every_profile(const MxTensor& tensor, std::span<const std::byte> source,
                                     const MxData& got);

}  // namespace mxemu::cli
