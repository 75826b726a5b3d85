// The CUDA library as a subject. Compiled for a GPU, with MXEMU_CUDA_HARDWARE_CVT for the conversions of the
// GPU itself, and with MXEMU_CUDA_ON_HOST for the same kernels on this machine.
#include <cstring>
#include <memory>
#include <vector>

#include "conformance/cuda_dot.hpp"
#include "conformance/library_subject.hpp"
#include "cuda/memory.hpp"
#include "cuda/mxemu_cuda.hpp"

namespace mxemu::conformance {
namespace {

#if defined(MXEMU_CUDA_ON_HOST)
constexpr const char* subject_name = "cuda-host";
#elif defined(MXEMU_CUDA_HARDWARE_CVT)
constexpr const char* subject_name = "cuda-cvt";
#else
constexpr const char* subject_name = "cuda";
#endif

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
        throw DeviceError(std::string("subject ") + subject_name + ": a kernel wrote beside its output of " +
                          std::to_string(bytes_) + " bytes");
    if (bytes_ != 0) std::memcpy(host.data(), all.data() + guard, bytes_);
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

cuda::Storage storage_on_device(const TensorStorage& storage) {
  return {storage.packing, storage.order, storage.matrix.columns};
}

/// What the CUDA runtime says, as a device's failure.
template <class Work>
auto with_sentences(const Work& work) try {
  return work();
} catch (const cuda::Error& error) {
  throw DeviceError(std::string("subject ") + subject_name + ": " + error.what());
}

class CudaSubject final : public LibrarySubject {
 public:
  CudaSubject() : description_(std::string(subject_name) + " (" + cuda::device_name() + ")") {}

  std::string name() const override { return subject_name; }
  std::string description() const override { return description_; }

  /// Kernels convert; none only moves codes.
  std::vector<Capability> capabilities() const override {
    std::vector<Capability> all = every_capability();
    for (const Capability& capability : every_tensor_capability())
      if (!only_moves(capability.operation)) all.push_back(capability);
    return all;
  }

  std::vector<DeclaredLayout> layouts() const override {
    std::vector<DeclaredLayout> all;
    for (const auto& format : spec::block_formats)
      for (const Packing packing : {Packing::Bytes, Packing::BitStream})
        for (const ScaleOrder order : {ScaleOrder::RowMajor, ScaleOrder::Tile128x4})
          all.push_back({format.type, {packing, order}});
    return all;
  }

  std::vector<DotCapability> dot_capabilities() const override { return cuda_dot_capabilities(); }

  Answers answer(const Cases& cases) override {
    return with_sentences([&] { return LibrarySubject::answer(cases); });
  }
  DotAnswers answer_dot(const DotCases& cases) override {
    return with_sentences([&] { return cuda_dot_answers(cases); });
  }
  void quantize(const spec::Request& request, const TensorGeometry& geometry, spec::FloatType type,
                std::span<const std::byte> source, std::span<std::uint8_t> codes,
                std::span<std::uint8_t> scales, const Tick& tick) override {
    with_sentences([&] { LibrarySubject::quantize(request, geometry, type, source, codes, scales, tick); });
  }
  void dequantize(const spec::Request& request, const TensorGeometry& geometry,
                  std::span<const std::uint8_t> codes, std::span<const std::uint8_t> scales,
                  spec::FloatType type, std::span<std::byte> output, const Tick& tick) override {
    with_sentences([&] { LibrarySubject::dequantize(request, geometry, codes, scales, type, output, tick); });
  }

 protected:
  void encode_elements(const spec::Request& request, const fast::FloatArray& host, MutableCodes codes,
                       int scale_exponent, RandomWords words) override {
    const OnDevice source(host.bytes);
    const OnDevice random(words);
    OnDevice output(codes.size());
    cuda::encode_elements(request, {host.type, source.bytes()}, output.codes(), scale_exponent,
                          random.random_words());
    output.copy_to(codes);
  }

  void decode_elements(const spec::Request& request, Codes codes,
                       const fast::MutableFloatArray& host) override {
    const OnDevice source(codes);
    OnDevice output(host.bytes.size());
    cuda::decode_elements(request, source.codes(), {host.type, output.bytes()});
    output.copy_to(host.bytes);
  }

  void shared_scales(const spec::Request& request, const fast::BlockGrid& grid, const fast::FloatArray& host,
                     MutableCodes scales) override {
    const OnDevice source(host.bytes);
    OnDevice output(scales.size());
    cuda::shared_scales(request, grid, {host.type, source.bytes()}, output.codes());
    output.copy_to(scales);
  }

  void quantize_tensor(const spec::Request& request, const fast::BlockGrid& grid,
                       const fast::FloatArray& host, MutableCodes codes, MutableCodes scales,
                       const TensorStorage& storage, RandomWords words) override {
    const OnDevice source(host.bytes);
    const OnDevice random(words);
    OnDevice device_codes(codes.size());
    OnDevice device_scales(scales.size());
    cuda::quantize_tensor(request, grid, {host.type, source.bytes()}, device_codes.codes(),
                          device_scales.codes(), storage_on_device(storage), random.random_words());
    device_codes.copy_to(codes);
    device_scales.copy_to(scales);
  }

  void dequantize_tensor(const spec::Request& request, const fast::BlockGrid& grid, Codes codes, Codes scales,
                         const fast::MutableFloatArray& host, const TensorStorage& storage) override {
    const OnDevice device_codes(codes);
    const OnDevice device_scales(scales);
    OnDevice output(host.bytes.size());
    cuda::dequantize_tensor(request, grid, device_codes.codes(), device_scales.codes(),
                            {host.type, output.bytes()}, storage_on_device(storage));
    output.copy_to(host.bytes);
  }

  bool has(Operation operation, const TensorStorage& storage) const override {
    return !only_moves(operation) && storage.packing != spec::ElementPacking::GgmlBlock;
  }

 private:
  std::string description_;
};

}  // namespace

#if defined(MXEMU_CUDA_ON_HOST)
std::unique_ptr<Subject> make_cuda_host_subject() {
#elif defined(MXEMU_CUDA_HARDWARE_CVT)
std::unique_ptr<Subject> make_cuda_cvt_subject() {
#else
std::unique_ptr<Subject> make_cuda_subject() {
#endif
  return with_sentences([] { return std::make_unique<CudaSubject>(); });
}

}  // namespace mxemu::conformance
