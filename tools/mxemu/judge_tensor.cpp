#include "tools/mxemu/judge_tensor.hpp"

#include <algorithm>
#include <optional>

#include "conformance/failure.hpp"
#include "conformance/signatures.hpp"
#include "reference/tensor.hpp"
#include "tools/mxemu/convert.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {
namespace {

using conformance::Answers;
using conformance::Cases;

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
void append_block(const reference::FloatArray& source, const MxData& got, const BlockPlace& place,
                  std::size_t block, Cases& cases, Answers& answers) {
  for (std::size_t i = 0; i < place.count; ++i) {
    const std::size_t element = place.first + i * place.stride;
    cases.numbers.push_back(source.bits_at(element));
    answers.codes.push_back(got.codes[element]);
  }
  answers.scales.push_back(got.scales[block]);
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
  Judgement(const MxTensor& tensor, std::span<const std::byte> source, const MxData& got)
      : tensor_(tensor),
        source_{tensor.source_type, source},
        got_(got),
        grid_(reference::make_block_grid(tensor.geometry.shape, tensor.geometry.axis, tensor.request)) {
    verdict_ = {.name = tensor.name, .profile = tensor.profile, .request = tensor.request};
    verdict_.elements = grid_.element_count();
    verdict_.blocks = verdict_.elements == 0 ? 0 : grid_.block_count();
    cases_ = {.operation = conformance::Operation::Quantize,
              .request = tensor.request,
              .numbers = conformance::Numbers(tensor.source_type)};
  }

  TensorVerdict verdict() {
    const auto golden = conformance::make_subject(default_subject);
    const MxData expected = quantize_tensor(*golden, tensor_, source_.bytes, {});
    for (std::size_t block = 0; block < verdict_.blocks; ++block) compare_block(expected, block);
    if (first_block_) explain();
    return verdict_;
  }

 private:
  void compare_block(const MxData& expected, std::size_t block) {
    const BlockPlace place = place_of(grid_, block);
    const bool scale_differs = expected.scales[block] != got_.scales[block];
    std::size_t codes = 0;
    // Under another scale other codes are right; under a NaN scale they mean nothing (MX-4-b).
    const bool compares_codes =
        !scale_differs && expected.scales[block] != tensor_.request.scale_format().nan_code;
    for (std::size_t i = 0; compares_codes && i < place.count; ++i) {
      const std::size_t element = place.first + i * place.stride;
      codes += !is_same_code(tensor_.request.element_format(), expected.codes[element], got_.codes[element]);
    }
    verdict_.differing_scales += scale_differs;
    verdict_.differing_codes += codes;
    if (!scale_differs && codes == 0) return;
    if (!first_block_) {
      first_block_ = block;
      cases_.elements = place.count;
    }
    if (place.count == cases_.elements && blocks_ < most_blocks) {
      append_block(source_, got_, place, block, cases_, answers_);
      ++blocks_;
    }
  }

  void explain() {
    const conformance::Batches batches = {cases_};
    const std::vector<Answers> expected = {conformance::make_reference_subject()->answer(cases_)};
    const std::vector<Answers> got = {answers_};
    const conformance::Comparison differences =
        conformance::compare(batches, expected, got, {.any_nan_code = true, .any_code_under_nan = true});
    const conformance::Mismatch& first = differences.mismatches.front();
    verdict_.lines = conformance::explain_failure(cases_, expected[0], answers_, first, 0).lines;
    const BlockPlace place = place_of(grid_, *first_block_);
    for (auto& line : verdict_.lines)
      if (line.label == "where")
        line.text = "tensor index " + std::to_string(place.first + first.element * place.stride) +
                    " = block " + std::to_string(*first_block_) + ", element " +
                    std::to_string(first.element);
    verdict_.suspect = conformance::find_suspect(
        {tensor_.request, cases_.operation, tensor_.source_type, conformance::Level::Quick},
        {batches, expected, got}, differences, {});
  }

  const MxTensor& tensor_;
  reference::FloatArray source_;
  const MxData& got_;
  reference::BlockGrid grid_;
  TensorVerdict verdict_;
  Cases cases_;
  Answers answers_;
  std::size_t blocks_ = 0;
  std::optional<std::size_t> first_block_;
};

}  // namespace

TensorVerdict judge_tensor(const MxTensor& tensor, std::span<const std::byte> source, const MxData& got) {
  return Judgement(tensor, source, got).verdict();
}

TensorVerdict judge_by_every_profile(const MxTensor& tensor, std::span<const std::byte> source,
                                     const MxData& got) {
  std::optional<TensorVerdict> best;
  for (const spec::Profile& profile : spec::profiles) {
    if (!profile.chooses_scales || !profile.formats.has(tensor.request.format)) continue;
    MxTensor tried = tensor;
    tried.profile = profile.name;
    tried.request = spec::make_request(tensor.request.format, profile);
    tried.request.block_size = tensor.request.block_size;
    tried.request.policy.tail = tensor.request.policy.tail;  // a tail that was dumped was not refused
    TensorVerdict verdict = judge_tensor(tried, source, got);
    const auto weight = [](const TensorVerdict& one) { return one.differing_scales + one.differing_codes; };
    if (best && weight(verdict) == weight(*best))
      best->profile += " or " + verdict.profile;
    else if (!best || weight(verdict) < weight(*best))
      best = std::move(verdict);
  }
  return *best;
}

}  // namespace mxemu::cli
