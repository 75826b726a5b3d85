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

#include "conformance/cases.hpp"
#include "conformance/dot/dot_cases.hpp"
#include "conformance/storage.hpp"
#include "spec/float_format.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

/// Called now and then with the number of elements done since the last call. Returning false stops the work,
/// which then throws Interrupted.
using Tick = std::function<bool(std::size_t elements)>;

struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

/// A device that died, hung, answered what is no answer, or cannot be reached. The text is one sentence that
/// says which device, what, and where (the line or the call).
struct DeviceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One thing that a device says it can do.
struct Capability {
  Operation operation;
  spec::BlockType format;
  spec::FloatType type;

  bool operator==(const Capability&) const = default;
};

/// A layout that a device says it stores tensors of a format in.
struct DeclaredLayout {
  spec::BlockType format;
  Layout layout;

  bool operator==(const DeclaredLayout&) const = default;
};

class Subject {
 public:
  virtual ~Subject() = default;

  /// As make_subject takes it.
  virtual std::string name() const = 0;

  /// What a device calls itself.
  virtual std::string description() const { return name(); }

  /// What may be asked. A single case can still be answered "unsupported".
  virtual std::vector<Capability> capabilities() const = 0;

  /// How tensors stand in memory, for the operations on tensors. A format without any has one code per byte
  /// and row-major scales.
  virtual std::vector<DeclaredLayout> layouts() const { return {}; }

  /// Answers a batch of cases of a declared capability. Throws DeviceError.
  virtual Answers answer(const Cases& cases) = 0;

  /// Which dot products may be asked for. A single case can still be answered "unsupported".
  virtual std::vector<DotCapability> dot_capabilities() const { return {}; }

  /// Answers a batch of dot products of a declared pair. Throws DeviceError.
  virtual DotAnswers answer_dot(const DotCases& cases);

  /// A whole tensor: little-endian floating-point bits to codes, one per byte in the order of the elements,
  /// and scales, one per block in the order of the shape with the axis shortened. Throws
  /// std::invalid_argument on wrong sizes.
  virtual void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                        std::span<const std::byte> source, std::span<std::uint8_t> codes,
                        std::span<std::uint8_t> scales, const Tick& tick = {}) = 0;

  /// The inverse: codes and scales to floating-point bits.
  virtual void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                          std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                          spec::FloatType type, std::span<std::byte> output, const Tick& tick = {}) = 0;
};

/// Every operation on blocks, format and float type: what our own libraries do, and the operations on
/// tensors.
std::vector<Capability> every_capability();
std::vector<Capability> every_tensor_capability();

/// The layouts of spec/packing.hpp in every format, which our own libraries have.
std::vector<DeclaredLayout> specified_layouts();

/// The layouts that a subject declares for a format, or the one it has without any.
std::vector<Layout> layouts_of(const Subject& subject, spec::BlockType format);

std::unique_ptr<Subject> make_reference_subject();
std::unique_ptr<Subject> make_fast_subject();

/// The CUDA library on the current GPU, and its kernels run by this machine; only in builds that have them.
/// The first throws DeviceError when there is no GPU.
std::unique_ptr<Subject> make_cuda_subject();
std::unique_ptr<Subject> make_cuda_cvt_subject();
std::unique_ptr<Subject> make_cuda_host_subject();

/// Names that make_subject knows and that this build has, devices left out.
std::vector<std::string> subject_names();

/// One of subject_names(); "reference:ACCUMULATOR", dot products alone, summed as a row of
/// spec/accumulator.hpp sums; or a device: "process:COMMAND" speaks the protocol of conformance/PROTOCOL.md,
/// "plugin:FILE.so" exports the functions of conformance/plugin/mx_subject.h. Throws std::invalid_argument,
/// naming the subjects there are, when `name` is none of them, and DeviceError when the device does not
/// start.
std::unique_ptr<Subject> make_subject(std::string_view name);

}  // namespace mxemu::conformance
