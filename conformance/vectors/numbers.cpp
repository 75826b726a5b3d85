#include "conformance/vectors/numbers.hpp"

#include <algorithm>
#include <unordered_set>

#include "reference/element.hpp"

namespace mxemu::conformance::vectors {
namespace {

using reference::Exact;

/// Collects numbers of a type once each, in the order they came.
class NumberList {
 public:
  explicit NumberList(const spec::FloatFormat& type) : type_(type) {}

  void add(std::uint64_t magnitude) {
    for (const std::uint64_t sign : {std::uint64_t{0}, type_.sign_mask()})
      if (seen_.insert(magnitude | sign).second) numbers.push_back(magnitude | sign);
  }

  /// The number and its neighbours; nothing beyond Inf.
  void add_with_neighbours(std::uint64_t magnitude) {
    if (magnitude > 0) add(magnitude - 1);
    add(magnitude);
    if (magnitude < type_.infinity_bits()) add(magnitude + 1);
  }

  std::vector<std::uint64_t> numbers;

 private:
  const spec::FloatFormat& type_;
  std::unordered_set<std::uint64_t> seen_;
};

/// The positive finite magnitudes of a format from 0 up, and the number that would follow the largest.
std::vector<Exact> grid_of(const spec::ElementFormat& element) {
  std::vector<Exact> grid;
  for (int code = 0; code <= element.max_normal_code; ++code)
    grid.push_back(reference::decode_element(element, static_cast<std::uint8_t>(code)).magnitude);
  const auto position = reference::locate_element(element, grid.back(), reference::power_of_two(0));
  grid.push_back({position.below + 1, position.quantum_exponent});
  return grid;
}

Exact midpoint(const Exact& a, const Exact& b) {
  const int unit = std::min(a.exponent, b.exponent);
  return {reference::in_units(a, unit) + reference::in_units(b, unit), unit - 1};
}

/// The magnitude times a ratio, in units fine enough for it.
Exact times(const Exact& number, int numerator, int binary_places) {
  return {number.significand * numerator, number.exponent - binary_places};
}

}  // namespace

std::uint64_t nearest_number(const spec::FloatFormat& type, const Exact& number, int exponent,
                             bool negative) {
  return reference::encode_float(
      type, {.negative = negative, .magnitude = {number.significand, number.exponent + exponent}});
}

std::vector<std::uint64_t> boundary_numbers(const spec::ElementFormat& element, const spec::FloatFormat& type,
                                            int scale_exponent) {
  const std::vector<Exact> grid = grid_of(element);
  NumberList list(type);
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    list.add_with_neighbours(nearest_number(type, grid[i], scale_exponent));
    list.add_with_neighbours(nearest_number(type, midpoint(grid[i], grid[i + 1]), scale_exponent));
  }
  list.add_with_neighbours(nearest_number(type, grid.back(), scale_exponent));
  // Quarters of the smallest step, and far beyond the largest number.
  list.add(nearest_number(type, times(grid[1], 1, 2), scale_exponent));
  list.add(nearest_number(type, times(grid[1], 3, 2), scale_exponent));
  list.add(nearest_number(type, times(grid.back(), 2, 0), scale_exponent));
  list.add(nearest_number(type, times(grid.back(), 1 << 20, 0), scale_exponent));
  return list.numbers;
}

std::vector<SpecialNumber> special_numbers(const spec::FloatFormat& type) {
  const std::uint64_t infinity = type.infinity_bits();
  const std::uint64_t min_normal = std::uint64_t{1} << type.mantissa_bits;
  const SpecialNumber positive[] = {{0, "zero"},
                                    {1, "the smallest subnormal"},
                                    {min_normal - 1, "the largest subnormal"},
                                    {min_normal, "the smallest normal number"},
                                    {infinity - 1, "the largest finite number"},
                                    {infinity, "Inf"},
                                    {type.nan_bits(), "a quiet NaN"},
                                    {infinity + 1, "a signalling NaN"},
                                    {type.sign_mask() - 1, "a NaN of all ones"}};
  std::vector<SpecialNumber> numbers;
  for (const SpecialNumber& number : positive) {
    numbers.push_back(number);
    numbers.push_back({number.bits | type.sign_mask(), number.name});
  }
  return numbers;
}

std::vector<std::uint64_t> rule_boundaries(const spec::ElementFormat& element, const spec::FloatFormat& type,
                                           int exponent) {
  const Exact largest = reference::max_normal(element);
  const Exact top = {largest.significand, largest.exponent - reference::floor_log2(largest)};
  const int below_top = element.mantissa_bits + 1;
  NumberList list(type);
  for (const Exact& significand : {Exact{1, 0}, Exact{3, -1}, times(top, 3, 2), times(top, 3, 1), top,
                                   Exact{(2 << below_top) - 1, -below_top}, Exact{2, 0}})
    list.add_with_neighbours(nearest_number(type, significand, exponent));
  return list.numbers;
}

void RandomNumbers::start_block() {
  const std::uint64_t random = random_();
  const std::uint64_t fields = (std::uint64_t{1} << type_.exponent_bits) - 1;
  const std::uint64_t middle = static_cast<std::uint64_t>(type_.bias);
  // Half of the blocks near 1, the rest anywhere.
  top_field_ = (random & 1) != 0 ? middle - 8 + (random >> 8) % 16 : (random >> 8) % fields;
  spread_ = std::uint64_t{1} << (random >> 1 & 3) * 2;
  with_non_finite_ = (random >> 3 & 63) == 0;
}

std::uint64_t RandomNumbers::next() {
  const std::uint64_t random = random_();
  const std::uint64_t sign = random >> 63 << (type_.bits - 1);
  const std::uint64_t choice = random & 63;
  if (choice == 0) return sign;
  if (choice == 1 && with_non_finite_) return sign | type_.infinity_bits() | (random >> 6 & 1);
  const std::uint64_t down = (random >> 6 & 0xff) % spread_;
  const std::uint64_t field = top_field_ > down ? top_field_ - down : 0;
  const std::uint64_t mask = (std::uint64_t{1} << type_.mantissa_bits) - 1;
  // The upper bits random, then all zeros or all ones: ties, and what lies beside them, are then frequent.
  std::uint64_t mantissa = (random >> 14 | random << 35) & mask;
  const std::uint64_t tail = mask >> (choice >> 3);
  if ((choice & 3) == 2) mantissa &= ~tail;
  if ((choice & 3) == 3) mantissa |= tail;
  return sign | field << type_.mantissa_bits | mantissa;
}

}  // namespace mxemu::conformance::vectors
