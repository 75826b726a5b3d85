// The exact answer for every float32 at once. A conversion to element codes is monotone on each sign, so it
// is a staircase: at most 2^(d-1) + 1 first inputs, found by bisection with the exact reference, say what all
// 2^31 inputs of that sign must give, and a sweep of all of them against it takes about a second.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "spec/element_format.hpp"
#include "spec/policy.hpp"
#include "spec/rounding.hpp"

namespace mxemu::conformance {

/// A conversion of single float32 values to element codes under one shared scale.
struct ElementConversion {
  spec::ElementType element = spec::ElementType::E4M3;
  int scale_exponent = 0;  ///< the shared scale is 2^scale_exponent
  spec::Rounding rounding = {};
  spec::Policy policy = {};
  std::uint32_t random_word = 0;  ///< of stochastic rounding: the same one for every input

  const spec::ElementFormat& format() const { return spec::format_of(element); }
};

/// The reference's code for one float32 (any bits), the policy on subnormal inputs included.
std::uint8_t encode_float32(const ElementConversion& conversion, std::uint32_t bits);

/// From `first_bits` on, up to the next step, every input has this code.
struct Step {
  std::uint32_t first_bits;
  std::uint8_t code;

  bool operator==(const Step&) const = default;
};

/// The codes of the consecutive bit patterns steps.front().first_bits to last_bits. Never without a step.
struct Staircase {
  std::vector<Step> steps;
  std::uint32_t last_bits = 0;

  std::uint32_t first_bits() const { return steps.front().first_bits; }
  std::uint64_t input_count() const { return std::uint64_t{last_bits} - first_bits() + 1; }
  std::uint8_t code_of(std::uint32_t bits) const;

  bool operator==(const Staircase&) const = default;
};

/// The staircase of any function that never returns to a code it has left, over first_bits to last_bits.
Staircase bisect(std::uint32_t first_bits, std::uint32_t last_bits,
                 const std::function<std::uint8_t(std::uint32_t bits)>& code_of);

/// Zero and the finite float32 of one sign in order of magnitude.
Staircase finite_staircase(const ElementConversion& conversion, bool negative);

/// The Inf and the NaNs of one sign: what the reference makes of the Inf, of the first NaN and of the last.
Staircase non_finite_staircase(const ElementConversion& conversion, bool negative);

struct Difference {
  std::uint32_t bits;
  std::uint8_t expected;
  std::uint8_t got;

  bool operator==(const Difference&) const = default;
};

/// What a sweep found: how many inputs it compared, and the differences with the smallest bit patterns.
struct Sweep {
  std::uint64_t checked = 0;
  std::uint64_t difference_count = 0;
  std::vector<Difference> first_differences;

  bool passed() const { return checked > 0 && difference_count == 0; }
  void add(const Difference& difference, std::size_t keep);
  void merge(const Sweep& other, std::size_t keep);
};

/// One line per difference kept: input bits and value, expected code, code got.
std::string describe(const Sweep& sweep);

/// Calls task(index) for 0 <= index < count on all cores; each thread takes its indices in rising order.
/// Rethrows the first exception of a task; tasks that had not begun are then left out.
void on_all_cores(std::uint64_t count, const std::function<void(std::uint64_t index)>& task);

/// Consecutive inputs that an encoder is handed at once: an aligned batch of normal numbers lies in one
/// binade.
inline constexpr std::uint32_t sweep_batch = 4096;

namespace detail {

/// Compares the codes of the inputs first_bits, first_bits + 1, … with the staircase, run by run.
void compare_codes(const Staircase& golden, std::uint32_t first_bits, std::span<const std::uint8_t> codes,
                   std::size_t keep, Sweep& sweep);

}  // namespace detail

/// Runs an encoder over every input of a staircase, on all cores, and compares every code.
/// encode_run(first_bits, codes) fills codes[i] with the code of the float32 with bits first_bits + i; it is
/// called from several threads, with at most sweep_batch codes that do not cross a multiple of sweep_batch.
template <class EncodeRun>
Sweep verify(const Staircase& golden, const EncodeRun& encode_run, std::size_t keep = 10) {
  constexpr std::uint64_t chunk = std::uint64_t{sweep_batch} << 10;
  const std::uint64_t end = std::uint64_t{golden.last_bits} + 1;
  const std::uint64_t first_chunk = golden.first_bits() / chunk;
  Sweep total;
  std::mutex total_mutex;
  on_all_cores((end - 1) / chunk - first_chunk + 1, [&](std::uint64_t index) {
    std::uint8_t codes[sweep_batch];
    Sweep sweep;
    const std::uint64_t chunk_start = (first_chunk + index) * chunk;
    const std::uint64_t chunk_end = std::min(end, chunk_start + chunk);
    for (std::uint64_t bits = std::max<std::uint64_t>(golden.first_bits(), chunk_start); bits < chunk_end;) {
      const std::uint64_t batch_end = std::min(chunk_end, (bits / sweep_batch + 1) * sweep_batch);
      const std::span batch(codes, static_cast<std::size_t>(batch_end - bits));
      encode_run(static_cast<std::uint32_t>(bits), batch);
      detail::compare_codes(golden, static_cast<std::uint32_t>(bits), batch, keep, sweep);
      bits = batch_end;
    }
    const std::lock_guard lock(total_mutex);
    total.merge(sweep, keep);
  });
  return total;
}

}  // namespace mxemu::conformance
