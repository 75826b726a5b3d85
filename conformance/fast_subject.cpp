// The fast library as a subject, in the tier that MXEMU_ISA or the machine chooses.
#include "conformance/subject.hpp"
#include "fast/mxemu.hpp"

namespace mxemu::conformance {
namespace {

class FastSubject final : public Subject {
 public:
  std::string name() const override { return "fast"; }

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
