// Blocks shorter than the block size, as a line ends with: padding with zeros changes no code.
#include "conformance/checks/codes.hpp"
#include "conformance/checks/fill.hpp"
#include "conformance/checks/numbers.hpp"

namespace mxemu::conformance {
namespace {

void add_random_case(Cases& cases, const Target& target, int scale, Random& random) {
  if (takes_codes(target.operation)) {
    std::vector<std::uint8_t> codes(cases.elements);
    for (std::uint8_t& code : codes)
      code =
          static_cast<std::uint8_t>(random.below(static_cast<std::uint64_t>(target.element().code_count())));
    return add_codes(cases, codes, scale);
  }
  const int top = scale - target.scale().bias + target.element().emax;
  const std::size_t lane = random.coin() ? cases.elements - 1 : 0;
  add_marked(cases, weighted_number(target.source(), top, 0, random), lane, scale,
             [&] { return weighted_number(target.source(), top - 1, 6, random); });
}

/// One batch per length; the largest number stands first or last.
Batches generate_tail(const Target& target, Random& random) {
  const std::size_t per_length = target.is_quick() ? 8 : 64;
  const std::vector<int> scales = useful_scales(target, 32, random);
  Batches batches;
  for (std::size_t elements = 1; elements < target.block_size(); ++elements) {
    Cases cases = empty_cases(target, elements);
    for (std::size_t i = 0; i < per_length; ++i)
      add_random_case(cases, target, scales[random.below(scales.size())], random);
    batches.push_back(std::move(cases));
  }
  return batches;
}

bool takes_tails(const Target& target) {
  return target.request.policy.tail != spec::Tail::Refuse && target.block_size() > 1;
}

const Check checks[] = {
    {"tail/short_block",
     "blocks of every length below the block size",
     always<Requirement::Must>,
     [](const spec::ElementFormat&) { return std::string("MX-6.2-a"); },
     {Operation::Scale, Operation::EncodeScaled, Operation::Quantize, Operation::Dequantize},
     takes_tails,
     generate_tail,
     [](const Target&) { return Bins{Bin::Tail}; }},
};

}  // namespace

std::span<const Check> tail_checks() {
  return checks;
}

}  // namespace mxemu::conformance
