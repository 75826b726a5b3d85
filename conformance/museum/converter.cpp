#include "conformance/museum/converter.hpp"

#include <algorithm>
#include <utility>

namespace mxemu::conformance::museum {
namespace {

struct Scaled {
  int code;
  int unclamped;
};

Scaled choose_scale(const Wiring& wiring, std::span<const Number> numbers) {
  for (const Number& number : numbers) {
    const bool poisons = (number.kind == Number::Kind::Nan && wiring.poisoned_by_nan) ||
                         (number.kind == Number::Kind::Infinite && wiring.poisoned_by_infinity);
    if (poisons) return {wiring[Constant::NanScale], wiring[Constant::NanScale]};
  }
  const Number amax = wiring.stages.largest(wiring, numbers);
  if (!wiring.less(Comparison::HoldsNonZero, 0, magnitude_key(amax)))
    return {wiring[Constant::ZeroBlockScale], wiring[Constant::ZeroBlockScale]};
  const int code = wiring.stages.rule(wiring, amax) + wiring[Constant::ScaleBias];
  return {wiring.stages.clamp(wiring, code), code};
}

/// A NaN that an overflow becomes has no sign.
std::uint8_t with_sign(const Wiring& wiring, bool negative, int magnitude) {
  const bool nan = !wiring.saturates && magnitude > wiring[Constant::InfinityCode];
  return wiring.stages.sign(wiring, negative && !nan, magnitude, false);
}

std::uint8_t encode(const Wiring& wiring, const Number& taken, const Scaled& scale) {
  const Stages& stages = wiring.stages;
  if (taken.kind == Number::Kind::Nan) return static_cast<std::uint8_t>(stages.special(wiring, taken));
  if (taken.kind == Number::Kind::Infinite)
    return with_sign(wiring, taken.negative, stages.special(wiring, taken));
  if (taken.kind == Number::Kind::Zero) return stages.sign(wiring, taken.negative, 0, true);
  Number number = taken;
  number.exponent -= stages.divisor(wiring, scale.code, scale.unclamped);
  number = stages.scaled(wiring, number, scale.code);
  int magnitude = 0;
  if (number.kind == Number::Kind::Finite)
    magnitude = static_cast<int>(rounded_magnitude(wiring, number, wiring[Constant::MantissaBits],
                                                   wiring[Constant::Emin], Comparison::IsElementSubnormal,
                                                   Shift::ElementField, stages.rounds_up));
  return with_sign(wiring, number.negative, stages.limit(wiring, magnitude, number));
}

std::uint64_t decode(const Wiring& wiring, spec::FloatType type, const Number& scale, std::uint8_t code) {
  Number number = wiring.stages.read_code(wiring, code);
  if (scale.kind == Number::Kind::Nan) number.kind = Number::Kind::Nan;
  // As floats multiply: 0 * Inf is NaN, 0 * finite is 0.
  if (scale.kind == Number::Kind::Infinite && number.kind != Number::Kind::Nan)
    number.kind = number.kind == Number::Kind::Zero ? Number::Kind::Nan : Number::Kind::Infinite;
  if (scale.kind == Number::Kind::Zero && number.kind != Number::Kind::Nan)
    number.kind = number.kind == Number::Kind::Infinite ? Number::Kind::Nan : Number::Kind::Zero;
  number.exponent += scale.exponent;
  return wiring.stages.write(wiring, type, number);
}

class Converter final : public Subject {
 public:
  Converter(std::string name, std::vector<Wiring> wirings, std::vector<spec::FloatType> types)
      : name_(std::move(name)), wirings_(std::move(wirings)), types_(std::move(types)) {}

  std::string name() const override { return name_; }

  std::vector<Capability> capabilities() const override {
    std::vector<Capability> all;
    for (const Wiring& wiring : wirings_)
      for (const auto& word : spec::words<Operation>)
        for (const spec::FloatType type : types_) all.push_back({word.value, wiring.format, type});
    return all;
  }

