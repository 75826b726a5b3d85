// Vectors in the language's own words.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mxemu::fast {

/// A vector of T that fills `Bytes`.
template <class T, std::size_t Bytes>
struct UnitVector {
  typedef T Vector __attribute__((vector_size(Bytes), may_alias));
  static constexpr std::size_t count = Bytes / sizeof(T);
};

}  // namespace mxemu::fast
