// Golden vectors of layouts: where codes and scales stand in bytes (spec/packing.hpp).
#pragma once

#include <string>
#include <string_view>

#include "conformance/vectors/vector_file.hpp"

namespace mxemu::conformance::vectors {

/// The packings of one format's codes; MXFP4 has ggml's blocks as well.
TextFile write_packings(spec::BlockType format, Level level, std::uint64_t seed,
                        const std::string& generator);

/// The layouts of a matrix of scales.
TextFile write_scale_layouts(Level level, std::uint64_t seed, const std::string& generator);

/// Compares every case of a file with the reference. Returns the number of cases; throws FileFault at the
/// first that differs.
std::size_t verify_layouts(const std::string& name, std::string_view text);

}  // namespace mxemu::conformance::vectors
