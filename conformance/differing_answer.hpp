// One answer that differs, and what a signature may ask of it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "conformance/comparison.hpp"
#include "reference/value.hpp"

namespace mxemu::conformance {

struct DifferingAnswer {
  const Cases& cases;
  const Answers& expected;
  const Answers& got;
  Mismatch at;

  std::size_t index() const { return at.case_index * cases.elements + at.element; }
  int scale_error() const { return int{got.scales[at.case_index]} - int{expected.scales[at.case_index]}; }
  std::uint8_t expected_code() const { return expected.codes[index()]; }
  std::uint8_t got_code() const { return got.codes[index()]; }
  const spec::ElementFormat& format() const { return cases.request.element_format(); }
  /// A code differs, and the one that came is one of the format's.
  bool is_code() const {
    return !at.in_scale && gives_codes(cases.operation) && got_code() < format().code_count();
  }
  bool is_number() const { return gives_numbers(cases.operation); }
};

/// The number whose code differs lies halfway between two codes.
bool is_tie(const DifferingAnswer& d);

/// The largest magnitude of the case is below a power of two by less than 2^-16 of it.
bool is_just_below_a_power_of_two(const DifferingAnswer& d);

/// The quotient of the number whose code differs and its scale is below the smallest normal element, before
/// it is rounded; or beyond the largest, infinities among them.
bool is_below_normal(const DifferingAnswer& d);
bool is_beyond_largest(const DifferingAnswer& d);

reference::Value decoded(const DifferingAnswer& d, std::uint8_t code);
bool is_subnormal_element(const DifferingAnswer& d);

/// Where element `i` of `n` goes in an arrangement that is known to go wrong.
struct Arrangement {
  const char* name;
  std::size_t (*place)(std::size_t i, std::size_t n);
};

/// Whether the answers of the case are the expected ones in this arrangement, or in some other order.
bool is_arranged(const DifferingAnswer& d, const Arrangement& arrangement);
bool is_permuted(const DifferingAnswer& d);

}  // namespace mxemu::conformance
