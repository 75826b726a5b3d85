#include "device_array.hpp"

#include <algorithm>
#include <cstring>

namespace mxemu::cuda_tests {
namespace {

constexpr std::uint8_t canary = 0xa5;

}  // namespace

DeviceArray::DeviceArray(std::size_t size, std::size_t offset)
    : size_(size), offset_(offset), buffer_(margin + offset + size + margin) {
  cuda::fill_bytes(buffer_.data(), canary, buffer_.size());
}

DeviceArray::DeviceArray(std::span<const std::byte> content, std::size_t offset)
    : DeviceArray(content.size(), offset) {
  cuda::copy_to_device(content, bytes().data());
}

std::vector<std::byte> DeviceArray::everything() const {
  std::vector<std::byte> all(buffer_.size());
  cuda::copy_to_host(buffer_.data(), all);
  cuda::synchronize();
  return all;
}

std::vector<std::byte> DeviceArray::read() const {
  const std::vector<std::byte> all = everything();
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(margin + offset_);
  return {first, first + static_cast<std::ptrdiff_t>(size_)};
}

std::vector<std::uint8_t> DeviceArray::read_codes() const {
  const std::vector<std::byte> bytes = read();
  std::vector<std::uint8_t> codes(bytes.size());
  if (!bytes.empty()) std::memcpy(codes.data(), bytes.data(), bytes.size());
  return codes;
}

bool DeviceArray::canaries_live() const {
  const std::vector<std::byte> all = everything();
  const auto is_canary = [](std::byte byte) { return byte == std::byte{canary}; };
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(margin + offset_);
  return std::all_of(all.begin(), first, is_canary) &&
         std::all_of(first + static_cast<std::ptrdiff_t>(size_), all.end(), is_canary);
}

}  // namespace mxemu::cuda_tests
