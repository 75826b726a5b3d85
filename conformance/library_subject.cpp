#include "conformance/library_subject.hpp"

#include <optional>

namespace mxemu::conformance {
namespace {

template <class T>
auto part(T& array, std::size_t index, std::size_t size) {
  return std::span(array).subspan(index * size, size);
}

/// The random words of one case, where there are any.
std::span<const std::uint32_t> words_of(const Cases& cases, std::size_t index) {
  const std::span<const std::uint32_t> words = cases.random_words;
  return words.empty() ? words : part(words, index, cases.elements);
}

/// Nothing where the specification has no word for it: a layout of the field.
std::optional<TensorStorage> storage_of(const Cases& cases) {
  const auto packing = spec::parse_word<spec::ElementPacking>(spec::name_of(cases.storage.layout.packing));
  const auto order = spec::parse_word<spec::ScaleLayout>(spec::name_of(cases.storage.layout.scales));
  if (!packing || !order) return std::nullopt;
  return TensorStorage{*packing, *order, scale_matrix(cases.storage, cases.request)};
}

/// A tensor takes too short a time to report in between.
void report(const fast::BlockGrid& grid, const Tick& tick) {
  if (tick && !tick(grid.element_count())) throw Interrupted{};
}

}  // namespace

Answers LibrarySubject::answer(const Cases& cases) {
  Answers answers = make_answers(cases);
  const fast::BlockGrid grid = {.outer = cases.count(),
                                .length = cases.elements,
                                .block_size = static_cast<std::size_t>(cases.request.block_size)};
  const fast::FloatArray source = {cases.type(), cases.numbers.bytes()};
  const fast::MutableFloatArray output = {cases.type(), answers.numbers.bytes()};
  switch (cases.operation) {
    case Operation::Encode:
      encode_elements(cases.request, source, answers.codes, 0, cases.random_words);
      break;
    case Operation::Decode: decode_elements(cases.request, cases.codes, output); break;
    case Operation::Scale: shared_scales(cases.request, grid, source, answers.scales); break;
    case Operation::EncodeScaled: encode_scaled(cases, answers); break;
    case Operation::Quantize:
      quantize_tensor(cases.request, grid, source, answers.codes, answers.scales, {}, cases.random_words);
      break;
    case Operation::Dequantize:
      dequantize_tensor(cases.request, grid, cases.codes, cases.scales, output, {});
      break;
    case Operation::QuantizeTensor:
    case Operation::DequantizeTensor:
    case Operation::Pack:
    case Operation::Unpack: answer_tensors(cases, answers); break;
  }
  return answers;
}

void LibrarySubject::answer_tensors(const Cases& cases, Answers& answers) {
  const std::optional<TensorStorage> storage = storage_of(cases);
  if (!storage || !has(cases.operation, *storage)) {
    answers.unsupported.assign(cases.count(), true);
    return;
  }
  const auto& [shape, axis] = cases.storage.geometry;
  const fast::BlockGrid grid = fast::make_block_grid(shape, axis, cases.request);
  const int bits = cases.request.element_format().bits;
  const auto width = static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
  const ArraySizes taken = cases.taken();
  const ArraySizes given = cases.given();
  for (std::size_t i = 0; i < cases.count(); ++i) {
    const fast::FloatArray source = {cases.type(), part(cases.numbers.bytes(), i, width * taken.numbers)};
    const fast::MutableFloatArray output = {cases.type(),
                                            part(answers.numbers.bytes(), i, width * given.numbers)};
    const Codes codes = part(cases.codes, i, taken.codes);
    const Codes scales = part(cases.scales, i, taken.scales);
    const MutableCodes got_codes = part(answers.codes, i, given.codes);
    const MutableCodes got_scales = part(answers.scales, i, given.scales);
    if (cases.operation == Operation::QuantizeTensor)
      quantize_tensor(cases.request, grid, source, got_codes, got_scales, *storage, words_of(cases, i));
    if (cases.operation == Operation::DequantizeTensor)
      dequantize_tensor(cases.request, grid, codes, scales, output, *storage);
    if (cases.operation == Operation::Pack) pack(*storage, bits, codes, scales, got_codes, got_scales);
    if (cases.operation == Operation::Unpack) unpack(*storage, bits, codes, scales, got_codes, got_scales);
  }
}

/// Case by case: a call has one scale. Under a NaN scale every code is zero.
void LibrarySubject::encode_scaled(const Cases& cases, Answers& answers) {
  const spec::ScaleFormat& format = cases.request.scale_format();
  const std::size_t bytes = cases.elements * static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
  for (std::size_t i = 0; i < cases.count(); ++i) {
    if (cases.scales[i] == format.nan_code) continue;
    encode_elements(cases.request, {cases.type(), part(cases.numbers.bytes(), i, bytes)},
                    part(answers.codes, i, cases.elements), cases.scales[i] - format.bias,
                    words_of(cases, i));
  }
}

void LibrarySubject::quantize(const spec::Request& request, const TensorGeometry& geometry,
                              spec::FloatType type, std::span<const std::byte> source,
                              std::span<std::uint8_t> codes, std::span<std::uint8_t> scales,
                              const Tick& tick) {
  const auto grid = fast::make_block_grid(geometry.shape, geometry.axis, request);
  quantize_tensor(request, grid, {type, source}, codes, scales, {}, {});
  report(grid, tick);
}

void LibrarySubject::dequantize(const spec::Request& request, const TensorGeometry& geometry,
                                std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                                spec::FloatType type, std::span<std::byte> output, const Tick& tick) {
  const auto grid = fast::make_block_grid(geometry.shape, geometry.axis, request);
  dequantize_tensor(request, grid, codes, scales, {type, output}, {});
  report(grid, tick);
}

}  // namespace mxemu::conformance
