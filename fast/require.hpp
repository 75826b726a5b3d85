// What the interface says when an argument is not what it must be.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace mxemu::fast {

inline void require_count(const char* what, std::size_t got, std::size_t expected) {
  if (got != expected)
    throw std::invalid_argument(std::string(what) + ": " + std::to_string(got) + " where " +
                                std::to_string(expected) + " are needed");
}

}  // namespace mxemu::fast
