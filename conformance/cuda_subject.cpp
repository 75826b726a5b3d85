// The CUDA library as a subject. Compiled twice: for a GPU, and with MXEMU_CUDA_ON_HOST for the same kernels
// on this machine.
#include <cstring>
#include <memory>
#include <vector>

#include "conformance/cuda_dot.hpp"
#include "conformance/subject.hpp"
#include "cuda/memory.hpp"
#include "cuda/mxemu_cuda.hpp"

namespace mxemu::conformance {
namespace {

/// A copy of an array on the device, between guards that no kernel may touch.
class OnDevice {
 public:
  template <class T>
  explicit OnDevice(std::span<const T> host) : OnDevice(host.size_bytes()) {
    cuda::copy_to_device(std::as_bytes(host), data());
  }
  explicit OnDevice(std::size_t bytes) : bytes_(bytes), buffer_(bytes + 2 * guard) {
    cuda::fill_bytes(buffer_.data(), guard_byte, buffer_.size());
  }

  /// Copies back, and throws DeviceError when a kernel wrote beside its output.
  template <class T>
  void copy_to(std::span<T> host) {
    std::vector<std::byte> all(buffer_.size());
    cuda::copy_to_host(buffer_.data(), all);
    cuda::synchronize();
    for (std::size_t i = 0; i < guard; ++i)
      if (all[i] != std::byte{guard_byte} || all[guard + bytes_ + i] != std::byte{guard_byte})
        throw DeviceError("a kernel of the CUDA library wrote beside its output of " +
                          std::to_string(bytes_) + " bytes");
    std::memcpy(host.data(), all.data() + guard, bytes_);
  }

  std::span<const std::byte> bytes() const { return {buffer_.data() + guard, bytes_}; }
  std::span<std::byte> bytes() { return {data(), bytes_}; }
  std::span<const std::uint8_t> codes() const {
    return {reinterpret_cast<const std::uint8_t*>(bytes().data()), bytes_};
  }
  std::span<std::uint8_t> codes() { return {reinterpret_cast<std::uint8_t*>(data()), bytes_}; }
  std::span<const std::uint32_t> random_words() const {
    return {reinterpret_cast<const std::uint32_t*>(bytes().data()), bytes_ / 4};
  }

 private:
  static constexpr std::size_t guard = 256;
  static constexpr std::uint8_t guard_byte = 0xa5;
  std::byte* data() { return buffer_.data() + guard; }
  std::size_t bytes_;
  cuda::Buffer buffer_;
};

#if defined(MXEMU_CUDA_ON_HOST)
constexpr const char* subject_name = "cuda-host";
#else
constexpr const char* subject_name = "cuda";
#endif

class CudaSubject final : public Subject {
 public:
  CudaSubject() : description_(std::string(subject_name) + " (" + cuda::device_name() + ")") {}

  std::string name() const override { return subject_name; }
  std::string description() const override { return description_; }
  std::vector<Capability> capabilities() const override { return every_capability(); }
  std::vector<DotCapability> dot_capabilities() const override { return cuda_dot_capabilities(); }
  DotAnswers answer_dot(const DotCases& cases) override { return cuda_dot_answers(cases); }

