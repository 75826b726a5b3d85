#include "conformance/device/request_text.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "conformance/device/canonical_request.hpp"
#include "conformance/device/hex_words.hpp"

namespace mxemu::conformance {
namespace {

void require_count(const char* what, std::size_t got, std::size_t wanted) {
  if (got != wanted)
    throw std::invalid_argument(std::string(what) + ": " + std::to_string(got) + " where " +
                                std::to_string(wanted) + " are needed");
}

/// Every array of the batch, once: the writing itself looks no more.
void require_arrays(const Cases& cases) {
  if (cases.elements == 0) throw std::invalid_argument("a case has at least one element");
  if (is_tensor(cases.operation)) require_count("elements", cases.elements, cases.storage.element_count());
  const std::size_t count = cases.count();
  const ArraySizes taken = cases.taken();
  const bool stochastic =
      uses_rounding(cases.operation) && cases.request.rounding.mode == spec::RoundingMode::Stochastic;
  require_count("scales", cases.scales.size(), count * taken.scales);
  require_count("numbers", cases.numbers.size(), count * taken.numbers);
  require_count("codes", cases.codes.size(), count * taken.codes);
  if (stochastic) require_count("random words", cases.random_words.size(), count * cases.elements);
}

}  // namespace

std::string option_text(Operation operation, const spec::Request& request, std::size_t elements) {
  const spec::Request canonical = canonical_request(operation, request, elements);
  std::string text;
  const spec::Policy standard = {};
  std::vector<int> defaults;
  spec::for_each_freedom(standard,
                         [&](const char*, auto value) { defaults.push_back(static_cast<int>(value)); });
  std::size_t freedom = 0;
  spec::for_each_freedom(canonical.policy, [&](const char* name, auto value) {
    if (static_cast<int>(value) != defaults[freedom++])
      text += std::string(" ") + name + "=" + spec::name_of(value);
  });
  if (canonical.block_size != canonical.block_format().k)
    text += " block_size=" + std::to_string(canonical.block_size);
  if (canonical.rounding.random_bits != spec::Rounding{}.random_bits)
    text += " random_bits=" + std::to_string(canonical.rounding.random_bits);
  return text;
}

std::string request_text(const Cases& cases) {
  const Operation operation = cases.operation;
  const spec::Request& request = cases.request;
  return std::string(spec::name_of(operation)) + " " + request.block_format().name + " " +
         spec::name_of(cases.type()) + " " +
         (uses_scale_rule(operation) ? spec::name_of(request.scale_rule) : "*") + " " +
         (uses_rounding(operation) ? spec::name_of(request.rounding.mode) : "*") +
         (is_tensor(operation) ? storage_text(cases.storage) : "") +
         option_text(operation, request, cases.shortest_block());
}

std::string storage_text(const Storage& storage) {
  return " shape=" + storage.shape_text() + " axis=" + std::to_string(storage.axis()) +
         " packing=" + spec::name_of(storage.layout.packing) +
         " scales=" + spec::name_of(storage.layout.scales);
}

CaseWriter::CaseWriter(const Cases& cases)
    : cases_(&cases),
      start_(request_text(cases) + " -"),
      width_(static_cast<std::size_t>(spec::format_of(cases.type()).bytes())),
      digits_(is_tensor(cases.operation) ? 2 : code_digits(cases.request.element_format())) {
  require_arrays(cases);
  taken_ = cases.taken();
  // Scales and codes of two digits, numbers of at most 16 and a random word each, and the dash between them.
  longest_ = start_.size() + 8 + 3 * (taken_.scales + taken_.codes) + cases.elements * (17 + 9);
}

void CaseWriter::append(std::size_t index, std::string& out) const {
  const std::size_t old_size = out.size();
  out.resize(old_size + longest_);
  char* end = write(index, out.data() + old_size);
  *end++ = '\n';
  out.resize(static_cast<std::size_t>(end - out.data()));
}

std::string CaseWriter::line(std::size_t index) const {
  std::string text(longest_, '\0');
  text.resize(static_cast<std::size_t>(write(index, text.data()) - text.data()));
  return text;
}

char* CaseWriter::write(std::size_t index, char* out) const {
  const ArraySizes taken = taken_;  // not to be looked up again after every byte that is written
  out = std::copy(start_.begin(), start_.end(), out);
  for (std::size_t i = index * taken.scales; i < (index + 1) * taken.scales; ++i) {
    *out++ = ' ';
    out = write_hex_byte(out, cases_->scales[i]);
  }
  const std::byte* bytes = cases_->numbers.bytes().data();
  for (std::size_t i = index * taken.numbers; i < (index + 1) * taken.numbers; ++i) {
    *out++ = ' ';
    out = write_hex_number(out, bytes + i * width_, width_);
  }
  for (std::size_t i = index * taken.codes; i < (index + 1) * taken.codes; ++i) {
    *out++ = ' ';
    out = write_hex_code(out, cases_->codes[i], digits_);
  }
  const bool stochastic = cases_->request.rounding.mode == spec::RoundingMode::Stochastic;
  if (!stochastic || !uses_rounding(cases_->operation)) return out;
  *out++ = ' ';
  *out++ = '-';
  for (std::size_t i = index * cases_->elements; i < (index + 1) * cases_->elements; ++i) {
    *out++ = ' ';
    out = write_hex_word(out, cases_->random_words[i]);
  }
  return out;
}

}  // namespace mxemu::conformance
