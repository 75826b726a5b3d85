// Cases as the lines that a device reads: conformance/PROTOCOL.md, "Cases".
#pragma once

#include <cstddef>
#include <string>

#include "conformance/cases.hpp"

namespace mxemu::conformance {

inline constexpr int protocol_version = 1;

/// Hexadecimal digits of one code.
constexpr int code_digits(const spec::ElementFormat& format) {
  return (format.bits + 3) / 4;
}

/// The options of a request that are not the default's: " overflow=nonfinite block_size=16", or "".
std::string option_text(Operation operation, const spec::Request& request, std::size_t elements);

/// Where a tensor stands: " shape=3x40 axis=1 packing=bit_stream scales=row_major".
std::string storage_text(const Storage& storage);

/// The request of a batch, the part of its lines before the first dash: "quantize MXFP4_E2M1 f32 floor
/// nearest_even".
std::string request_text(const Cases& cases);

/// Writes case after case of a batch.
class CaseWriter {
 public:
  /// Throws std::invalid_argument when an array has not as many words as there are cases or elements.
  explicit CaseWriter(const Cases& cases);

  /// Appends the line of case `index`.
  void append(std::size_t index, std::string& out) const;

  /// The line of case `index` without its end, as a message quotes it.
  std::string line(std::size_t index) const;

 private:
  char* write(std::size_t index, char* out) const;

  const Cases* cases_;
  std::string start_;
  std::size_t width_;
  int digits_;
  ArraySizes taken_;
  std::size_t longest_;
};

}  // namespace mxemu::conformance
