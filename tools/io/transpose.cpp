#include "tools/io/transpose.hpp"

#include <cstring>

namespace mxemu::io {

std::vector<std::byte> row_major(std::span<const std::byte> data, std::span<const std::int64_t> shape,
                                 std::size_t element_bytes) {
  const std::size_t rank = shape.size();
  std::vector<std::size_t> extent(rank), stride(rank), index(rank, 0);  // strides in bytes of `data`
  std::size_t next_stride = element_bytes;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    extent[axis] = static_cast<std::size_t>(shape[axis]);
    stride[axis] = next_stride;
    next_stride *= extent[axis];
  }
  std::vector<std::byte> out(data.size());
  std::size_t from = 0;
  for (std::size_t to = 0; to < out.size(); to += element_bytes) {
    std::memcpy(out.data() + to, data.data() + from, element_bytes);
    for (std::size_t axis = rank; axis-- > 0;) {
      from += stride[axis];
      if (++index[axis] < extent[axis]) break;
      from -= extent[axis] * stride[axis];
      index[axis] = 0;
    }
  }
  return out;
}

}  // namespace mxemu::io
