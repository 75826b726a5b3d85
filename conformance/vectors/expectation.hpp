// What an answer must be: one bit pattern, or what the standard allows where it leaves the choice free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/cases.hpp"

namespace mxemu::conformance::vectors {

struct Expectation {
  enum class Kind : std::uint8_t {
    Exactly,
    AnyNan,    ///< written "nan": any NaN of the element format or of the output type
    AnyScale,  ///< written "number": any scale but NaN
    OneOf,     ///< written "80|81"
    Anything,  ///< written "*"
  };

  Kind kind = Kind::Exactly;
  std::uint64_t bits = 0;                   ///< what the profile chooses
  std::vector<std::uint64_t> allowed = {};  ///< of OneOf
};

/// What an answer to `cases` must be, given the reference's `answers`. A scale is free where the block is of
/// zeros; a code where its scale is NaN, where it is a NaN, where it comes of a NaN and the format has none,
/// and between the two smallest INT8 codes; a number where it is a NaN or overflows.
Expectation expected_scale(const Cases& cases, const Answers& answers, std::size_t index);
Expectation expected_code(const Cases& cases, const Answers& answers, std::size_t element);
Expectation expected_number(const Cases& cases, const Answers& answers, std::size_t element);

/// Whether a word of an answer is what was expected: NaN is judged as a scale's, a code's or a number's.
bool accepts_scale(const spec::ScaleFormat& format, const Expectation& expectation, std::uint64_t got);
bool accepts_code(const spec::ElementFormat& format, const Expectation& expectation, std::uint64_t got);
bool accepts_number(const spec::FloatFormat& format, const Expectation& expectation, std::uint64_t got);

/// As vector files spell it, hexadecimal in `digits` digits.
std::string spell(const Expectation& expectation, int digits);

/// The inverse of spell(), or nothing. A word that leaves a choice has no bits of the profile's.
std::optional<Expectation> parse_expectation(std::string_view word, int digits);

/// `bits` in lower-case hexadecimal without a prefix, and the inverse for exactly so many digits.
std::string spell_bits(std::uint64_t bits, int digits);
std::optional<std::uint64_t> parse_bits(std::string_view word, int digits);

}  // namespace mxemu::conformance::vectors
