// Tensors in memory: where codes, their bits and scales stand, and along which axis blocks lie. Paint
// patterns tell every byte apart, so that no exchange of two goes unseen.
#include <algorithm>
#include <optional>

#include "conformance/checks/codes.hpp"
#include "conformance/checks/fill.hpp"
#include "conformance/checks/numbers.hpp"

namespace mxemu::conformance {
namespace {

/// One tensor: its codes, and a scale for each block in row-major order.
struct Painting {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> scales;
};

/// The block of an element, in the order of the blocks.
std::size_t block_of(const reference::BlockGrid& grid, std::size_t element) {
  const std::size_t inner = element % grid.inner;
  const std::size_t along = element / grid.inner % grid.length;
  const std::size_t outer = element / grid.inner / grid.length;
  return (outer * grid.blocks_per_line() + along / grid.block_size) * grid.inner + inner;
}

/// Cases of one tensor in one layout.
class Canvas {
 public:
  Canvas(const Target& target, Storage storage)
      : target_(target),
        grid_(reference::make_block_grid(storage.geometry.shape, storage.geometry.axis, target.request)),
        cases_(empty_cases(target, storage.element_count())) {
    cases_.storage = std::move(storage);
  }

  std::size_t elements() const { return grid_.element_count(); }
  std::size_t blocks() const { return grid_.block_count(); }

  /// Adds a tensor: as numbers, as codes and scales, or as its bytes in memory.
  void add(const Painting& painting) {
    const Operation operation = cases_.operation;
    if (takes_numbers(operation)) {
      for (std::size_t i = 0; i < painting.codes.size(); ++i)
        cases_.numbers.push_back(number_of(painting.codes[i], painting.scales[block_of(grid_, i)]));
      return;
    }
    if (operation == Operation::Pack) return add_bytes({painting.codes, painting.scales});
    add_bytes(store(cases_.storage, target_.request, painting.codes, painting.scales));
  }

  Cases take() { return std::move(cases_); }

 private:
  void add_bytes(const TensorBytes& bytes) {
    cases_.codes.insert(cases_.codes.end(), bytes.codes.begin(), bytes.codes.end());
    cases_.scales.insert(cases_.scales.end(), bytes.scales.begin(), bytes.scales.end());
  }

  /// Looked up: exact arithmetic takes longer than all else.
  std::uint64_t number_of(std::uint8_t code, std::uint8_t scale) {
    auto& number = numbers_[std::size_t{scale} << 8 | code];
    if (!number) number = number_of_code(target_, code, scale);
    return *number;
  }

