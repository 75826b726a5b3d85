// The reference as a subject: the golden model itself, its blocks shared among all cores.
#include <algorithm>

#include "conformance/chunks.hpp"
#include "conformance/dot/dot_emulation.hpp"
#include "conformance/subject.hpp"
#include "reference/block.hpp"
#include "reference/element.hpp"
#include "reference/scale.hpp"
#include "reference/tensor.hpp"

namespace mxemu::conformance {
namespace {

/// The values of case `index`.
std::vector<reference::Value> values_of(const Cases& cases, std::size_t index) {
  std::vector<reference::Value> values(cases.elements);
  for (std::size_t i = 0; i < cases.elements; ++i)
    values[i] =
        reference::decode_float(spec::format_of(cases.type()), cases.numbers.at(index * cases.elements + i));
  return values;
}

/// MX 5.3, OFP8: numbers by themselves, in no block that a NaN or an Inf could spoil.
spec::Policy element_policy(const spec::Request& request) {
  spec::Policy policy = request.policy;
  policy.nan_in_block = spec::NonFiniteInBlock::ElementOnly;
  policy.inf_in_block = spec::NonFiniteInBlock::ElementOnly;
  return policy;
}

/// Subnormal numbers of the source count as zero where the policy says so.
reference::Value flushed(const Cases& cases, const reference::Value& value) {
  reference::Value result = value;
  if (cases.request.policy.subnormal_input == spec::SubnormalInput::FlushToZero &&
      reference::is_subnormal(spec::format_of(cases.type()), value))
    result.magnitude = {};
  return result;
}

/// Codes of case `index` under a scale that is given. Under a NaN scale every code is zero.
void encode_case(const Cases& cases, std::size_t index, std::uint8_t scale_code, Answers& answers) {
  const spec::Request& request = cases.request;
  const reference::Value scale = reference::decode_scale(request.scale_format(), scale_code);
  if (scale.is_nan()) return;
  const std::vector<reference::Value> values = values_of(cases, index);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t element = index * cases.elements + i;
    answers.codes[element] = reference::encode_element(
        request.element_format(), flushed(cases, values[i]), scale.magnitude, request.rounding,
        element_policy(request), cases.random_words.empty() ? 0 : cases.random_words[element]);
  }
}

void quantize_case(const Cases& cases, std::size_t index, Answers& answers) {
  std::vector<reference::Value> values = values_of(cases, index);
  for (auto& value : values) value = flushed(cases, value);
  std::span<const std::uint32_t> words = cases.random_words;
  if (!words.empty()) words = words.subspan(index * cases.elements, cases.elements);
  // A scale alone asks for no random words.
  spec::Request request = cases.request;
  if (cases.operation == Operation::Scale) request.rounding = {};
  const reference::Block block = reference::quantize_block(request, values, words);
  answers.scales[index] = block.scale;
  if (cases.operation == Operation::Quantize)
    std::copy(block.codes.begin(), block.codes.end(),
              answers.codes.begin() + static_cast<std::ptrdiff_t>(index * cases.elements));
}

/// Values of case `index`; decoding is under the scale 1.
void decode_case(const Cases& cases, std::size_t index, Answers& answers) {
  const spec::Request& request = cases.request;
  const auto one = static_cast<std::uint8_t>(request.scale_format().bias);
  const std::uint8_t scale = cases.operation == Operation::Decode ? one : cases.scales[index];
  for (std::size_t i = 0; i < cases.elements; ++i) {
    const std::size_t element = index * cases.elements + i;
    answers.numbers.set(element, reference::dequantize_element(request, scale, cases.codes[element],
                                                               spec::format_of(cases.type())));
  }
}

/// The bytes of a case's codes and scales, from element `index` * how many one case has of them.
template <class Array>
std::span<const std::uint8_t> bytes_of(const Array& bytes, std::size_t index, std::size_t size) {
  return std::span<const std::uint8_t>(bytes).subspan(index * size, size);
}

void put(const TensorBytes& tensor, const Cases& cases, std::size_t index, Answers& answers) {
  const ArraySizes given = cases.given();
  const auto place = [&](std::size_t size) { return static_cast<std::ptrdiff_t>(index * size); };
  std::copy(tensor.codes.begin(), tensor.codes.end(), answers.codes.begin() + place(given.codes));
  std::copy(tensor.scales.begin(), tensor.scales.end(), answers.scales.begin() + place(given.scales));
}

/// MX 5.1: a whole tensor, its layout a declared fact.
void quantize_tensor_case(const Cases& cases, std::size_t index, Answers& answers) {
  const TensorGeometry& geometry = cases.storage.geometry;
  const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, cases.request);
  const std::size_t bytes = cases.elements * static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
  const std::span<const std::byte> numbers = std::span(cases.numbers.bytes()).subspan(index * bytes, bytes);
  std::span<const std::uint32_t> words = cases.random_words;
  if (!words.empty()) words = words.subspan(index * cases.elements, cases.elements);
  TensorBytes tensor = {std::vector<std::uint8_t>(grid.element_count()),
                        std::vector<std::uint8_t>(grid.block_count())};
  reference::quantize_blocks(cases.request, grid, {cases.type(), numbers}, 0, grid.block_count(),
                             tensor.codes, tensor.scales, words);
  put(store(cases.storage, cases.request, tensor.codes, tensor.scales), cases, index, answers);
}

