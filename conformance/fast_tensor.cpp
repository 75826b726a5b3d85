#include "conformance/fast_tensor.hpp"

namespace mxemu::conformance {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <class T>
auto part(T& array, std::size_t index, std::size_t size) {
  return std::span(array).subspan(index * size, size);
}

/// A word of ours by the same word of the specification's.
template <class Enum, class Ours>
std::optional<Enum> same_word(Ours ours) {
  return spec::parse_word<Enum>(spec::name_of(ours));
}

}  // namespace

FastTensor::FastTensor(const Cases& cases)
    : cases_(cases),
      packing_(same_word<spec::ElementPacking>(cases.storage.layout.packing)),
      order_(same_word<spec::ScaleLayout>(cases.storage.layout.scales)),
      grid_(fast::make_block_grid(cases.storage.geometry.shape, cases.storage.geometry.axis, cases.request)),
      matrix_(scale_matrix(cases.storage, cases.request)),
      bits_(cases.request.element_format().bits),
      taken_(cases.taken()),
      given_(cases.given()) {}

void FastTensor::answer(std::size_t index, Answers& answers) const {
  if (!is_supported()) return;
  if (cases_.operation == Operation::QuantizeTensor) quantize(index, answers);
  if (cases_.operation == Operation::DequantizeTensor) dequantize(index, answers);
  if (cases_.operation == Operation::Pack) pack(index, answers);
  if (cases_.operation == Operation::Unpack) unpack(index, answers);
}

void FastTensor::put_scales(std::size_t index, std::span<const std::uint8_t> scales, Answers& answers) const {
  fast::arrange_scales(*order_, matrix_.rows, matrix_.columns, scales,
                       part(answers.scales, index, given_.scales));
}

Bytes FastTensor::stored_scales(std::size_t index) const {
  Bytes scales(grid_.block_count());
  fast::restore_scales(*order_, matrix_.rows, matrix_.columns, part(cases_.scales, index, taken_.scales),
                       scales);
  return scales;
}

void FastTensor::quantize(std::size_t index, Answers& answers) const {
  const auto width = static_cast<std::size_t>(spec::format_of(cases_.type()).bytes());
  const fast::FloatArray source = {cases_.type(),
                                   part(cases_.numbers.bytes(), index, width * taken_.numbers)};
  std::span<const std::uint32_t> words = cases_.random_words;
  if (!words.empty()) words = words.subspan(index * cases_.elements, cases_.elements);
  Bytes scales(grid_.block_count());
  const auto stored = part(answers.codes, index, given_.codes);
  if (is_ggml()) {
    Bytes codes(cases_.elements);
    fast::quantize_tensor(cases_.request, grid_, source, codes, scales, spec::ElementPacking::Bytes, words);
    return fast::pack_ggml_blocks(codes, scales, stored);
  }
  fast::quantize_tensor(cases_.request, grid_, source, stored, scales, *packing_, words);
  put_scales(index, scales, answers);
}

void FastTensor::dequantize(std::size_t index, Answers& answers) const {
  const auto width = static_cast<std::size_t>(spec::format_of(cases_.type()).bytes());
  const fast::MutableFloatArray output = {cases_.type(),
                                          part(answers.numbers.bytes(), index, width * given_.numbers)};
  const auto stored = part(cases_.codes, index, taken_.codes);
  if (is_ggml()) {
    Bytes codes(cases_.elements), scales(grid_.block_count());
    fast::unpack_ggml_blocks(stored, codes, scales);
    return fast::dequantize_tensor(cases_.request, grid_, codes, scales, output);
  }
  fast::dequantize_tensor(cases_.request, grid_, stored, stored_scales(index), output, *packing_);
}

void FastTensor::pack(std::size_t index, Answers& answers) const {
  const auto codes = part(cases_.codes, index, taken_.codes);
  const auto scales = part(cases_.scales, index, taken_.scales);
  const auto stored = part(answers.codes, index, given_.codes);
  if (is_ggml()) return fast::pack_ggml_blocks(codes, scales, stored);
  fast::pack_codes(*packing_, bits_, codes, stored);
  put_scales(index, scales, answers);
}

void FastTensor::unpack(std::size_t index, Answers& answers) const {
  const auto stored = part(cases_.codes, index, taken_.codes);
  const auto codes = part(answers.codes, index, given_.codes);
  const auto scales = part(answers.scales, index, given_.scales);
  if (is_ggml()) return fast::unpack_ggml_blocks(stored, codes, scales);
  fast::unpack_codes(*packing_, bits_, stored, codes);
  fast::restore_scales(*order_, matrix_.rows, matrix_.columns, part(cases_.scales, index, taken_.scales),
                       scales);
}

}  // namespace mxemu::conformance
