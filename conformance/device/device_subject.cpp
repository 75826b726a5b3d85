#include "conformance/device/device_subject.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/device/request_text.hpp"
#include "reference/random.hpp"
#include "reference/tensor.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t elements_per_batch = 1 << 18;

/// The blocks of a tensor in batches of equal length: a short block at the end of a line is a batch of its
/// own kind.
class Blocks {
 public:
  Blocks(const reference::BlockGrid& grid, std::size_t first, std::size_t elements)
      : grid_(grid), first_(first), elements_(elements) {}

  std::size_t elements() const { return elements_; }

  /// The index in the tensor of element `i` of block `block`.
  std::size_t place(std::size_t block, std::size_t i) const {
    const std::size_t inner = block % grid_.inner;
    const std::size_t line = block / grid_.inner / grid_.blocks_per_line();
    const std::size_t start = block / grid_.inner % grid_.blocks_per_line() * grid_.block_size;
    return (line * grid_.length + start + i) * grid_.inner + inner;
  }

  /// Up to a batch of blocks from `first_` on; moves on behind them.
  std::vector<std::size_t> next() {
    std::vector<std::size_t> batch;
    const std::size_t most = std::max<std::size_t>(1, elements_per_batch / elements_);
    for (; first_ < grid_.block_count() && batch.size() < most; ++first_)
      if (length_of(first_) == elements_) batch.push_back(first_);
    return batch;
  }

 private:
  std::size_t length_of(std::size_t block) const {
    const std::size_t start = block / grid_.inner % grid_.blocks_per_line() * grid_.block_size;
    return std::min(grid_.block_size, grid_.length - start);
  }

  reference::BlockGrid grid_;
  std::size_t first_;
  std::size_t elements_;
};

/// Calls work(blocks, batch) for every batch of whole blocks, then of short ones.
template <class Work>
void for_each_batch(const reference::BlockGrid& grid, const Tick& tick, const Work& work) {
  for (const std::size_t elements : {grid.block_size, grid.length % grid.block_size}) {
    if (elements == 0) continue;
    Blocks blocks(grid, 0, elements);
    for (auto batch = blocks.next(); !batch.empty(); batch = blocks.next()) {
      work(blocks, batch);
      if (tick && !tick(batch.size() * elements)) throw Interrupted{};
    }
  }
}

void require_size(const char* what, std::size_t got, std::size_t wanted) {
  if (got != wanted)
    throw std::invalid_argument(std::string(what) + ": " + std::to_string(got) + " where " +
                                std::to_string(wanted) + " are needed");
}

void require_sizes(const reference::BlockGrid& grid, spec::FloatType type, std::size_t bytes,
                   std::size_t codes, std::size_t scales) {
  const auto width = static_cast<std::size_t>(spec::format_of(type).bytes());
  require_size("bytes of numbers", bytes, grid.element_count() * width);
  require_size("codes", codes, grid.element_count());
  require_size("scales", scales, grid.block_count());
}

/// What a device does not declare it is not asked.
void require_declared(const Subject& subject, const Capability& wanted) {
  const std::vector<Capability> declared = subject.capabilities();
  if (std::find(declared.begin(), declared.end(), wanted) == declared.end())
    throw DeviceError(subject.name() + " does not declare \"can " + spec::name_of(wanted.operation) + " " +
                      spec::format_of(wanted.format).name + " " + spec::name_of(wanted.type) + "\"");
}

Answers answer_all(Subject& subject, const Cases& cases) {
  Answers answers = subject.answer(cases);
  for (std::size_t i = 0; i < cases.count(); ++i)
    if (!answers.is_supported(i))
      throw DeviceError(subject.name() + " does not support " + CaseWriter(cases).line(i).substr(0, 120));
  return answers;
}

}  // namespace

void DeviceSubject::quantize(const spec::Request& request, const TensorGeometry& geometry,
                             spec::FloatType type, std::span<const std::byte> source,
                             std::span<std::uint8_t> codes, std::span<std::uint8_t> scales,
                             const Tick& tick) {
  const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, request);
  require_sizes(grid, type, source.size(), codes.size(), scales.size());
  require_declared(*this, {Operation::Quantize, request.format, type});
  const reference::FloatArray numbers = {type, source};
  const bool stochastic = request.rounding.mode == spec::RoundingMode::Stochastic;
  for_each_batch(grid, tick, [&](const Blocks& blocks, const std::vector<std::size_t>& batch) {
    Cases cases = {.operation = Operation::Quantize,
                   .request = request,
                   .elements = blocks.elements(),
                   .numbers = Numbers(type, batch.size() * blocks.elements())};
    std::size_t element = 0;
    for (const std::size_t block : batch)
      for (std::size_t i = 0; i < blocks.elements(); ++i) {
        const std::size_t place = blocks.place(block, i);
        cases.numbers.set(element++, numbers.bits_at(place));
        if (stochastic) cases.random_words.push_back(reference::random_word(request.rounding.seed, place));
      }
    const Answers answers = answer_all(*this, cases);
    element = 0;
    for (std::size_t b = 0; b < batch.size(); ++b) {
      scales[batch[b]] = answers.scales[b];
      for (std::size_t i = 0; i < blocks.elements(); ++i)
        codes[blocks.place(batch[b], i)] = answers.codes[element++];
    }
  });
}

void DeviceSubject::dequantize(const spec::Request& request, const TensorGeometry& geometry,
                               std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                               spec::FloatType type, std::span<std::byte> output, const Tick& tick) {
  const auto grid = reference::make_block_grid(geometry.shape, geometry.axis, request);
  require_sizes(grid, type, output.size(), codes.size(), scales.size());
  require_declared(*this, {Operation::Dequantize, request.format, type});
  for_each_batch(grid, tick, [&](const Blocks& blocks, const std::vector<std::size_t>& batch) {
    Cases cases = {.operation = Operation::Dequantize,
                   .request = request,
                   .elements = blocks.elements(),
                   .numbers = Numbers(type)};
    for (const std::size_t block : batch) {
      cases.scales.push_back(scales[block]);
      for (std::size_t i = 0; i < blocks.elements(); ++i)
        cases.codes.push_back(codes[blocks.place(block, i)]);
    }
    const Answers answers = answer_all(*this, cases);
    std::size_t element = 0;
    for (const std::size_t block : batch)
      for (std::size_t i = 0; i < blocks.elements(); ++i)
        reference::store_float(type, output, blocks.place(block, i), answers.numbers.at(element++));
  });
}

}  // namespace mxemu::conformance
