#include "maximum_blocks.hpp"

#include <algorithm>

#include "spec/float_format.hpp"

namespace mxemu::fast_tests {

std::vector<std::uint32_t> telling_maxima(const conformance::Staircase& scales) {
  constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);
  constexpr std::int64_t one = std::int64_t{1} << float32.mantissa_bits;
  constexpr std::int64_t near = 64;
  constexpr std::int64_t spread = 150;
  std::vector<std::int64_t> centres = {scales.first_bits(), scales.last_bits};
  for (const conformance::Step& step : scales.steps) centres.push_back(step.first_bits);
  for (std::int64_t power = 1; power < one; power *= 2) centres.push_back(power);
  std::vector<std::uint32_t> maxima;
  const auto add = [&](std::int64_t amax) {
    if (amax >= scales.first_bits() && amax <= scales.last_bits)
      maxima.push_back(static_cast<std::uint32_t>(amax));
  };
  for (const std::int64_t centre : centres)
    for (std::int64_t beside = -near; beside <= near; ++beside) add(centre + beside);
  for (std::int64_t binade = 0; binade < 255 * one; binade += one)
    for (std::int64_t i = 0; i < spread; ++i) {
      add(binade + i - spread / 2);
      add(binade + i * (one / spread) + i % 7);
    }
  std::sort(maxima.begin(), maxima.end());
  maxima.erase(std::unique(maxima.begin(), maxima.end()), maxima.end());
  return maxima;
}

}  // namespace mxemu::fast_tests
