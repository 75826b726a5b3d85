#include "conformance/dpi/care.hpp"

namespace mxemu::conformance::dpi {
namespace {

/// By trying every word of up to 8 bits.
std::uint8_t agreement(const vectors::Expectation& expectation, int word_count, const auto& accepts) {
  std::uint64_t differing = 0;
  for (std::uint64_t word = 0; word < static_cast<std::uint64_t>(word_count); ++word)
    if (accepts(word)) differing |= word ^ expectation.bits;
  return static_cast<std::uint8_t>(~differing & static_cast<std::uint64_t>(word_count - 1));
}

}  // namespace

std::uint8_t scale_care(const spec::ScaleFormat& format, const vectors::Expectation& expectation) {
  return agreement(expectation, 1 << format.bits,
                   [&](std::uint64_t word) { return vectors::accepts_scale(format, expectation, word); });
}

std::uint8_t code_care(const spec::ElementFormat& format, const vectors::Expectation& expectation) {
  return agreement(expectation, format.code_count(),
                   [&](std::uint64_t word) { return vectors::accepts_code(format, expectation, word); });
}

std::uint64_t number_care(const spec::FloatFormat& format, const vectors::Expectation& expectation) {
  using Kind = vectors::Expectation::Kind;
  switch (expectation.kind) {
    case Kind::Exactly: return format.sign_mask() | (format.sign_mask() - 1);
    case Kind::AnyNan: return format.infinity_bits();
    case Kind::AnyScale:
    case Kind::OneOf:  // of scales and codes only
    case Kind::Anything: return 0;
  }
  return 0;
}

}  // namespace mxemu::conformance::dpi