  const Target& target_;
  reference::BlockGrid grid_;
  Cases cases_;
  std::vector<std::optional<std::uint64_t>> numbers_ = std::vector<std::optional<std::uint64_t>>(1 << 16);
};

/// Random codes of finite numbers, INT8's 0x80 left out.
std::vector<std::uint8_t> random_codes(const Target& target, const Canvas& canvas, Random& random) {
  const spec::ElementFormat& element = target.element();
  std::vector<std::uint8_t> codes(canvas.elements());
  for (std::uint8_t& code : codes) {
    code = static_cast<std::uint8_t>(random.below(std::uint64_t{element.max_normal_code} + 1));
    const bool negative = random.coin();
    if (!negative || code == 0) continue;
    const bool has_sign = element.has_negative_zero();
    code = static_cast<std::uint8_t>(has_sign ? code | element.sign_mask : 256 - code);
  }
  return codes;
}

/// Scales under which the type has every number of the format.
std::vector<int> scales_of(const Target& target, Random& random) {
  std::vector<int> scales;
  for (const int scale : useful_scales(target, 32, random)) {
    const int lowest = scale - target.scale().bias + target.element().emin - target.element().mantissa_bits;
    if (lowest >= target.source().emin) scales.push_back(scale);
  }
  if (scales.empty()) scales = useful_scales(target, 32, random);
  return scales;
}

std::vector<std::uint8_t> random_scales(const std::vector<int>& scales, std::size_t count, Random& random) {
  std::vector<std::uint8_t> chosen(count);
  for (std::uint8_t& scale : chosen) scale = static_cast<std::uint8_t>(scales[random.below(scales.size())]);
  return chosen;
}

/// Tensors of this geometry in every layout of the target that has a place for it.
template <class Paint>
void add_canvases(const Target& target, const TensorGeometry& geometry, Batches& batches,
                  const Paint& paint) {
  for (const Layout& layout : target.layouts) {
    const Storage storage = {geometry, layout};
    if (!fits(storage, target.request)) continue;
    Canvas canvas(target, storage);
    paint(canvas);
    batches.push_back(canvas.take());
  }
}

/// One code at a time has all its bits set, beside random tensors.
Batches generate_codes(const Target& target, Random& random) {
  const std::vector<int> scales = scales_of(target, random);
  const auto block = static_cast<std::int64_t>(target.block_size());
  Batches batches;
  add_canvases(target, {{2, 2 * block}, 1}, batches, [&](Canvas& canvas) {
    for (int round = 0; round < (target.is_quick() ? 8 : 64); ++round)
      canvas.add({random_codes(target, canvas, random), random_scales(scales, canvas.blocks(), random)});
    for (std::size_t i = 0; i < canvas.elements(); ++i) {
      Painting painting = {std::vector<std::uint8_t>(canvas.elements()),
                           std::vector<std::uint8_t>(canvas.blocks(), static_cast<std::uint8_t>(scales[0]))};
      painting.codes[i] = target.element().max_normal_code;
      canvas.add(painting);
    }
  });
  return batches;
}

/// The digits of a scale's place, one tensor per digit: no two places agree in all of them.
Batches generate_scales(const Target& target, Random& random) {
  std::vector<int> scales = scales_of(target, random);
  random.shuffle(scales);
  const auto block = static_cast<std::int64_t>(target.block_size());
  Batches batches;
  for (const std::int64_t rows : {3, 130})
    add_canvases(target, {{rows, 5 * block}, 1}, batches, [&](Canvas& canvas) {
      for (std::size_t unit = 1; unit < canvas.blocks(); unit *= std::max<std::size_t>(2, scales.size())) {
        Painting painting = {std::vector<std::uint8_t>(canvas.elements(), target.element().max_normal_code),
                             std::vector<std::uint8_t>(canvas.blocks())};
        for (std::size_t b = 0; b < canvas.blocks(); ++b)
          painting.scales[b] = static_cast<std::uint8_t>(scales[b / unit % scales.size()]);
        canvas.add(painting);
      }
    });
  return batches;
}

Batches generate_geometries(const Target& target, Random& random,
                            const std::vector<TensorGeometry>& geometries) {
  const std::vector<int> scales = scales_of(target, random);
  Batches batches;
  for (const TensorGeometry& geometry : geometries)
    add_canvases(target, geometry, batches, [&](Canvas& canvas) {
      for (int round = 0; round < (target.is_quick() ? 2 : 16); ++round)
        canvas.add({random_codes(target, canvas, random), random_scales(scales, canvas.blocks(), random)});
    });
  return batches;
}

/// As many blocks along one axis as along another, so that a device that takes the wrong one has an answer.
Batches generate_axes(const Target& target, Random& random) {
  const auto block = static_cast<std::int64_t>(target.block_size());
  return generate_geometries(target, random,
                             {{{2 * block, 2 * block}, 0},
                              {{2 * block, 2 * block}, 1},
                              {{block, 2, block}, 0},
                              {{2, block, block}, 1},
                              {{3, 2 * block, 5}, 1}});
}

/// Lines that end within a block, along the innermost axis and along others.
Batches generate_tails(const Target& target, Random& random) {
  const auto block = static_cast<std::int64_t>(target.block_size());
  return generate_geometries(target, random,
                             {{{3, block + 8}, 1},
                              {{4, block + 3}, 1},
                              {{block + 3, 3}, 0},
                              {{2, 5, 7}, 1},
                              {{1, 2 * block + 1}, 1}});
}

bool takes_tails(const Target& target) {
  return target.request.policy.tail != spec::Tail::Refuse && target.block_size() > 1;
}

const std::vector<Operation> every_tensor_operation(std::begin(tensor_operations),
                                                    std::end(tensor_operations));
const std::vector<Operation> conversions = {Operation::QuantizeTensor, Operation::DequantizeTensor};

const Check checks[] = {
    {"layout/codes", "tensors whose every code stands apart, in the layouts that are declared",
     always<Requirement::ImplementationDefined>,
     [](const spec::ElementFormat&) { return std::string("MX-5.1-b"); }, every_tensor_operation, everywhere,
     generate_codes, [](const Target&) { return Bins{}; }},
    {"layout/scales", "tensors whose every scale stands apart, in the layouts that are declared",
     always<Requirement::ImplementationDefined>,
     [](const spec::ElementFormat&) { return std::string("MX-5.1-b"); }, every_tensor_operation, everywhere,
     generate_scales, [](const Target&) { return Bins{}; }},
    {"axis/blocks", "blocks along every axis of tensors of two and three dimensions",
     always<Requirement::Must>,
     [](const spec::ElementFormat&) { return std::string("MX-5.1-a, MX-5.2.1-a"); }, conversions, everywhere,
     generate_axes, [](const Target&) { return Bins{}; }},
    {"axis/tails", "lines that end within a block, along every axis", always<Requirement::Must>,
     [](const spec::ElementFormat&) { return std::string("MX-6.2-a"); }, conversions, takes_tails,
     generate_tails, [](const Target&) { return Bins{Bin::Tail}; }},
};

}  // namespace

std::span<const Check> storage_checks() {
  return checks;
}

}  // namespace mxemu::conformance
