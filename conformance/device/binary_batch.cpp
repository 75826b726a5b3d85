#include "conformance/device/binary_batch.hpp"

#include <cstring>

#include "conformance/device/answer_text.hpp"
#include "conformance/device/canonical_request.hpp"
#include "conformance/device/request_text.hpp"

namespace mxemu::conformance {
namespace {

std::size_t width_of(const Cases& cases) {
  return static_cast<std::size_t>(spec::format_of(cases.type()).bytes());
}

/// Elements `first` <= i < `last` of an array of `width` bytes each.
void append_bytes(const void* bytes, std::size_t first, std::size_t last, std::size_t width,
                  std::string& out) {
  out.append(static_cast<const char*>(bytes) + first * width, (last - first) * width);
}

/// Takes `count` bytes off the front.
std::string_view take_front(std::string_view& bytes, std::size_t count) {
  const std::string_view front = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return front;
}

}  // namespace

std::string batch_header(const Cases& cases, std::size_t count, std::size_t bytes) {
  return "binary " + std::to_string(bytes) + " " + std::to_string(count) + " " +
         std::to_string(cases.elements) + " " + request_text(cases);
}

std::string batch_bytes(const Cases& cases, std::size_t first, std::size_t last) {
  const ArraySizes taken = cases.taken();
  std::string bytes;
  append_bytes(cases.scales.data(), first * taken.scales, last * taken.scales, 1, bytes);
  append_bytes(cases.numbers.bytes().data(), first * taken.numbers, last * taken.numbers, width_of(cases),
               bytes);
  append_bytes(cases.codes.data(), first * taken.codes, last * taken.codes, 1, bytes);
  const bool stochastic = cases.request.rounding.mode == spec::RoundingMode::Stochastic;
  if (!stochastic || !uses_rounding(cases.operation)) return bytes;
  const std::size_t begin = first * cases.elements;
  const std::size_t end = last * cases.elements;
  for (std::size_t i = begin; i < end; ++i)
    for (int shift = 0; shift < 32; shift += 8)
      bytes += static_cast<char>(cases.random_words[i] >> shift & 0xff);
  return bytes;
}

std::size_t batch_answer_bytes(const Cases& cases, std::size_t count) {
  const ArraySizes given = cases.given();
  return count * (given.scales + given.codes + given.numbers * width_of(cases));
}

std::string take_batch_answer(const Cases& cases, std::size_t first, std::size_t last, std::string_view bytes,
                              Answers& answers) {
  const ArraySizes given = cases.given();
  const std::size_t count = last - first;
  const auto take = [&](void* array, std::size_t size) {
    const std::string_view front = take_front(bytes, count * size);
    if (!front.empty()) std::memcpy(static_cast<char*>(array) + first * size, front.data(), front.size());
  };
  take(answers.scales.data(), given.scales);
  take(answers.numbers.bytes().data(), given.numbers * width_of(cases));
  take(answers.codes.data(), given.codes);
  const std::uint8_t largest = largest_code(cases);
  for (std::size_t i = first * given.codes; i < last * given.codes; ++i)
    if (answers.codes[i] > largest)
      return complain_of_code(cases.request.element_format(), answers.codes[i]) + " (case " +
             std::to_string(i / given.codes - first) + " of the batch, element " +
             std::to_string(i % given.codes) + ")";
  return {};
}

}  // namespace mxemu::conformance
