#include "conformance/staircase.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdio>
#include <iterator>
#include <system_error>
#include <thread>

#include "fast/first_failure.hpp"
#include "reference/element.hpp"
#include "reference/value.hpp"
#include "spec/float_format.hpp"

namespace mxemu::conformance {
namespace {

constexpr spec::FloatFormat float32 = spec::format_of(spec::FloatType::Float32);

std::uint32_t sign_bits(bool negative) {
  return negative ? static_cast<std::uint32_t>(float32.sign_mask()) : 0;
}

/// The last input of the run that starts at `first`: from there on the code is another one.
std::uint32_t last_of_run(std::uint32_t first, std::uint32_t last,
                          const std::function<std::uint8_t(std::uint32_t)>& code_of) {
  const std::uint8_t code = code_of(first);
  if (code_of(last) == code) return last;
  std::uint32_t inside = first;
  std::uint32_t outside = last;
  while (outside - inside > 1) {
    const std::uint32_t middle = inside + (outside - inside) / 2;
    (code_of(middle) == code ? inside : outside) = middle;
  }
  return inside;
}

}  // namespace

std::uint8_t encode_float32(const ElementConversion& conversion, std::uint32_t bits) {
  reference::Value value = reference::decode_float(float32, bits);
  const bool flush = conversion.policy.subnormal_input == spec::SubnormalInput::FlushToZero;
  if (flush && reference::is_subnormal(float32, value)) value.magnitude = {};
  return reference::encode_element(conversion.format(), value,
                                   reference::power_of_two(conversion.scale_exponent), conversion.rounding,
                                   conversion.policy, conversion.random_word);
}

std::uint8_t Staircase::code_of(std::uint32_t bits) const {
  const auto next = std::upper_bound(steps.begin(), steps.end(), bits,
                                     [](std::uint32_t b, const Step& step) { return b < step.first_bits; });
  return std::prev(next)->code;
}

Staircase bisect(std::uint32_t first_bits, std::uint32_t last_bits,
                 const std::function<std::uint8_t(std::uint32_t bits)>& code_of) {
  Staircase staircase{.steps = {{first_bits, code_of(first_bits)}}, .last_bits = last_bits};
  std::uint32_t end_of_run = last_of_run(first_bits, last_bits, code_of);
  while (end_of_run != last_bits) {
    const std::uint32_t first = end_of_run + 1;
    staircase.steps.push_back({first, code_of(first)});
    end_of_run = last_of_run(first, last_bits, code_of);
  }
  return staircase;
}

Staircase finite_staircase(const ElementConversion& conversion, bool negative) {
  const auto infinity = static_cast<std::uint32_t>(float32.infinity_bits());
  return bisect(sign_bits(negative), sign_bits(negative) | (infinity - 1),
                [&](std::uint32_t bits) { return encode_float32(conversion, bits); });
}

Staircase non_finite_staircase(const ElementConversion& conversion, bool negative) {
  const auto infinity = static_cast<std::uint32_t>(float32.infinity_bits());
  const auto all_ones = static_cast<std::uint32_t>(float32.sign_mask() - 1);
  Staircase staircase{.steps = {}, .last_bits = sign_bits(negative) | all_ones};
  for (const std::uint32_t magnitude : {infinity, infinity + 1, all_ones}) {
    const std::uint32_t bits = sign_bits(negative) | magnitude;
    const std::uint8_t code = encode_float32(conversion, bits);
    if (staircase.steps.empty() || staircase.steps.back().code != code)
      staircase.steps.push_back({bits, code});
  }
  return staircase;
}

void Sweep::add(const Difference& difference, std::size_t keep) {
  ++difference_count;
  if (first_differences.size() < keep) first_differences.push_back(difference);
}

void Sweep::merge(const Sweep& other, std::size_t keep) {
  checked += other.checked;
  difference_count += other.difference_count;
  first_differences.insert(first_differences.end(), other.first_differences.begin(),
                           other.first_differences.end());
  std::sort(first_differences.begin(), first_differences.end(),
            [](const Difference& a, const Difference& b) { return a.bits < b.bits; });
  if (first_differences.size() > keep) first_differences.resize(keep);
}

std::string describe(const Sweep& sweep) {
  std::string text = std::to_string(sweep.difference_count) + " of " + std::to_string(sweep.checked) +
                     " inputs differ; showing " + std::to_string(sweep.first_differences.size()) + "\n";
  for (const Difference& difference : sweep.first_differences) {
    char line[96];
    std::snprintf(line, sizeof line, "  input 0x%08x %a  expected 0x%02x  got 0x%02x\n", difference.bits,
                  static_cast<double>(std::bit_cast<float>(difference.bits)), difference.expected,
                  difference.got);
    text += line;
  }
  return text;
}

void on_all_cores(std::uint64_t count, const std::function<void(std::uint64_t index)>& task) {
  std::atomic<std::uint64_t> next = 0;
  fast::FirstFailure failure;
  const auto work = [&] {
    for (std::uint64_t index = next++; index < count && !failure.occurred(); index = next++)
      failure.guard([&] { task(index); });
  };
  {
    const auto workers = std::min<std::uint64_t>(std::thread::hardware_concurrency(), count);
    std::vector<std::jthread> others;
    try {
      for (std::uint64_t worker = 1; worker < workers; ++worker) others.emplace_back(work);
    } catch (const std::system_error&) {
      // Fewer threads do the same work.
    }
    work();
  }
  failure.rethrow();
}

namespace detail {

void compare_codes(const Staircase& golden, std::uint32_t first_bits, std::span<const std::uint8_t> codes,
                   std::size_t keep, Sweep& sweep) {
  auto step = std::upper_bound(golden.steps.begin(), golden.steps.end(), first_bits,
                               [](std::uint32_t b, const Step& s) { return b < s.first_bits; });
  std::size_t begin = 0;
  while (begin < codes.size()) {
    const std::uint8_t expected = std::prev(step)->code;
    const std::size_t end = step == golden.steps.end()
                                ? codes.size()
                                : std::min<std::size_t>(codes.size(), step->first_bits - first_bits);
    std::uint8_t wrong = 0;
    for (std::size_t i = begin; i < end; ++i)
      wrong = static_cast<std::uint8_t>(wrong | (codes[i] ^ expected));
    for (std::size_t i = begin; wrong != 0 && i < end; ++i)
      if (codes[i] != expected)
        sweep.add({first_bits + static_cast<std::uint32_t>(i), expected, codes[i]}, keep);
    begin = end;
    if (step != golden.steps.end()) ++step;
  }
  sweep.checked += codes.size();
}

}  // namespace detail

}  // namespace mxemu::conformance
