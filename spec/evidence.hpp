// How sure a row is of what it says about an implementation.
#pragma once

#include <cstdint>

#include "spec/words.hpp"

namespace mxemu::spec {

/// How it is known what a row says.
enum class Evidence : std::uint8_t { Standard, Read, Stated };
template <>
inline constexpr Word<Evidence> words<Evidence>[] = {
    {Evidence::Standard, "standard", "the standard says it, or our choice where it is silent"},
    {Evidence::Read, "read", "read in the source code at the commit named, or run"},
    {Evidence::Stated, "stated", "stated by the documents named, not verified"},
};
static_assert(words_are_in_order<Evidence>());

}  // namespace mxemu::spec
