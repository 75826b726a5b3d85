// Column-major (Fortran) data in row-major order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mxemu::io {

/// `data` holds the elements of `shape` with the first dimension varying fastest; the result holds them with
/// the last varying fastest. `data.size()` is the product of `shape`, not zero, times `element_bytes`.
std::vector<std::byte> row_major(std::span<const std::byte> data, std::span<const std::int64_t> shape,
                                 std::size_t element_bytes);

}  // namespace mxemu::io
