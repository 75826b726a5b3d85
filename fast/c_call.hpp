// What every function of the C ABI does around its call: checks what C cannot express, and lets no exception
// through.
#pragma once

#include <charconv>
#include <exception>
#include <initializer_list>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>

#include "fast/mxemu.h"
#include "fast/mxemu.hpp"

struct mxemu_request {
  mxemu::spec::Request request;
};

namespace mxemu::c_api {

/// Leaves a sentence for mxemu_last_error().
mxemu_status fail(mxemu_status status, const char* sentence) noexcept;

/// As mxemu_set_isa() has it.
fast::Execution execution();

/// An instruction set that is not here: the one failure that is nobody's argument.
struct NotSupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class Call>
mxemu_status guarded(const Call& call) noexcept {
  try {
    call();
    return MXEMU_OK;
  } catch (const NotSupported& error) {
    return fail(MXEMU_NOT_SUPPORTED, error.what());
  } catch (const std::invalid_argument& error) {
    return fail(MXEMU_INVALID_ARGUMENT, error.what());
  } catch (const std::bad_alloc&) {
    return fail(MXEMU_INTERNAL_ERROR, "out of memory");
  } catch (const std::exception& error) {
    return fail(MXEMU_INTERNAL_ERROR, error.what());
  } catch (...) {
    return fail(MXEMU_INTERNAL_ERROR, "an unknown exception");
  }
}

inline void require(bool condition, const std::string& sentence) {
  if (!condition) throw std::invalid_argument(sentence);
}

template <class T>
T& at(T* pointer, const char* name) {
  require(pointer != nullptr, std::string(name) + " is null");
  return *pointer;
}

/// A buffer of the caller's, named for the sentence.
struct Buffer {
  const char* name;
  const void* data;
  std::uint64_t bytes;
};

inline void require_buffer(const Buffer& buffer) {
  require(buffer.data != nullptr || buffer.bytes == 0, std::string(buffer.name) + " is null");
  require(buffer.bytes <= std::numeric_limits<std::size_t>::max() / 2,
          std::string(buffer.name) + " has " + std::to_string(buffer.bytes) +
              " bytes, more than there is memory");
}

inline bool overlap(const Buffer& a, const Buffer& b) {
  const auto first = reinterpret_cast<std::uintptr_t>(a.data);
  const auto second = reinterpret_cast<std::uintptr_t>(b.data);
  return a.bytes != 0 && b.bytes != 0 && first < second + b.bytes && second < first + a.bytes;
}

/// Every buffer usable; those after the first `inputs` are written, and a written one overlaps no other.
inline void require_buffers(std::size_t inputs, std::initializer_list<Buffer> buffers) {
  for (const Buffer& buffer : buffers) require_buffer(buffer);
  const Buffer* all = buffers.begin();
  for (std::size_t written = inputs; written < buffers.size(); ++written)
    for (std::size_t other = 0; other < written; ++other)
      require(!overlap(all[written], all[other]),
              std::string(all[written].name) + " and " + all[other].name + " overlap");
}

inline spec::FloatType float_type(mxemu_float_type type) {
  const auto index = static_cast<unsigned>(type);
  require(index < std::size(spec::float_formats), "unknown floating-point type " + std::to_string(index));
  return static_cast<spec::FloatType>(index);
}

inline spec::ElementPacking element_packing(mxemu_packing packing) {
  const auto index = static_cast<unsigned>(packing);
  require(index <= MXEMU_BIT_STREAM, "unknown packing " + std::to_string(index));
  return static_cast<spec::ElementPacking>(index);
}

inline fast::BlockGrid block_grid(const spec::Request& request, const mxemu_grid& grid) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::uint64_t extent : {grid.outer, grid.length, grid.inner})
    require(extent <= most, "extent " + std::to_string(extent) + " is beyond 2^63 - 1");
  const std::int64_t shape[] = {static_cast<std::int64_t>(grid.outer), static_cast<std::int64_t>(grid.length),
                                static_cast<std::int64_t>(grid.inner)};
  return fast::make_block_grid(shape, 1, request);
}

inline std::span<const std::uint32_t> words_of(const std::uint32_t* random_words, std::size_t count) {
  return random_words == nullptr ? std::span<const std::uint32_t>() : std::span(random_words, count);
}

/// A decimal integer from `low` to `high`.
template <class Integer>
Integer parse_integer(const char* name, const std::string& text, Integer low, Integer high) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  require(error == std::errc{} && end == text.data() + text.size() && value >= low && value <= high,
          std::string(name) + ": \"" + text + "\" is no integer from " + std::to_string(low) + " to " +
              std::to_string(high));
  return value;
}

/// The enumerator of a word.
template <class Enum>
Enum parse_word(const char* name, const std::string& text) {
  const std::optional<Enum> value = spec::parse_word<Enum>(text);
  require(value.has_value(), std::string(name) + ": no word \"" + text + "\"");
  return *value;
}

inline const std::byte* bytes_of(const void* data) {
  return static_cast<const std::byte*>(data);
}
inline std::byte* bytes_of(void* data) {
  return static_cast<std::byte*>(data);
}

}  // namespace mxemu::c_api
