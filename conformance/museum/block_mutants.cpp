// Bugs in what a block is: which elements, in which order, under which scale, and what a NaN does to it.
#include <algorithm>

#include "conformance/museum/museum.hpp"

namespace mxemu::conformance::museum {
namespace {

Number largest_but_last(const Wiring& wiring, std::span<const Number> numbers) {
  const bool whole = numbers.size() == 32;
  return correct_stages().largest(wiring, whole ? numbers.first(31) : numbers);
}

Number largest_but_first(const Wiring& wiring, std::span<const Number> numbers) {
  return correct_stages().largest(wiring, numbers.size() > 1 ? numbers.subspan(1) : numbers);
}

Number largest_signed(const Wiring&, std::span<const Number> numbers) {
  const auto key = [](const Number& n) { return n.negative ? -magnitude_key(n) : magnitude_key(n); };
  return *std::max_element(numbers.begin(), numbers.end(),
                           [&](const Number& a, const Number& b) { return key(a) < key(b); });
}

/// An Inf takes part in amax; every scale above the highest is the highest.
Number largest_with_infinity(const Wiring& wiring, std::span<const Number> numbers) {
  for (const Number& number : numbers)
    if (number.kind == Number::Kind::Infinite)
      return {.kind = Number::Kind::Finite, .significand = 1u << 23, .exponent = 1000};
  return correct_stages().largest(wiring, numbers);
}

/// The reciprocal of 2^127 is subnormal: flushed, it is zero.
Number reciprocal_flushed(const Wiring&, Number number, int scale_code) {
  return scale_code == 0xfe ? Number{.negative = number.negative} : number;
}

int multiplier_of_lowest_is_one(const Wiring& wiring, int scale_code, int) {
  return scale_code == 0 ? 0 : scale_code - wiring[Constant::ScaleBias];
}

int unclamped_divisor(const Wiring& wiring, int, int unclamped) {
  return unclamped - wiring[Constant::ScaleBias];
}

std::size_t pairs_swapped(std::size_t lane, std::size_t elements) {
  return (lane ^ 1) < elements ? lane ^ 1 : lane;
}
std::size_t first_two_swapped(std::size_t lane, std::size_t elements) {
  return lane < 2 && elements > 1 ? lane ^ 1 : lane;
}
std::size_t reversed(std::size_t lane, std::size_t elements) {
  return elements - 1 - lane;
}
/// ggml keeps element j and j + 16 in one byte; read pair by pair, they come out interleaved.
std::size_t split_read_as_linear(std::size_t lane, std::size_t elements) {
  const std::size_t half = elements / 2;
  if (lane >= 2 * half) return lane;
  return lane < half ? 2 * lane : 2 * (lane - half) + 1;
}
std::size_t halves_swapped(std::size_t lane, std::size_t elements) {
  const std::size_t half = elements / 2;
  return lane >= 2 * half ? lane : (lane + half) % (2 * half);
}

template <std::size_t (*order)(std::size_t, std::size_t)>
void reorder(Wiring& wiring) {
  wiring.stages.lane = order;
}

const Mutant mutants[] = {
    {"divisor_not_clamped", "tiny blocks are divided by the scale before its clamp", "Universal", "scale",
     in_floats, [](Wiring& w) { w.stages.divisor = unclamped_divisor; }},
    {"lowest_scale_as_one", "under scale code 0 elements are multiplied by 1 instead of 2^127",
     "vLLM, FlashInfer", "element", in_all,
     [](Wiring& w) { w.stages.divisor = multiplier_of_lowest_is_one; }},
    {"reciprocal_flushed", "2^-127, the reciprocal of scale code 0xfe, is flushed to zero",
     "TransformerEngine#2647", "element", in_all, [](Wiring& w) { w.stages.scaled = reciprocal_flushed; }},
    {"amax_misses_last", "amax over 31 elements", no_public_case, "block", in_all,
     [](Wiring& w) { w.stages.largest = largest_but_last; }},
    {"amax_misses_first", "amax starts at the second element", no_public_case, "block", in_all,
     [](Wiring& w) { w.stages.largest = largest_but_first; }},
    {"amax_signed", "the largest number instead of the largest magnitude", no_public_case, "block", in_all,
     [](Wiring& w) { w.stages.largest = largest_signed; }},
    {"nan_passes_max", "max() ignores NaN: the scale is that of the other elements",
     "TransformerEngine, Triton, vLLM", "special", in_all, [](Wiring& w) { w.poisoned_by_nan = false; }},
    {"infinity_left_out", "the scale is that of the finite elements, Inf saturates", "tt-metal", "special",
     in_all, [](Wiring& w) { w.poisoned_by_infinity = false; }},
    {"infinity_is_highest_scale", "an Inf gives scale 0xfe and flattens the block",
     "TransformerEngine, FlashInfer", "special", in_all,
     [](Wiring& w) {
       w.poisoned_by_infinity = false;
       w.stages.largest = largest_with_infinity;
     }},
    {"tail_reads_on", "the amax of a short block includes the element that follows it", no_public_case,
     "tail", in_all, [](Wiring& w) { w.tail_reads_on = true; }},
    {"tail_dropped", "the codes of a short block are never written", no_public_case, "tail", in_all,
     [](Wiring& w) { w.tail_is_dropped = true; }},
    {"lanes_swapped", "the first two elements change places", no_public_case, "block", in_all,
     reorder<first_two_swapped>},
    {"nibbles_swapped", "every pair of elements changes places", "pytorch/ao#2939, #3123", "block", in_all,
     reorder<pairs_swapped>},
    {"ggml_split_as_linear", "elements j and j + 16 taken for neighbours", "kekzl/imp#567, tensai#165",
     "block", in_all, reorder<split_read_as_linear>},
    {"halves_swapped", "the halves of a block change places", no_public_case, "block", in_all,
     reorder<halves_swapped>},
    {"reversed", "the elements of a block in reverse order", no_public_case, "block", in_all,
     reorder<reversed>},
    {"scale_of_neighbour", "the scale of the next block, 0xff after the last", "vllm#47323, triton#10772",
     "decode", in_all, [](Wiring& w) { w.scale_of_next_block = true; }},
};

}  // namespace

std::span<const Mutant> block_mutants() {
  return mutants;
}

}  // namespace mxemu::conformance::museum