void dequantize_tensor_case(const Cases& cases, std::size_t index, Answers& answers) {
  const TensorGeometry& geometry = cases.storage.geometry;
  const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, cases.request);
  const ArraySizes taken = cases.taken();
  const TensorBytes tensor = read(cases.storage, cases.request, bytes_of(cases.codes, index, taken.codes),
                                  bytes_of(cases.scales, index, taken.scales));
  const std::size_t bytes = cases.elements * static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
  reference::dequantize_blocks(cases.request, grid, 0, grid.block_count(), tensor.codes, tensor.scales,
                               cases.type(),
                               std::span(answers.numbers.bytes()).subspan(index * bytes, bytes));
}

void move_case(const Cases& cases, std::size_t index, Answers& answers) {
  const ArraySizes taken = cases.taken();
  const auto move = cases.operation == Operation::Pack ? store : read;
  put(move(cases.storage, cases.request, bytes_of(cases.codes, index, taken.codes),
           bytes_of(cases.scales, index, taken.scales)),
      cases, index, answers);
}

void answer_case(const Cases& cases, std::size_t index, Answers& answers) {
  switch (cases.operation) {
    case Operation::Encode:
      return encode_case(cases, index, static_cast<std::uint8_t>(cases.request.scale_format().bias), answers);
    case Operation::EncodeScaled: return encode_case(cases, index, cases.scales[index], answers);
    case Operation::Scale:
    case Operation::Quantize: return quantize_case(cases, index, answers);
    case Operation::Decode:
    case Operation::Dequantize: return decode_case(cases, index, answers);
    case Operation::QuantizeTensor: return quantize_tensor_case(cases, index, answers);
    case Operation::DequantizeTensor: return dequantize_tensor_case(cases, index, answers);
    case Operation::Pack:
    case Operation::Unpack: return move_case(cases, index, answers);
  }
}

class ReferenceSubject final : public Subject {
 public:
  std::string name() const override { return "reference"; }

  std::vector<Capability> capabilities() const override {
    std::vector<Capability> all = every_capability();
    for (const Capability& capability : every_tensor_capability()) all.push_back(capability);
    return all;
  }

  std::vector<DeclaredLayout> layouts() const override { return specified_layouts(); }
  std::vector<DotCapability> dot_capabilities() const override { return reference_dot_capabilities(); }
  DotAnswers answer_dot(const DotCases& cases) override { return reference_dot_answers(cases); }

  Answers answer(const Cases& cases) override {
    Answers answers = make_answers(cases);
    for_each_chunk(cases.count(), cases.elements, {}, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) answer_case(cases, i, answers);
    });
    return answers;
  }

  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override {
    const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, request);
    for_each_chunk(grid.block_count(), grid.block_size, tick, [&](std::size_t first, std::size_t last) {
      reference::quantize_blocks(request, grid, {type, source}, first, last, codes, scales);
    });
  }

  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override {
    const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, request);
    for_each_chunk(grid.block_count(), grid.block_size, tick, [&](std::size_t first, std::size_t last) {
      reference::dequantize_blocks(request, grid, first, last, codes, scales, type, output);
    });
  }
};

}  // namespace

std::unique_ptr<Subject> make_reference_subject() {
  return std::make_unique<ReferenceSubject>();
}

}  // namespace mxemu::conformance
