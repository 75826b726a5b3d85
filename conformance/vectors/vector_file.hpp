// Golden vectors as JSON Lines: a header, then one case a line (conformance/vectors/SCHEMA.md).
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/vectors/batches.hpp"
#include "conformance/vectors/expectation.hpp"

namespace mxemu::conformance::vectors {

inline constexpr int schema_version = 1;
/// Rises with every change of a byte that is expected of a subject.
inline constexpr int vector_set_version = 2;

/// What is wrong with a vector file: one sentence with the file and the line.
struct FileFault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct TextFile {
  std::string name;
  std::string text;
  std::size_t cases = 0;
};

/// The file of one recipe, answered by the reference. `generator` is the program and its version, `profile`
/// the name of the bundle that the request began as.
TextFile write_vectors(const Recipe& recipe, const std::string& generator, const std::string& profile);

/// Cases of one shape that stand one after the other in a file, and what is expected of them.
struct Group {
  Cases cases;
  std::vector<std::string> ids;
  std::vector<Expectation> scales = {};
  std::vector<Expectation> codes = {};
  std::vector<Expectation> numbers = {};
};

struct VectorFile {
  Operation operation = Operation::Quantize;
  spec::Request request = {};
  spec::FloatType type = spec::FloatType::Float32;
  std::vector<Group> groups = {};

  std::size_t count() const;
};

/// What a file holds, by its first line.
enum class FileKind : std::uint8_t { Operation, Layouts, Dot };

/// A text that begins as none of them counts as Operation, whose reader says what is wrong with it.
FileKind kind_of(std::string_view text);

/// Throws FileFault; `name` is how it calls the file.
VectorFile read_vectors(const std::string& name, std::string_view text);

}  // namespace mxemu::conformance::vectors
