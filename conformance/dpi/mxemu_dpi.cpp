// The functions behind mxemu_pkg.sv: arguments checked and unpacked, no exception let through.
#include "conformance/dpi/mxemu_dpi.h"

#include <exception>
#include <span>
#include <stdexcept>
#include <string>

#include "conformance/dpi/care.hpp"
#include "conformance/dpi/golden_model.hpp"
#include "conformance/dpi/lanes.hpp"

namespace {

using namespace mxemu;
using namespace mxemu::conformance;
using dpi::GoldenModel;

thread_local std::string last_error;

template <class Call>
int guarded(const Call& call) noexcept {
  try {
    call();
    return 0;
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "an unknown exception";
  }
  return 1;
}

void require(bool condition, const std::string& sentence) {
  if (!condition) throw std::invalid_argument(sentence);
}

template <class T>
T& at(T* pointer, const char* name) {
  require(pointer != nullptr, std::string(name) + " is null");
  return *pointer;
}

GoldenModel& model_of(void* request) {
  return at(static_cast<GoldenModel*>(request), "the request");
}

constexpr unsigned words_per_number_lane = 2;
constexpr unsigned codes_per_word = 4;

/// A block of a request, and the vectors that it stands in.
class Block {
 public:
  Block(void* request, unsigned lanes, unsigned count)
      : model_(model_of(request)), lanes_(lanes), count_(count) {
    const int block_size = model_.request().block_size;
    require(count >= 1 && count <= static_cast<unsigned>(block_size),
            "count: " + std::to_string(count) + " numbers in a block of " + std::to_string(block_size));
    require(count <= lanes, "count: " + std::to_string(count) + " numbers in vectors of " +
                                std::to_string(lanes) + " lanes; MXEMU_LANES gives the package more");
  }

  GoldenModel& model() const { return model_; }

  Cases with_numbers(Operation operation, const uint32_t* numbers, const uint32_t* random_words) const {
    Cases one = model_.make_case(operation, count_);
    const std::span vector(&at(numbers, "numbers"), number_words());
    for (unsigned i = 0; i < count_; ++i) one.numbers.set(i, dpi::lane(vector, number_bits(), i));
    if (gives_codes(operation) && one.request.rounding.mode == spec::RoundingMode::Stochastic)
      one.random_words.assign(&at(random_words, "random_words"), random_words + count_);
    return one;
  }

  Cases with_codes(unsigned char scale, const uint32_t* codes) const {
    Cases one = model_.make_case(Operation::Dequantize, count_);
    one.scales = {scale};
    one.codes = codes_in(codes);
    return one;
  }

  std::vector<std::uint8_t> codes_in(const uint32_t* codes) const {
    const std::span vector(&at(codes, "codes"), code_words());
    std::vector<std::uint8_t> list(count_);
    for (unsigned i = 0; i < count_; ++i)
      list[i] = static_cast<std::uint8_t>(dpi::lane(vector, code_bits(), i));
    return list;
  }

  Numbers numbers_in(const uint32_t* numbers) const {
    return with_numbers(Operation::Scale, numbers, nullptr).numbers;
  }

  /// Lane i of `codes` becomes code_of(i), the other lanes zero.
  void set_codes(uint32_t* codes, const auto& code_of) const {
    set_lanes({&at(codes, "codes"), code_words()}, code_bits(), code_of);
  }
  void set_numbers(uint32_t* numbers, const auto& number_of) const {
    set_lanes({&at(numbers, "numbers"), number_words()}, number_bits(), number_of);
  }

 private:
  std::size_t number_bits() const { return static_cast<std::size_t>(model_.number_format().bits); }
  std::size_t code_bits() const { return static_cast<std::size_t>(model_.request().element_format().bits); }
  std::size_t number_words() const { return std::size_t{lanes_} * words_per_number_lane; }
  std::size_t code_words() const { return (std::size_t{lanes_} + codes_per_word - 1) / codes_per_word; }

