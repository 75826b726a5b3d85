// The fast library as a subject, in the tier that MXEMU_ISA or the machine chooses.
#include "conformance/fast_tensor.hpp"
#include "conformance/subject.hpp"
#include "fast/mxemu.hpp"

namespace mxemu::conformance {
namespace {

class FastSubject final : public Subject {
 public:
  std::string name() const override { return "fast"; }

  std::vector<Capability> capabilities() const override {
    std::vector<Capability> all = every_capability();
    for (const Capability& capability : every_tensor_capability()) all.push_back(capability);
    return all;
  }

  std::vector<DeclaredLayout> layouts() const override { return specified_layouts(); }

  Answers answer(const Cases& cases) override {
    Answers answers = make_answers(cases);
    if (is_tensor(cases.operation)) {
      answer_tensors(cases, answers);
      return answers;
    }
    const fast::BlockGrid grid = {.outer = cases.count(),
                                  .length = cases.elements,
                                  .block_size = static_cast<std::size_t>(cases.request.block_size)};
    const fast::FloatArray source = {cases.type(), cases.numbers.bytes()};
    const fast::MutableFloatArray output = {cases.type(), answers.numbers.bytes()};
    switch (cases.operation) {
      case Operation::Encode:
        fast::encode_elements(cases.request, source, answers.codes, 0, cases.random_words);
        break;
      case Operation::Decode: fast::decode_elements(cases.request, cases.codes, output); break;
      case Operation::Scale: fast::shared_scales(cases.request, grid, source, answers.scales); break;
      case Operation::EncodeScaled: encode_scaled(cases, answers); break;
      case Operation::Quantize:
        fast::quantize_tensor(cases.request, grid, source, answers.codes, answers.scales,
                              spec::ElementPacking::Bytes, cases.random_words);
        break;
      case Operation::Dequantize:
        fast::dequantize_tensor(cases.request, grid, cases.codes, cases.scales, output);
        break;
      case Operation::QuantizeTensor:
      case Operation::DequantizeTensor:
      case Operation::Pack:
      case Operation::Unpack: break;  // answered above
    }
    return answers;
  }

  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override {
    const auto grid = fast::make_block_grid(geometry.shape, geometry.axis, request);
    fast::quantize_tensor(request, grid, {type, source}, codes, scales);
    report(grid, tick);
  }

  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override {
    const auto grid = fast::make_block_grid(geometry.shape, geometry.axis, request);
    fast::dequantize_tensor(request, grid, codes, scales, {type, output});
    report(grid, tick);
  }

 private:
  static void answer_tensors(const Cases& cases, Answers& answers) {
    const FastTensor tensor(cases);
    for (std::size_t i = 0; i < cases.count(); ++i) tensor.answer(i, answers);
    if (!tensor.is_supported()) answers.unsupported.assign(cases.count(), true);
  }

  /// Case by case: a call has one scale. Under a NaN scale every code is zero.
  static void encode_scaled(const Cases& cases, Answers& answers) {
    const spec::ScaleFormat& format = cases.request.scale_format();
    const std::span<const std::byte> source = cases.numbers.bytes();
    const std::size_t bytes =
        cases.elements * static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
    for (std::size_t i = 0; i < cases.count(); ++i) {
      if (cases.scales[i] == format.nan_code) continue;
      const std::span<const std::uint32_t> words = cases.random_words;
      fast::encode_elements(cases.request, {cases.type(), source.subspan(i * bytes, bytes)},
                            std::span(answers.codes).subspan(i * cases.elements, cases.elements),
                            cases.scales[i] - format.bias,
                            words.empty() ? words : words.subspan(i * cases.elements, cases.elements));
    }
  }

  /// A tensor takes too short a time to report in between.
  static void report(const fast::BlockGrid& grid, const Tick& tick) {
    if (tick && !tick(grid.element_count())) throw Interrupted{};
  }
};

}  // namespace

std::unique_ptr<Subject> make_fast_subject() {
  fast::choose_isa();  // a tier that is asked for and absent is an error now, not in the middle of the work
  return std::make_unique<FastSubject>();
}

}  // namespace mxemu::conformance
