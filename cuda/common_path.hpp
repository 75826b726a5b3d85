// The kernels of the common request, and when a call is one: blocks of 32, roundTiesToEven, the `ocp` policy
// (fast/common_request.hpp), numbers of up to 32 bits, lines of a bit stream that begin at bytes. Blocks
// along the last axis are rows; all others are columns of a matrix.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda/mxemu_cuda.hpp"
#include "cuda/places.hpp"
#include "cuda/rows.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// True for calls that the functions below take.
bool is_common_quantize(const spec::Request& request, const Places& places, spec::FloatType source);
bool is_common_dequantize(const spec::Request& request, const Places& places, spec::FloatType output);

/// How the arrays of a call may be accessed. Null is aligned.
Aligned find_alignment(const Places& places, const void* numbers, const void* codes, const void* output);
/// The same where codes are read rather than stored, which takes less.
Aligned find_alignment_of_loads(const Places& places, const void* codes, const void* output);

struct TilePlaces;
TilePlaces make_tile_places(const Places& places);

/// `codes` null: the scales alone.
void start_quantize_rows(const spec::Request& request, const Places& places, const FloatArray& source,
                         std::uint8_t* codes, std::uint8_t* scales, Stream stream);
void start_quantize_columns(const spec::Request& request, const Places& places, const FloatArray& source,
                            std::uint8_t* codes, std::uint8_t* scales, Stream stream);

void start_dequantize_rows(const spec::Request& request, const Places& places, const std::uint8_t* codes,
                           const std::uint8_t* scales, const MutableFloatArray& output, Stream stream);
void start_dequantize_columns(const spec::Request& request, const Places& places, const std::uint8_t* codes,
                              const std::uint8_t* scales, const MutableFloatArray& output, Stream stream);

void start_roundtrip_rows(const spec::Request& request, const Places& places, const FloatArray& source,
                          const MutableFloatArray& output, Stream stream);
void start_roundtrip_columns(const spec::Request& request, const Places& places, const FloatArray& source,
                             const MutableFloatArray& output, Stream stream);

/// Calls visit(element, packed), both as constants: codes of eight bits are not packed.
template <class Visit>
void with_codes(const spec::Request& request, bool packed, const Visit& visit) {
  with_element(request.block_format().element, [&](auto element) {
    constexpr spec::ElementType E = element.value;
    if constexpr (spec::element_formats[static_cast<int>(E)].bits != 8)
      if (packed) return visit(element, std::true_type{});
    visit(element, std::false_type{});
  });
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
