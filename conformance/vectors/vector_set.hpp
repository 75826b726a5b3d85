// A directory of golden vectors: a file per operation and format, the layouts, a file of dot products per
// accumulator, and a manifest.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/vectors/dot_file.hpp"

namespace mxemu::conformance::vectors {

inline constexpr const char* manifest_name = "MANIFEST.json";

struct SetRecipe {
  std::vector<spec::Request> requests;  ///< one per format
  std::string profile;
  spec::FloatType type = spec::FloatType::Float32;
  Level level = Level::Small;
  std::uint64_t seed = 1;
  std::size_t random_cases = 0;
  std::vector<DotRecipe> dots = {};  ///< one per accumulator; their levels and seeds are their own
};

/// The recipe of the committed set: every format under the default profile,
/// every accumulator.
SetRecipe committed_recipe();

/// "mxemu" and its version: what a file says it was made by.
std::string generator_name();

/// Hands over every file of a set, the manifest last.
void write_vector_set(const SetRecipe& recipe, const std::function<void(const TextFile&)>& take);

/// The SHA-256 of a text in hexadecimal.
std::string sha256_of(std::string_view text);

/// The digests that a manifest states, by file name. Throws FileFault.
std::map<std::string, std::string> read_manifest(const std::string& name, std::string_view text);

}  // namespace mxemu::conformance::vectors