  Answers answer(const Cases& cases) override {
    Answers answers = make_answers(cases);
    const fast::BlockGrid grid = {.outer = cases.count(),
                                  .length = cases.elements,
                                  .block_size = static_cast<std::size_t>(cases.request.block_size)};
    if (is_tensor(cases.operation)) {
      answers.unsupported.assign(cases.count(), true);
      return answers;
    }
    const OnDevice random{std::span<const std::uint32_t>(cases.random_words)};
    switch (cases.operation) {
      case Operation::Encode: {
        const OnDevice source{std::span(cases.numbers.bytes())};
        OnDevice codes(answers.codes.size());
        cuda::encode_elements(cases.request, {cases.type(), source.bytes()}, codes.codes(), 0,
                              random.random_words());
        codes.copy_to(std::span(answers.codes));
        break;
      }
      case Operation::Decode: {
        const OnDevice codes{std::span<const std::uint8_t>(cases.codes)};
        OnDevice output(answers.numbers.bytes().size());
        cuda::decode_elements(cases.request, codes.codes(), {cases.type(), output.bytes()});
        output.copy_to(std::span(answers.numbers.bytes()));
        break;
      }
      case Operation::Scale: {
        const OnDevice source{std::span(cases.numbers.bytes())};
        OnDevice scales(answers.scales.size());
        cuda::shared_scales(cases.request, grid, {cases.type(), source.bytes()}, scales.codes());
        scales.copy_to(std::span(answers.scales));
        break;
      }
      case Operation::EncodeScaled: encode_scaled(cases, answers); break;
      case Operation::Quantize:
        quantize(cases.request, grid, {cases.type(), cases.numbers.bytes()}, answers.codes, answers.scales,
                 cases.random_words);
        break;
      case Operation::Dequantize:
        dequantize(cases.request, grid, cases.codes, cases.scales, cases.type(), answers.numbers.bytes());
        break;
      case Operation::QuantizeTensor:
      case Operation::DequantizeTensor:
      case Operation::Pack:
      case Operation::Unpack: break;
    }
    return answers;
  }

  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override {
    const auto grid = fast::make_block_grid(geometry.shape, geometry.axis, request);
    quantize(request, grid, {type, source}, codes, scales, {});
    report(grid, tick);
  }

  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override {
    const auto grid = fast::make_block_grid(geometry.shape, geometry.axis, request);
    dequantize(request, grid, codes, scales, type, output);
    report(grid, tick);
  }

 private:
  static void quantize(const spec::Request& request, const fast::BlockGrid& grid,
                       const cuda::FloatArray& host, std::span<std::uint8_t> codes,
                       std::span<std::uint8_t> scales, std::span<const std::uint32_t> random_words) {
    const OnDevice source(host.bytes);
    const OnDevice random(random_words);
    OnDevice device_codes(codes.size());
    OnDevice device_scales(scales.size());
    cuda::quantize_tensor(request, grid, {host.type, source.bytes()}, device_codes.codes(),
                          device_scales.codes(), {}, random.random_words());
    device_codes.copy_to(codes);
    device_scales.copy_to(scales);
  }

  static void dequantize(const spec::Request& request, const fast::BlockGrid& grid,
                         std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                         spec::FloatType type, std::span<std::byte> output) {
    const OnDevice device_codes(codes);
    const OnDevice device_scales(scales);
    OnDevice device_output(output.size());
    cuda::dequantize_tensor(request, grid, device_codes.codes(), device_scales.codes(),
                            {type, device_output.bytes()});
    device_output.copy_to(output);
  }

  /// Case by case: a call has one scale. Under a NaN scale every code is zero.
  static void encode_scaled(const Cases& cases, Answers& answers) {
    const spec::ScaleFormat& format = cases.request.scale_format();
    const std::span<const std::byte> source = cases.numbers.bytes();
    const std::size_t bytes =
        cases.elements * static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
    const std::span<const std::uint32_t> words = cases.random_words;
    for (std::size_t i = 0; i < cases.count(); ++i) {
      if (cases.scales[i] == format.nan_code) continue;
      const OnDevice numbers(source.subspan(i * bytes, bytes));
      const OnDevice random(words.empty() ? words : words.subspan(i * cases.elements, cases.elements));
      OnDevice codes(cases.elements);
      cuda::encode_elements(cases.request, {cases.type(), numbers.bytes()}, codes.codes(),
                            cases.scales[i] - format.bias, random.random_words());
      codes.copy_to(std::span(answers.codes).subspan(i * cases.elements, cases.elements));
    }
  }

  static void report(const fast::BlockGrid& grid, const Tick& tick) {
    if (tick && !tick(grid.element_count())) throw Interrupted{};
  }

  std::string description_;
};

}  // namespace

#if defined(MXEMU_CUDA_ON_HOST)
std::unique_ptr<Subject> make_cuda_host_subject() {
  return std::make_unique<CudaSubject>();
}
#else
std::unique_ptr<Subject> make_cuda_subject() try {
  return std::make_unique<CudaSubject>();
} catch (const cuda::Error& error) {
  throw DeviceError(std::string("subject cuda: ") + error.what());
}
#endif

}  // namespace mxemu::conformance