  std::vector<DeclaredLayout> layouts() const override {
    std::vector<DeclaredLayout> all;
    for (const Wiring& wiring : wirings_)
      for (const Layout& layout : memory_layouts(spec::format_of(wiring.format).element_format()))
        all.push_back({wiring.format, layout});
    return all;
  }

  Answers answer(const Cases& cases) override {
    Wiring wiring = wiring_of(cases.request);
    wiring.saturates = cases.request.policy.overflow == spec::Overflow::Saturate;
    Answers answers = make_answers(cases);
    if (is_tensor(cases.operation)) {
      for (std::size_t i = 0; i < cases.count(); ++i) answer_tensor(wiring, cases, i, answers);
      return answers;
    }
    for (std::size_t i = 0; i < cases.count(); ++i)
      takes_numbers(cases.operation) ? encode_case(wiring, cases, i, answers)
                                     : decode_case(wiring, cases, i, answers);
    return answers;
  }

  void quantize(const spec::Request&, const TensorGeometry&, spec::FloatType, std::span<const std::byte>,
                std::span<std::uint8_t>, std::span<std::uint8_t>, const Tick&) override {
    throw DeviceError(name_ + " converts blocks, not tensors");
  }
  void dequantize(const spec::Request&, const TensorGeometry&, std::span<const std::uint8_t>,
                  std::span<const std::uint8_t>, spec::FloatType, std::span<std::byte>,
                  const Tick&) override {
    throw DeviceError(name_ + " converts blocks, not tensors");
  }

 private:
  const Wiring& wiring_of(const spec::Request& request) const {
    const auto found = std::find_if(wirings_.begin(), wirings_.end(),
                                    [&](const Wiring& wiring) { return wiring.format == request.format; });
    if (found == wirings_.end()) throw DeviceError(name_ + " has no format " + request.block_format().name);
    return *found;
  }

  /// One block of a tensor as a case of its own.
  static Cases block_case(const Cases& cases, Operation operation, std::size_t elements) {
    return {.operation = operation,
            .request = cases.request,
            .elements = elements,
            .numbers = Numbers(cases.type())};
  }

  static Tensor quantized(const Wiring& wiring, const Cases& cases, std::size_t index) {
    Tensor tensor = {std::vector<std::uint8_t>(cases.elements), {}};
    for (const BlockElements& block :
         wiring.memory.blocks(cases.storage.geometry, static_cast<std::size_t>(cases.request.block_size))) {
      std::uint8_t& scale = tensor.scales.emplace_back();
      if (block.empty()) continue;
      Cases one = block_case(cases, Operation::Quantize, block.size());
      for (const std::size_t i : block) one.numbers.push_back(cases.numbers.at(index * cases.elements + i));
      Answers answers = make_answers(one);
      encode_case(wiring, one, 0, answers);
      scale = answers.scales[0];
      for (std::size_t i = 0; i < block.size(); ++i) tensor.codes[block[i]] = answers.codes[i];
    }
    return tensor;
  }

  static void dequantize_tensor(const Wiring& wiring, const Cases& cases, std::size_t index,
                                Answers& answers) {
    const auto blocks =
        wiring.memory.blocks(cases.storage.geometry, static_cast<std::size_t>(cases.request.block_size));
    const Tensor tensor = read_memory(wiring.memory, cases, blocks.size(), index);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      if (blocks[b].empty()) continue;
      Cases one = block_case(cases, Operation::Dequantize, blocks[b].size());
      one.scales = {tensor.scales[b]};
      for (const std::size_t i : blocks[b]) one.codes.push_back(tensor.codes[i]);
      Answers numbers = make_answers(one);
      decode_case(wiring, one, 0, numbers);
      for (std::size_t i = 0; i < blocks[b].size(); ++i)
        answers.numbers.set(index * cases.elements + blocks[b][i], numbers.numbers.at(i));
    }
  }