  void set_lanes(std::span<uint32_t> vector, std::size_t width, const auto& bits_of) const {
    for (uint32_t& word : vector) word = 0;
    for (unsigned i = 0; i < count_; ++i) dpi::set_lane(vector, width, i, bits_of(i));
  }

  GoldenModel& model_;
  unsigned lanes_;
  unsigned count_;
};

void judge(const Block& block, const Cases& one, const Answers& got, int* conforms) {
  at(conforms, "conforms") = block.model().judge(one, got) ? 1 : 0;
}

}  // namespace

extern "C" {

const char* mxemu_dpi_last_error(void) {
  return last_error.c_str();
}

void* mxemu_dpi_make_request(const char* format, const char* options) {
  void* request = nullptr;
  guarded([&] {
    request = new GoldenModel(dpi::parse_request_words(&at(format, "format"), &at(options, "options")));
  });
  return request;
}

void mxemu_dpi_free_request(void* request) {
  delete static_cast<GoldenModel*>(request);
}

unsigned int mxemu_dpi_number_bits(void* request) {
  return request == nullptr ? 0
                            : static_cast<unsigned>(static_cast<GoldenModel*>(request)->number_format().bits);
}

unsigned int mxemu_dpi_code_bits(void* request) {
  return request == nullptr
             ? 0
             : static_cast<unsigned>(static_cast<GoldenModel*>(request)->request().element_format().bits);
}

int mxemu_dpi_encode_element(void* request, unsigned long long number, unsigned char scale,
                             unsigned int random_word, unsigned char* code) {
  return guarded([&] {
    const GoldenModel& model = model_of(request);
    const int bits = model.number_format().bits;
    require(bits == 64 || number >> bits == 0, "number: more than " + std::to_string(bits) + " bits");
    Cases one = model.make_case(Operation::EncodeScaled, 1);
    one.numbers.set(0, number);
    one.scales = {scale};
    if (model.request().rounding.mode == spec::RoundingMode::Stochastic) one.random_words = {random_word};
    at(code, "code") = model.answer(one).codes[0];
  });
}

int mxemu_dpi_decode_element(void* request, unsigned char code, unsigned char scale,
                             unsigned long long* number) {
  return guarded([&] {
    const GoldenModel& model = model_of(request);
    Cases one = model.make_case(Operation::Dequantize, 1);
    require(code < model.request().element_format().code_count(), "code: wider than the format");
    one.scales = {scale};
    one.codes = {code};
    at(number, "number") = model.answer(one).numbers.at(0);
  });
}

int mxemu_dpi_shared_scale(void* request, unsigned int lanes, unsigned int count, const uint32_t* numbers,
                           unsigned char* scale) {
  return guarded([&] {
    const Block block(request, lanes, count);
    const Answers exact = block.model().answer(block.with_numbers(Operation::Scale, numbers, nullptr));
    at(scale, "scale") = exact.scales[0];
  });
}

int mxemu_dpi_quantize_block(void* request, unsigned int lanes, unsigned int count, const uint32_t* numbers,
                             const uint32_t* random_words, unsigned char* scale, uint32_t* codes) {
  return guarded([&] {
    const Block block(request, lanes, count);
    const Answers exact =
        block.model().answer(block.with_numbers(Operation::Quantize, numbers, random_words));
    at(scale, "scale") = exact.scales[0];
    block.set_codes(codes, [&](unsigned i) { return exact.codes[i]; });
  });
}

int mxemu_dpi_dequantize_block(void* request, unsigned int lanes, unsigned int count, unsigned char scale,
                               const uint32_t* codes, uint32_t* numbers) {
  return guarded([&] {
    const Block block(request, lanes, count);
    const Answers exact = block.model().answer(block.with_codes(scale, codes));
    block.set_numbers(numbers, [&](unsigned i) { return exact.numbers.at(i); });
  });
}

int mxemu_dpi_expect_block(void* request, unsigned int lanes, unsigned int count, const uint32_t* numbers,
                           const uint32_t* random_words, unsigned char* scale, unsigned char* scale_care,
                           uint32_t* codes, uint32_t* codes_care) {
  return guarded([&] {
    const Block block(request, lanes, count);
    const Cases one = block.with_numbers(Operation::Quantize, numbers, random_words);
    const Answers exact = block.model().answer(one);
    at(scale, "scale") = exact.scales[0];
    at(scale_care, "scale_care") =
        dpi::scale_care(one.request.scale_format(), vectors::expected_scale(one, exact, 0));
    block.set_codes(codes, [&](unsigned i) { return exact.codes[i]; });
    block.set_codes(codes_care, [&](unsigned i) {
      return dpi::code_care(one.request.element_format(), vectors::expected_code(one, exact, i));
    });
  });
}

int mxemu_dpi_expect_numbers(void* request, unsigned int lanes, unsigned int count, unsigned char scale,
                             const uint32_t* codes, uint32_t* numbers, uint32_t* numbers_care) {
  return guarded([&] {
    const Block block(request, lanes, count);
    const Cases one = block.with_codes(scale, codes);
    const Answers exact = block.model().answer(one);
    block.set_numbers(numbers, [&](unsigned i) { return exact.numbers.at(i); });
    block.set_numbers(numbers_care, [&](unsigned i) {
      return dpi::number_care(block.model().number_format(), vectors::expected_number(one, exact, i));
    });
  });
}

int mxemu_dpi_judge_scale(void* request, unsigned int lanes, unsigned int count, const uint32_t* numbers,
                          unsigned char scale, int* conforms) {
  return guarded([&] {
    const Block block(request, lanes, count);
    judge(block, block.with_numbers(Operation::Scale, numbers, nullptr), {.scales = {scale}}, conforms);
  });
}

int mxemu_dpi_judge_block(void* request, unsigned int lanes, unsigned int count, const uint32_t* numbers,
                          const uint32_t* random_words, unsigned char scale, const uint32_t* codes,
                          int* conforms) {
  return guarded([&] {
    const Block block(request, lanes, count);
    judge(block, block.with_numbers(Operation::Quantize, numbers, random_words),
          {.codes = block.codes_in(codes), .scales = {scale}}, conforms);
  });
}

int mxemu_dpi_judge_codes(void* request, unsigned int lanes, unsigned int count, unsigned char scale,
                          const uint32_t* numbers, const uint32_t* random_words, const uint32_t* codes,
                          int* conforms) {
  return guarded([&] {
    const Block block(request, lanes, count);
    Cases one = block.with_numbers(Operation::EncodeScaled, numbers, random_words);
    one.scales = {scale};
    judge(block, one, {.codes = block.codes_in(codes)}, conforms);
  });
}

int mxemu_dpi_judge_numbers(void* request, unsigned int lanes, unsigned int count, unsigned char scale,
                            const uint32_t* codes, const uint32_t* numbers, int* conforms) {
  return guarded([&] {
    const Block block(request, lanes, count);
    judge(block, block.with_codes(scale, codes), {.numbers = block.numbers_in(numbers)}, conforms);
  });
}

int mxemu_dpi_reject_unknown(void* request, const char* what) {
  return guarded([&] { model_of(request).reject_unknown(&at(what, "what")); });
}

const char* mxemu_dpi_explanation(void* request) {
  return request == nullptr ? "" : static_cast<GoldenModel*>(request)->explanation().c_str();
}

int mxemu_dpi_coverage(void* request, const char* bin, unsigned long long* count) {
  return guarded([&] { at(count, "count") = model_of(request).coverage(&at(bin, "bin")); });
}

const char* mxemu_dpi_coverage_text(void* request) {
  return request == nullptr ? "" : static_cast<GoldenModel*>(request)->coverage_text().c_str();
}

}  // extern "C"
