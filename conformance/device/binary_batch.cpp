#include "conformance/device/binary_batch.hpp"

#include <cstring>

#include "conformance/device/answer_text.hpp"
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
  const std::size_t begin = first * cases.elements;
  const std::size_t end = last * cases.elements;
  std::string bytes;
  if (takes_scale(cases.operation)) append_bytes(cases.scales.data(), first, last, 1, bytes);
  if (takes_numbers(cases.operation))
    append_bytes(cases.numbers.bytes().data(), begin, end, width_of(cases), bytes);
  else
    append_bytes(cases.codes.data(), begin, end, 1, bytes);
  const bool stochastic = cases.request.rounding.mode == spec::RoundingMode::Stochastic;
  if (!stochastic || !gives_codes(cases.operation)) return bytes;
  for (std::size_t i = begin; i < end; ++i)
    for (int shift = 0; shift < 32; shift += 8)
      bytes += static_cast<char>(cases.random_words[i] >> shift & 0xff);
  return bytes;
}

std::size_t batch_answer_bytes(const Cases& cases, std::size_t count) {
  return (gives_scale(cases.operation) ? count : 0) +
         (gives_codes(cases.operation) ? count * cases.elements : 0) +
         (gives_numbers(cases.operation) ? count * cases.elements * width_of(cases) : 0);
}

std::string take_batch_answer(const Cases& cases, std::size_t first, std::size_t last, std::string_view bytes,
                              Answers& answers) {
  const std::size_t begin = first * cases.elements;
  const std::size_t elements = (last - first) * cases.elements;
  if (gives_scale(cases.operation)) {
    const std::string_view scales = take_front(bytes, last - first);
    std::memcpy(answers.scales.data() + first, scales.data(), scales.size());
  }
  if (gives_numbers(cases.operation)) {
    const std::string_view numbers = take_front(bytes, elements * width_of(cases));
    std::memcpy(answers.numbers.bytes().data() + begin * width_of(cases), numbers.data(), numbers.size());
  }
  if (!gives_codes(cases.operation)) return {};
  const std::string_view codes = take_front(bytes, elements);
  std::memcpy(answers.codes.data() + begin, codes.data(), codes.size());
  for (std::size_t i = begin; i < begin + elements; ++i) {
    const std::string complaint = complain_of_code(cases.request.element_format(), answers.codes[i]);
    if (!complaint.empty())
      return complaint + " (case " + std::to_string(i / cases.elements - first) + " of the batch, element " +
             std::to_string(i % cases.elements) + ")";
  }
  return {};
}

}  // namespace mxemu::conformance
