// Golden vectors of dot products: a file per accumulator, a case with both operands a line
// (conformance/vectors/SCHEMA.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/vectors/dot_batches.hpp"
#include "conformance/vectors/expectation.hpp"
#include "conformance/vectors/vector_file.hpp"

namespace mxemu::conformance::vectors {

/// The file of one recipe, answered by the reference.
TextFile write_dot_vectors(const DotRecipe& recipe, const std::string& generator);

/// What a result must be where the row gives `result`: these bits, or any NaN for a NaN whose code the row
/// does not state.
Expectation expected_result(const spec::Accumulator& row, spec::FloatType output, std::uint32_t result);

/// Whether a result is what was expected.
bool accepts_result(spec::FloatType output, const Expectation& expectation, std::uint32_t got);

/// Cases of one pair and shape that stand one after the other in a file, and what is expected of them.
struct DotGroup {
  DotCases cases;
  std::vector<std::string> ids = {};
  std::vector<Expectation> results = {};
};

struct DotVectorFile {
  const spec::Accumulator* row = nullptr;
  std::vector<DotGroup> groups = {};

  std::size_t count() const;
};

/// Throws FileFault; `name` is how it calls the file.
DotVectorFile read_dot_vectors(const std::string& name, std::string_view text);

}  // namespace mxemu::conformance::vectors
