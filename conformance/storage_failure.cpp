#include "conformance/storage_failure.hpp"

#include "conformance/describe.hpp"
#include "conformance/device/request_text.hpp"

namespace mxemu::conformance {
namespace {

/// "[1,7]": where element `index` of the tensor stands.
std::string position_text(const Storage& storage, std::size_t index) {
  std::string text;
  for (std::size_t i = storage.geometry.shape.size(); i-- > 0;) {
    const auto extent = static_cast<std::size_t>(storage.geometry.shape[i]);
    text = std::to_string(index % extent) + (text.empty() ? "" : ",") + text;
    index /= extent;
  }
  return "[" + text + "]";
}

class StorageExplanation {
 public:
  StorageExplanation(const Cases& cases, const Answers& expected, const Answers& got, const Mismatch& at)
      : cases_(cases), expected_(expected), got_(got), at_(at) {}

  Failure failure(std::uint64_t case_number) {
    failure_.case_index = case_number;
    failure_.in_scale = at_.in_scale;
    failure_.element = at_.element;
    add("request", request_text(cases_));
    add("where", "case " + std::to_string(case_number) + ", " + place());
    if (gives_numbers(cases_.operation))
      explain_number();
    else
      explain_byte();
    return failure_;
  }

 private:
  void add(std::string label, std::string text) {
    failure_.lines.push_back({std::move(label), std::move(text)});
  }

  std::string element_text() const {
    return "element " + std::to_string(at_.element) + " " + position_text(cases_.storage, at_.element);
  }

  std::string place() const {
    if (gives_numbers(cases_.operation)) return element_text();
    if (cases_.operation == Operation::Unpack)
      return at_.in_scale ? "the scale of block " + std::to_string(at_.element)
                          : "the code of " + element_text();
    return "byte " + std::to_string(at_.element) + (at_.in_scale ? " of the scales" : " of the codes");
  }

  void explain_number() {
    const spec::FloatFormat& format = spec::format_of(cases_.type());
    const std::size_t index = at_.case_index * cases_.elements + at_.element;
    failure_.expected = expected_.numbers.at(index);
    failure_.got = got_.numbers.at(index);
    const auto text = [&](std::uint64_t bits) {
      return hex(bits, format.bits / 4) + "   " + hex_float(format, bits) + "   " +
             describe(reference::decode_float(format, bits));
    };
    add("expected", text(failure_.expected));
    add("got", text(failure_.got));
  }

  void explain_byte() {
    const ArraySizes given = cases_.given();
    const std::size_t size = at_.in_scale ? given.scales : given.codes;
    const auto& wanted = at_.in_scale ? expected_.scales : expected_.codes;
    const auto& came = at_.in_scale ? got_.scales : got_.codes;
    failure_.expected = wanted[at_.case_index * size + at_.element];
    failure_.got = came[at_.case_index * size + at_.element];
    std::string holds;
    if (cases_.operation != Operation::Unpack)
      holds = "   " + (at_.in_scale ? describe_scale_byte(cases_.storage, cases_.request, at_.element)
                                    : describe_code_byte(cases_.storage, cases_.request, at_.element));
    add("expected", hex(failure_.expected, 2) + holds);
    add("got", hex(failure_.got, 2));
  }

  const Cases& cases_;
  const Answers& expected_;
  const Answers& got_;
  const Mismatch& at_;
  Failure failure_;
};

}  // namespace

Failure explain_storage_failure(const Cases& cases, const Answers& expected, const Answers& got,
                                const Mismatch& at, std::uint64_t case_number) {
  return StorageExplanation(cases, expected, got, at).failure(case_number);
}

}  // namespace mxemu::conformance
