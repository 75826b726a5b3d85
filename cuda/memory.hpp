// Device memory for callers that have none of their own: tests, tools, examples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "cuda/backend.hpp"

namespace mxemu::cuda {
inline namespace MXEMU_CUDA_BACKEND {

/// Bytes on the device, aligned to 256, freed with the object. Throws cuda::Error when there is no room.
class Buffer {
 public:
  explicit Buffer(std::size_t bytes = 0);
  ~Buffer();
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;

  std::size_t size() const { return size_; }
  std::byte* data() { return data_; }
  const std::byte* data() const { return data_; }
  std::span<std::byte> bytes() { return {data_, size_}; }
  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::span<std::uint8_t> words() { return {reinterpret_cast<std::uint8_t*>(data_), size_}; }
  std::span<const std::uint8_t> words() const {
    return {reinterpret_cast<const std::uint8_t*>(data_), size_};
  }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Copies between the host and the device, in the order of the stream. The host's bytes are free again, or
/// filled, after `synchronize`.
void copy_to_device(std::span<const std::byte> host, std::byte* device, Stream stream = {});
void copy_to_host(const std::byte* device, std::span<std::byte> host, Stream stream = {});
void fill_bytes(std::byte* device, std::uint8_t value, std::size_t count, Stream stream = {});

/// Waits for everything on the stream. Throws cuda::Error with what a kernel did wrong.
void synchronize(Stream stream = {});

/// What the backend runs on: "NVIDIA H200, sm_90, CUDA 13.0" (the newest that the driver knows), or "this
/// machine, one thread at a time". Throws cuda::Error, in one sentence, when there is no GPU that can be
/// used.
std::string device_name();

}  // namespace MXEMU_CUDA_BACKEND
}  // namespace mxemu::cuda
