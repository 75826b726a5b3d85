#include "conformance/device/block_view.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "conformance/case_view.hpp"
#include "conformance/device/device_subject.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t most_elements = 65536;  ///< of one tensor

bool contains(const std::vector<Capability>& all, const Capability& wanted) {
  return std::find(all.begin(), all.end(), wanted) != all.end();
}

/// What is declared of tensors and not of blocks, as the operation on blocks.
std::vector<Capability> missing_blocks(const std::vector<Capability>& declared) {
  std::vector<Capability> missing;
  for (Capability capability : declared) {
    if (capability.operation == Operation::QuantizeTensor)
      capability.operation = Operation::Quantize;
    else if (capability.operation == Operation::DequantizeTensor)
      capability.operation = Operation::Dequantize;
    else
      continue;
    if (!contains(declared, capability)) missing.push_back(capability);
  }
  return missing;
}

class BlockView final : public DeviceSubject {
 public:
  BlockView(std::unique_ptr<Subject> device, std::vector<Capability> added)
      : device_(std::move(device)), added_(std::move(added)) {}

  std::string name() const override { return device_->name(); }
  std::string description() const override { return device_->description(); }
  std::vector<DeclaredLayout> layouts() const override { return device_->layouts(); }
  std::vector<DotCapability> dot_capabilities() const override { return device_->dot_capabilities(); }
  DotAnswers answer_dot(const DotCases& cases) override { return device_->answer_dot(cases); }

  std::string question_dot(const DotCases& cases, std::size_t index) const override {
    return device_->question_dot(cases, index);
  }

  std::string question(const Cases& cases, std::size_t index) const override {
    if (!is_added(cases)) return device_->question(cases, index);
    const std::size_t first = index / most_blocks(cases) * most_blocks(cases);
    const Cases blocks = part_of(cases, first, std::min(most_blocks(cases), cases.count() - first));
    const auto storage = storage_of(blocks);
    if (!storage) return "";
    const std::string tensor = device_->question(tensor_of(blocks, *storage), 0);
    if (blocks.count() == 1) return tensor;
    return "line " + std::to_string(index - first) + " of the tensor of " + tensor;
  }

  std::vector<Capability> capabilities() const override {
    std::vector<Capability> all = device_->capabilities();
    all.insert(all.end(), added_.begin(), added_.end());
    return all;
  }

  Answers answer(const Cases& cases) override {
    if (!is_added(cases)) return device_->answer(cases);
    Answers all = {.numbers = Numbers(cases.type())};
    const std::size_t most = most_blocks(cases);
    for (std::size_t first = 0; first < cases.count(); first += most)
      append(all, answer_tensor(part_of(cases, first, std::min(most, cases.count() - first))));
    const bool all_supported =
        std::find(all.unsupported.begin(), all.unsupported.end(), true) == all.unsupported.end();
    if (all_supported) all.unsupported.clear();
    return all;
  }

 private:
  bool is_added(const Cases& cases) const {
    return contains(added_, {cases.operation, cases.request.format, cases.type()});
  }

  /// That one tensor holds.
  static std::size_t most_blocks(const Cases& cases) {
    return std::max<std::size_t>(1, most_elements / cases.elements);
  }

  /// The cases as the lines of one tensor, where a layout has a place for it.
  std::optional<Storage> storage_of(const Cases& cases) const {
    Storage storage = {
        .geometry = {{static_cast<std::int64_t>(cases.count()), static_cast<std::int64_t>(cases.elements)},
                     1},
        .layout = {}};
    for (const Layout& layout : layouts_of(*device_, cases.request.format)) {
      storage.layout = layout;
      if (fits(storage, cases.request)) return storage;
    }
    return std::nullopt;
  }

  static Cases tensor_of(const Cases& blocks, const Storage& storage) {
    Cases tensor = {.operation = blocks.operation == Operation::Quantize ? Operation::QuantizeTensor
                                                                         : Operation::DequantizeTensor,
                    .request = blocks.request,
                    .elements = blocks.count() * blocks.elements,
                    .numbers = blocks.numbers,
                    .random_words = blocks.random_words,
                    .storage = storage};
    if (takes_codes(tensor.operation)) {
      TensorBytes bytes = store(storage, blocks.request, blocks.codes, blocks.scales);
      tensor.codes = std::move(bytes.codes);
      tensor.scales = std::move(bytes.scales);
    }
    return tensor;
  }

  Answers answer_tensor(const Cases& blocks) {
    Answers answers = make_answers(blocks);
    answers.unsupported.assign(blocks.count(), true);
    const auto storage = storage_of(blocks);
    if (!storage) return answers;
    const Cases tensor = tensor_of(blocks, *storage);
    const Answers stored = device_->answer(tensor);
    if (!stored.is_supported(0)) return answers;
    answers.unsupported.assign(blocks.count(), false);
    if (gives_numbers(tensor.operation)) {
      answers.numbers = stored.numbers;
      return answers;
    }
    TensorBytes bytes = read(*storage, blocks.request, stored.codes, stored.scales);
    answers.codes = std::move(bytes.codes);
    answers.scales = std::move(bytes.scales);
    return answers;
  }

  std::unique_ptr<Subject> device_;
  std::vector<Capability> added_;
};

}  // namespace

std::unique_ptr<Subject> with_blocks(std::unique_ptr<Subject> device) {
  std::vector<Capability> added = missing_blocks(device->capabilities());
  if (added.empty()) return device;
  return std::make_unique<BlockView>(std::move(device), std::move(added));
}

}  // namespace mxemu::conformance
