// The file formats this library reads and writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace mxemu::io {

enum class Container : std::uint8_t { Safetensors, Npy, Gguf, Raw };

constexpr const char* name_of(Container container) {
  switch (container) {
    case Container::Safetensors: return "safetensors";
    case Container::Npy: return "npy";
    case Container::Gguf: return "gguf";
    case Container::Raw: return "raw";
  }
  return "";
}

constexpr std::optional<Container> parse_container(std::string_view name) {
  for (const auto container : {Container::Safetensors, Container::Npy, Container::Gguf, Container::Raw})
    if (name == name_of(container)) return container;
  return std::nullopt;
}

/// The container that the extension names: .safetensors, .npy, .gguf, .raw or .bin; nothing for any other.
inline std::optional<Container> container_of_extension(const std::filesystem::path& path) {
  const auto extension = path.extension().string();
  if (extension.empty()) return std::nullopt;
  return extension == ".bin" ? Container::Raw : parse_container(std::string_view(extension).substr(1));
}

}  // namespace mxemu::io
