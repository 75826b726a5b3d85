// What the interface says when an argument is not what it must be, and the kernels' arguments made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "cuda/mxemu_cuda.hpp"
#include "cuda/numbers.hpp"
#include "cuda/places.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

void require_count(const char* what, std::size_t got, std::size_t expected);
void require_floats(const char* what, spec::FloatType type, const std::byte* data, std::size_t bytes,
                    std::size_t count);

/// The random words that a request asks for.
RandomWords random_words_of(const spec::Request& request, std::span<const std::uint32_t> given,
                            std::size_t count);

/// Places of a tensor, its sizes checked against the request.
Places make_places(const spec::Request& request, const fast::BlockGrid& grid, const Storage& storage);

/// Tiles of scales have padding, which is zero.
void clear_padding(const Places& places, std::span<std::uint8_t> scales, Stream stream);

/// True when `address` is a multiple of `to`.
bool is_aligned(const void* address, std::size_t to);

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