  static void answer_tensor(const Wiring& wiring, const Cases& cases, std::size_t index, Answers& answers) {
    const auto part = [&](const std::vector<std::uint8_t>& all, std::size_t size) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(index * size);
      return std::vector<std::uint8_t>(begin, begin + static_cast<std::ptrdiff_t>(size));
    };
    const ArraySizes taken = cases.taken();
    if (cases.operation == Operation::DequantizeTensor)
      return dequantize_tensor(wiring, cases, index, answers);
    if (cases.operation == Operation::Unpack) {
      const ArraySizes given = cases.given();
      const Tensor tensor = read_memory(wiring.memory, cases, given.scales, index);
      std::copy(tensor.codes.begin(), tensor.codes.end(),
                answers.codes.begin() + static_cast<std::ptrdiff_t>(index * given.codes));
      std::copy(tensor.scales.begin(), tensor.scales.end(),
                answers.scales.begin() + static_cast<std::ptrdiff_t>(index * given.scales));
      return;
    }
    write_memory(wiring.memory, cases,
                 cases.operation == Operation::Pack
                     ? Tensor{part(cases.codes, taken.codes), part(cases.scales, taken.scales)}
                     : quantized(wiring, cases, index),
                 index, answers);
  }

  /// The number at `index` of all cases; what follows the last is zero.
  static Number number_at(const Wiring& wiring, const Cases& cases, std::size_t index) {
    if (index >= cases.numbers.size()) return {};
    return wiring.stages.take(wiring, read_float(wiring, cases.type(), cases.numbers.at(index)));
  }

  static Scaled scale_of(const Wiring& wiring, const Cases& cases, std::size_t index,
                         std::vector<Number> numbers) {
    const int one = wiring[Constant::ScaleBias] + wiring[Constant::UnitExponent];
    if (cases.operation == Operation::Encode) return {one, one};
    if (cases.operation == Operation::EncodeScaled) return {cases.scales[index], cases.scales[index]};
    if (wiring.tail_reads_on && numbers.size() < static_cast<std::size_t>(cases.request.block_size))
      numbers.push_back(number_at(wiring, cases, (index + 1) * cases.elements));
    return choose_scale(wiring, numbers);
  }

  static void encode_case(const Wiring& wiring, const Cases& cases, std::size_t index, Answers& answers) {
    std::vector<Number> numbers(cases.elements);
    const std::size_t first = index * cases.elements;
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = number_at(wiring, cases, first + i);
    const Scaled scale = scale_of(wiring, cases, index, numbers);
    if (gives_scale(cases.operation)) answers.scales[index] = static_cast<std::uint8_t>(scale.code);
    if (cases.operation == Operation::Scale) return;
    if (wiring.tail_is_dropped && cases.elements < static_cast<std::size_t>(cases.request.block_size)) return;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      answers.codes[first + wiring.stages.lane(i, cases.elements)] =
          scale.code == wiring[Constant::NanScale] ? static_cast<std::uint8_t>(wiring[Constant::PoisonedCode])
                                                   : encode(wiring, numbers[i], scale);
  }

  static void decode_case(const Wiring& wiring, const Cases& cases, std::size_t index, Answers& answers) {
    int code = wiring[Constant::ScaleBias] + wiring[Constant::UnitExponent];
    if (cases.operation == Operation::Dequantize) {
      const std::size_t place = index + (wiring.scale_of_next_block ? 1 : 0);
      code = place < cases.scales.size() ? cases.scales[place] : 0xff;
    }
    const Number scale = wiring.stages.read_scale(wiring, code);
    for (std::size_t i = 0; i < cases.elements; ++i) {
      const std::size_t first = index * cases.elements;
      const std::uint8_t element = cases.codes[first + wiring.stages.lane(i, cases.elements)];
      answers.numbers.set(first + i, decode(wiring, cases.type(), scale, element));
    }
  }

  std::string name_;
  std::vector<Wiring> wirings_;
  std::vector<spec::FloatType> types_;
};

}  // namespace

std::unique_ptr<Subject> make_converter(std::string name, std::vector<Wiring> wirings,
                                        std::vector<spec::FloatType> types) {
  return std::make_unique<Converter>(std::move(name), std::move(wirings), std::move(types));
}

}  // namespace mxemu::conformance::museum
