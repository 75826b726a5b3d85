// The one interface to everything that converts tensors: the reference, our libraries, a device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

/// What is converted: `shape` outermost first, blocks along `axis` (which may count from the end), row-major.
struct TensorGeometry {
  std::vector<std::int64_t> shape;
  int axis = -1;
};

/// Called now and then with the number of elements done since the last call. Returning false stops the work,
/// which then throws Interrupted.
using Tick = std::function<bool(std::size_t elements)>;

struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

class Subject {
 public:
  virtual ~Subject() = default;

  virtual std::string name() const = 0;

  /// Little-endian floating-point bits to codes, one per byte in the order of the elements, and scales, one
  /// per block in the order of the shape with the axis shortened. Throws std::invalid_argument on wrong
  /// sizes.
  virtual void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                        std::span<const std::byte> source, std::span<std::uint8_t> codes,
                        std::span<std::uint8_t> scales, const Tick& tick = {}) = 0;

  /// The inverse: codes and scales to floating-point bits.
  virtual void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                          std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                          spec::FloatType type, std::span<std::byte> output, const Tick& tick = {}) = 0;
};

std::unique_ptr<Subject> make_reference_subject();
std::unique_ptr<Subject> make_fast_subject();

/// Names that make_subject knows and that this build has.
std::vector<std::string> subject_names();

/// Throws std::invalid_argument, naming the subjects there are, when `name` is none of them.
std::unique_ptr<Subject> make_subject(std::string_view name);

}  // namespace mxemu::conformance
