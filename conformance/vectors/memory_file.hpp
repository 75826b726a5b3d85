// Golden vectors as memories for $readmemh: a word of hexadecimal digits per case, x where any digit will do.
#pragma once

#include <string>
#include <vector>

#include "conformance/vectors/vector_file.hpp"

namespace mxemu::conformance::vectors {

/// Where things stand in the words of a pair of memories, counted in hexadecimal digits.
struct MemoryLayout {
  std::size_t lanes = 0;  ///< elements of the longest case
  int input_digits = 0;   ///< of one element that goes in
  int answer_digits = 0;  ///< of one element that comes out; 0 where only a scale does
  bool scale_in = false;
  bool scale_out = false;

  /// Digits of a whole word: an input word has the count of elements (2 digits), the scale (2) where one is
  /// given, and the lanes, lane 0 in the lowest bits; an answer word the scale and the lanes.
  std::size_t input_word() const;
  std::size_t answer_word() const;
};

struct Memory {
  MemoryLayout layout;
  std::size_t words = 0;
  std::string inputs;
  std::string expected;
};

/// Throws std::invalid_argument for stochastic rounding, whose random words have no place here, and for cases
/// of more than 255 elements.
Memory make_memory(const VectorFile& file);

/// What the words hold, for the README beside the memories.
std::string describe_memory(const std::string& stem, const Memory& memory);

/// The part of that README that is the same for all.
std::string memory_readme_head();

}  // namespace mxemu::conformance::vectors
