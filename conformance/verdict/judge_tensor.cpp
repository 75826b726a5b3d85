#include "conformance/verdict/judge_tensor.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "conformance/failure.hpp"
#include "conformance/signatures.hpp"
#include "reference/random.hpp"
#include "reference/tensor.hpp"

namespace mxemu::conformance {
namespace {

/// Differing blocks that are looked at for what they have in common.
constexpr std::size_t most_blocks = 4096;

/// Where the elements of a block stand.
struct BlockPlace {
  std::size_t first;
  std::size_t stride;
  std::size_t count;
};

BlockPlace place_of(const reference::BlockGrid& grid, std::size_t block) {
  const std::size_t inner = block % grid.inner;
  const std::size_t along = block / grid.inner % grid.blocks_per_line();
  const std::size_t outer = block / grid.inner / grid.blocks_per_line();
  const std::size_t start = along * grid.block_size;
  return {(outer * grid.length + start) * grid.inner + inner, grid.inner,
          std::min(grid.block_size, grid.length - start)};
}

/// A block that differs, as a case of its own.
void append_block(const JudgedTensor& tensor, const BlockPlace& place, std::size_t block, Cases& cases,
                  Answers& answers) {
  const reference::FloatArray source = {tensor.type, tensor.source};
  const spec::Rounding& rounding = tensor.request.rounding;
  for (std::size_t i = 0; i < place.count; ++i) {
    const std::size_t element = place.first + i * place.stride;
    cases.numbers.push_back(source.bits_at(element));
    if (rounding.mode == spec::RoundingMode::Stochastic)
      cases.random_words.push_back(reference::random_word(rounding.seed, element));
    answers.codes.push_back(tensor.codes[element]);
  }
  answers.scales.push_back(tensor.scales[block]);
}

/// OFP8: any NaN code is a NaN.
bool is_same_code(const spec::ElementFormat& format, std::uint8_t a, std::uint8_t b) {
  const auto is_nan = [&](std::uint8_t code) {
    const int magnitude = code & format.magnitude_mask;
    return format.has_nan() && magnitude > format.max_normal_code &&
           (!format.has_infinity() || magnitude != format.infinity_code);
  };
  return a == b || (is_nan(a) && is_nan(b));
}

/// Counts what differs; keeps the differing blocks as long as the first of them.
class Judgement {
 public:
  explicit Judgement(const JudgedTensor& tensor)
      : tensor_(tensor),
        grid_(reference::make_block_grid(tensor.geometry.shape, tensor.geometry.axis, tensor.request)) {
    verdict_ = {.name = tensor.name, .profile = tensor.profile, .request = tensor.request};
    verdict_.elements = grid_.element_count();
    verdict_.blocks = verdict_.elements == 0 ? 0 : grid_.block_count();
    cases_ = {.operation = Operation::Quantize, .request = tensor.request, .numbers = Numbers(tensor.type)};
  }

  TensorVerdict verdict() {
    Answers expected;
    expected.codes.resize(verdict_.elements);
    expected.scales.resize(verdict_.blocks);
    require_size("codes", tensor_.codes.size(), verdict_.elements);
    require_size("scales", tensor_.scales.size(), verdict_.blocks);
    make_fast_subject()->quantize(tensor_.request, tensor_.geometry, tensor_.type, tensor_.source,
                                  expected.codes, expected.scales);
    for (std::size_t block = 0; block < verdict_.blocks; ++block) compare_block(expected, block);
    if (first_block_) explain();
    return verdict_;
  }

 private:
  void require_size(const char* what, std::size_t got, std::size_t wanted) const {
    if (got != wanted)
      throw std::invalid_argument(tensor_.name + ": " + std::to_string(got) + " " + what + " where " +
                                  std::to_string(wanted) + " are needed");
  }

  void compare_block(const Answers& expected, std::size_t block) {
    const BlockPlace place = place_of(grid_, block);
    const bool scale_differs = expected.scales[block] != tensor_.scales[block];
    std::size_t codes = 0;
    // Under another scale other codes are right; under a NaN scale they mean nothing (MX-4-b).
    const bool compares_codes =
        !scale_differs && expected.scales[block] != tensor_.request.scale_format().nan_code;
    for (std::size_t i = 0; compares_codes && i < place.count; ++i) {
      const std::size_t element = place.first + i * place.stride;
      codes +=
          !is_same_code(tensor_.request.element_format(), expected.codes[element], tensor_.codes[element]);
    }
    verdict_.differing_scales += scale_differs;
    verdict_.differing_codes += codes;
    if (!scale_differs && codes == 0) return;
    if (!first_block_) {
      first_block_ = block;
      cases_.elements = place.count;
    }
    if (place.count == cases_.elements && blocks_ < most_blocks) {
      append_block(tensor_, place, block, cases_, answers_);
      ++blocks_;
    }
  }

  void explain() {
    const Batches batches = {cases_};
    const std::vector<Answers> expected = {make_reference_subject()->answer(cases_)};
    const std::vector<Answers> got = {answers_};
    const Comparison differences =
        compare(batches, expected, got, {.any_nan_code = true, .any_code_under_nan = true});
    const Mismatch& first = differences.mismatches.front();
    verdict_.lines = explain_failure(cases_, expected[0], answers_, first, 0).lines;
    const BlockPlace place = place_of(grid_, *first_block_);
    for (auto& line : verdict_.lines)
      if (line.label == "where")
        line.text = "tensor index " + std::to_string(place.first + first.element * place.stride) +
                    " = block " + std::to_string(*first_block_) + ", element " +
                    std::to_string(first.element);
    verdict_.suspect = find_suspect({tensor_.request, cases_.operation, tensor_.type, Level::Quick},
                                    {batches, expected, got}, differences, {});
  }

  const JudgedTensor& tensor_;
  reference::BlockGrid grid_;
  TensorVerdict verdict_;
  Cases cases_;
  Answers answers_;
  std::size_t blocks_ = 0;
  std::optional<std::size_t> first_block_;
};

}  // namespace

TensorVerdict judge_tensor(const JudgedTensor& tensor) {
  return Judgement(tensor).verdict();
}

TensorVerdict judge_by_every_profile(const JudgedTensor& tensor) {
  std::optional<TensorVerdict> best;
  for (const spec::Profile& profile : spec::profiles) {
    if (!profile.chooses_scales || !profile.formats.has(tensor.request.format)) continue;
    JudgedTensor tried = tensor;
    tried.profile = profile.name;
    tried.request = spec::make_request(tensor.request.format, profile);
    tried.request.block_size = tensor.request.block_size;
    tried.request.policy.tail = tensor.request.policy.tail;  // a tail that was dumped was not refused
    TensorVerdict verdict = judge_tensor(tried);
    const auto weight = [](const TensorVerdict& one) { return one.differing_scales + one.differing_codes; };
    if (best && weight(verdict) == weight(*best))
      best->profile += " or " + verdict.profile;
    else if (!best || weight(verdict) < weight(*best))
      best = std::move(verdict);
  }
  return *best;
}

}  // namespace mxemu::conformance
