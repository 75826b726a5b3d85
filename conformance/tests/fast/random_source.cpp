#include "random_source.hpp"

#include <algorithm>

namespace mxemu::fast_tests {
namespace {

int exponent_field(Random& random, const spec::FloatFormat& format, Fill fill, int centre) {
  const int spread = fill == Fill::Wide ? 44 : fill == Fill::Ties ? 14 : 3;
  const int field = centre + static_cast<int>(below(random, static_cast<std::size_t>(spread))) - spread / 2;
  return std::clamp(field, 0, (1 << format.exponent_bits) - 2);
}

/// At most eight mantissa bits set from the top, then perhaps one ulp up or down.
std::uint64_t near_tie(Random& random, const spec::FloatFormat& format, std::uint64_t magnitude) {
  const int dropped = format.mantissa_bits - static_cast<int>(below(random, 9));
  if (dropped > 0) magnitude &= ~((std::uint64_t{1} << dropped) - 1);
  const std::size_t beside = below(random, 4);
  if (beside == 1) ++magnitude;
  if (beside == 2 && magnitude != 0) --magnitude;
  return std::min(magnitude, format.infinity_bits() - 1);
}

/// Anywhere in the range; every third time near its lower end, every eighth near its upper one.
int random_centre(Random& random, const spec::FloatFormat& format) {
  const auto fields = (std::size_t{1} << format.exponent_bits) - 1;
  const std::size_t anywhere = below(random, fields);
  const std::size_t edge = std::min<std::size_t>(below(random, 24), fields - 1);
  return static_cast<int>(one_in(random, 3) ? edge : one_in(random, 8) ? fields - 1 - edge : anywhere);
}

}  // namespace

std::uint64_t random_number(Random& random, const spec::FloatFormat& format, Fill fill, int centre) {
  const std::uint64_t sign = random() & format.sign_mask();
  const std::uint64_t mantissa = random() & ((std::uint64_t{1} << format.mantissa_bits) - 1);
  const auto field = static_cast<std::uint64_t>(exponent_field(random, format, fill, centre));
  const std::uint64_t magnitude = field << format.mantissa_bits | mantissa;
  switch (fill) {
    case Fill::AnyBits: return random() & (2 * format.sign_mask() - 1);
    case Fill::Ties: return sign | near_tie(random, format, magnitude);
    case Fill::Narrow:
    case Fill::Wide: return sign | magnitude;
    case Fill::Subnormals:
      return sign | mantissa | (one_in(random, 9) ? std::uint64_t{1} << format.mantissa_bits : 0);
    case Fill::Zeros: return sign;
    case Fill::NonFinite:
      return sign | (!one_in(random, 24) ? magnitude
                     : one_in(random, 2) ? format.infinity_bits()
                                         : format.infinity_bits() | mantissa);
  }
  return sign;
}

std::vector<std::uint64_t> random_numbers(Random& random, const spec::FloatFormat& format, std::size_t count,
                                          std::size_t longest) {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(count);
  while (numbers.size() < count) {
    const auto fill = static_cast<Fill>(below(random, fill_count));
    const int centre = random_centre(random, format);
    const std::size_t stretch = std::min(count - numbers.size(), 1 + below(random, longest));
    for (std::size_t i = 0; i < stretch; ++i) numbers.push_back(random_number(random, format, fill, centre));
  }
  return numbers;
}

}  // namespace mxemu::fast_tests
