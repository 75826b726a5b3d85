// One tensor that something quantised, beside what the golden model makes of what went in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "conformance/subject.hpp"
#include "conformance/suite.hpp"
#include "spec/profile.hpp"

namespace mxemu::conformance {

/// What went in and what came out, in memory: numbers row-major, codes one per byte in the same order, scales
/// one per block in the order of the shape with the axis shortened.
struct JudgedTensor {
  std::string name;
  std::string profile;  ///< that `request` was made of, for the report
  spec::Request request;
  TensorGeometry geometry;
  spec::FloatType type = spec::FloatType::Float32;
  std::span<const std::byte> source = {};
  std::span<const std::uint8_t> codes = {};
  std::span<const std::uint8_t> scales = {};
};

struct TensorVerdict {
  std::string name;
  std::string profile;  ///< the one it was judged by: with several that fit equally, all of them
  spec::Request request;
  std::size_t elements = 0;
  std::size_t blocks = 0;
  std::size_t differing_scales = 0;
  std::size_t differing_codes = 0;        ///< in blocks whose scale is right
  std::vector<Failure::Line> lines = {};  ///< the first difference, explained
  std::string suspect = {};               ///< what the differences have in common, if it is known

  bool passed() const { return differing_scales == 0 && differing_codes == 0; }
};

/// Judges codes and scales under `tensor.request`. Throws std::invalid_argument on wrong sizes and where the
/// tensor cannot be cut into blocks.
TensorVerdict judge_tensor(const JudgedTensor& tensor);

/// The same under every profile that chooses scales for the format: the verdict of those that differ least.
TensorVerdict judge_by_every_profile(const JudgedTensor& tensor);

/// "PASSED NAME  MXFP4_E2M1 …": one line, or the first difference explained below it.
std::string to_text(const TensorVerdict& verdict);

/// All of them as a JSON array.
std::string to_json(const std::vector<TensorVerdict>& verdicts);

}  // namespace mxemu::conformance
