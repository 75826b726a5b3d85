// Golden vectors of dot products as memories for $readmemh: a pair of memories for every pair of operands in
// a file, a word of hexadecimal digits per case, x where any NaN will do.
#pragma once

#include <string>
#include <vector>

#include "conformance/vectors/dot_file.hpp"

namespace mxemu::conformance::vectors {

/// Digits of the parts of an input word, from the lowest: lanes of a, lanes of b, scales of a, scales of b,
/// c, and the count of elements (2 digits). Lane and scale 0 are the lowest of theirs.
struct DotMemory {
  DotCapability pair;
  std::size_t lanes = 0;   ///< elements of the longest case
  std::size_t blocks = 0;  ///< of the longest case
  std::size_t words = 0;
  std::string inputs = {};
  std::string expected = {};

  /// "MXFP8_E4M3_MXFP4_E2M1_f32".
  std::string name() const;
  std::size_t input_digits() const;
  std::size_t answer_digits() const;
};

/// Throws std::invalid_argument for cases of more than 255 elements.
std::vector<DotMemory> make_dot_memories(const DotVectorFile& file);

/// What the words hold, for the README beside the memories; `stem` begins the names of both.
std::string describe_memory(const std::string& stem, const DotMemory& memory);

}  // namespace mxemu::conformance::vectors
