#include "cuda/memory.hpp"

#include <cstring>
#include <new>
#include <utility>

#include "cuda/kernel.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

#if defined(MXEMU_CUDA_ON_HOST)

// Exactly as many bytes as asked for: a sanitizer sees what a kernel touches beyond them.
static std::byte* allocate(std::size_t bytes) {
  return static_cast<std::byte*>(::operator new (bytes, std::align_val_t{256}));
}
static void release(std::byte* data) noexcept {
  ::operator delete (data, std::align_val_t{256});
}
static void copy(void* to, const void* from, std::size_t bytes, bool, Stream) {
  std::memcpy(to, from, bytes);
}
static void fill(void* to, std::uint8_t value, std::size_t bytes, Stream) {
  std::memset(to, value, bytes);
}
void synchronize(Stream) {}

#else

static std::byte* allocate(std::size_t bytes) {
  void* data = nullptr;
  require_success(cudaMalloc(&data, bytes), "allocating memory on the GPU");
  return static_cast<std::byte*>(data);
}
static void release(std::byte* data) noexcept {
  static_cast<void>(cudaFree(data));  // fails only after what has been reported already
}
static void copy(void* to, const void* from, std::size_t bytes, bool to_device, Stream stream) {
  require_success(
      cudaMemcpyAsync(to, from, bytes, to_device ? cudaMemcpyHostToDevice : cudaMemcpyDeviceToHost, stream),
      to_device ? "copying to the GPU" : "copying from the GPU");
}
static void fill(void* to, std::uint8_t value, std::size_t bytes, Stream stream) {
  require_success(cudaMemsetAsync(to, value, bytes, stream), "filling memory on the GPU");
}
void synchronize(Stream stream) {
  require_success(cudaStreamSynchronize(stream), "waiting for the GPU");
}

#endif

Buffer::Buffer(std::size_t bytes) : data_(bytes == 0 ? nullptr : allocate(bytes)), size_(bytes) {}

Buffer::~Buffer() {
  if (data_ != nullptr) release(data_);
}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void copy_to_device(std::span<const std::byte> host, std::byte* device, Stream stream) {
  if (!host.empty()) copy(device, host.data(), host.size(), true, stream);
}

void copy_to_host(const std::byte* device, std::span<std::byte> host, Stream stream) {
  if (!host.empty()) copy(host.data(), device, host.size(), false, stream);
}

void fill_bytes(std::byte* device, std::uint8_t value, std::size_t count, Stream stream) {
  if (count != 0) fill(device, value, count, stream);
}

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
