#include "tools/io/safetensors_handler.hpp"

#include <limits>
#include <utility>

#include "tools/io/error.hpp"

namespace mxemu::io {

void SafetensorsHandler::fail(const std::string& fault) const {
  throw FileError(path_, fault);
}

std::string SafetensorsHandler::where() const {
  switch (place_) {
    case Place::Outside:
    case Place::Header: return "header: ";
    case Place::Strings: return "__metadata__ key " + in_quotes(key_) + ": ";
    case Place::Tensor: return tensor_prefix(entries.back().name) + in_quotes(key_) + ": ";
    case Place::List:
      return tensor_prefix(entries.back().name) + key_ + "[" + std::to_string(list_->size()) + "]: ";
  }
  return {};
}

void SafetensorsHandler::unexpected(const std::string& value) const {
  const std::string found = where() + printable(value) + " is not ";
  switch (place_) {
    case Place::Outside: fail(found + "a JSON object");
    case Place::Header: fail(found + "the JSON object that describes tensor " + in_quotes(key_));
    case Place::Strings: fail(found + "a string");
    case Place::Tensor: fail(found + (key_ == "dtype" ? "a string" : "a list of integers"));
    case Place::List: fail(found + "an integer between 0 and 2^63 - 1");
  }
  fail(found + "expected");
}

bool SafetensorsHandler::number_unsigned(number_unsigned_t value) {
  if (place_ != Place::List || value > std::numeric_limits<std::int64_t>::max())
    unexpected(std::to_string(value));
  list_->push_back(static_cast<std::int64_t>(value));
  return true;
}

bool SafetensorsHandler::string(string_t& text) {
  if (place_ == Place::Strings) {
    if (!metadata.emplace(key_, text).second) fail(where() + "the key is there twice");
  } else if (place_ == Place::Tensor && key_ == "dtype") {
    entries.back().dtype = text;
  } else {
    unexpected(in_quotes(text));
  }
  return true;
}

bool SafetensorsHandler::start_object(std::size_t) {
  if (place_ == Place::Outside) {
    place_ = Place::Header;
  } else if (place_ == Place::Header && key_ == "__metadata__") {
    place_ = Place::Strings;
  } else if (place_ == Place::Header) {
    begin_tensor(key_);
  } else {
    unexpected("an object");
  }
  return true;
}

void SafetensorsHandler::begin_tensor(const std::string& name) {
  place_ = Place::Tensor;
  entries.push_back({name, {}, {}, {}});
}

bool SafetensorsHandler::key(string_t& name) {
  key_ = name;
  if (place_ == Place::Header) {
    const bool again =
        name == "__metadata__" ? std::exchange(metadata_seen_, true) : !names_.insert(name).second;
    if (again) fail("header: the key " + in_quotes(name) + " is there twice");
  } else if (place_ == Place::Tensor) {
    const SafetensorsEntry& entry = entries.back();
    const bool again = (name == "dtype" && entry.dtype) || (name == "shape" && entry.shape) ||
                       (name == "data_offsets" && entry.data_offsets);
    if (again) fail(tensor_prefix(entry.name) + "the key " + in_quotes(name) + " is there twice");
    if (name != "dtype" && name != "shape" && name != "data_offsets")
      fail(tensor_prefix(entry.name) + "the key " + in_quotes(name) +
           " is none of dtype, shape and data_offsets");
  }
  return true;
}

bool SafetensorsHandler::end_object() {
  if (place_ == Place::Tensor) check_complete();
  place_ = place_ == Place::Header ? Place::Outside : Place::Header;
  return true;
}

void SafetensorsHandler::check_complete() const {
  const SafetensorsEntry& entry = entries.back();
  const char* const missing = !entry.dtype          ? "dtype"
                              : !entry.shape        ? "shape"
                              : !entry.data_offsets ? "data_offsets"
                                                    : nullptr;
  if (missing != nullptr) fail(tensor_prefix(entry.name) + "the key " + in_quotes(missing) + " is missing");
  if (entry.data_offsets->size() != 2)
    fail(tensor_prefix(entry.name) + "data_offsets holds " + std::to_string(entry.data_offsets->size()) +
         " numbers, not two");
}

bool SafetensorsHandler::start_array(std::size_t) {
  if (place_ != Place::Tensor || key_ == "dtype") unexpected("a list");
  SafetensorsEntry& entry = entries.back();
  list_ = &(key_ == "shape" ? entry.shape : entry.data_offsets).emplace();
  place_ = Place::List;
  return true;
}

bool SafetensorsHandler::end_array() {
  place_ = Place::Tensor;
  return true;
}

bool SafetensorsHandler::parse_error(std::size_t position, const std::string& token,
                                     const nlohmann::detail::exception&) {
  // The parser counts the characters it has read; the header follows the eight bytes of its length.
  fail(byte_prefix(8 + (position == 0 ? 0 : position - 1)) + "the header is not valid JSON at " +
       in_quotes(token));
}

}  // namespace mxemu::io
