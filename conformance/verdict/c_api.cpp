// libmxemu_check: the suite behind a C interface.
#include <exception>
#include <limits>
#include <map>
#include <new>

#include "conformance/device/block_view.hpp"
#include "conformance/plugin/mxemu_check.h"
#include "conformance/plugin_subject.hpp"
#include "conformance/verdict/check_report.hpp"
#include "conformance/verdict/check_words.hpp"
#include "conformance/verdict/identity_rows.hpp"
#include "conformance/verdict/judge_tensor.hpp"
#include "conformance/verdict/one_behaviour.hpp"
#include "conformance/verdict/option_words.hpp"
#include "conformance/verdict/request_words.hpp"
#include "reference/packing.hpp"
#include "reference/tensor.hpp"

struct mxemu_check_verdict {
  std::map<std::string, std::string> reports;
};

namespace {

using namespace mxemu;
using namespace mxemu::conformance;

thread_local std::string last_error;

int fail(const char* sentence) noexcept {
  try {
    last_error = sentence;
  } catch (...) {
    last_error.clear();
  }
  return MXEMU_CHECK_ERROR;
}

/// The status that `call` returns, or MXEMU_CHECK_ERROR with its exception as the sentence.
template <class Call>
int guarded(const Call& call) noexcept {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return fail("out of memory");
  } catch (const std::exception& error) {
    return fail(error.what());
  } catch (...) {
    return fail("an unknown exception");
  }
}

void require_pointer(const void* pointer, const char* name) {
  if (pointer == nullptr) throw BadInput(std::string(name) + " is null");
}

template <class T>
T& at(T* pointer, const char* name) {
  require_pointer(pointer, name);
  return *pointer;
}

bool is_yes(const std::string& name, const std::string& word) {
  if (word != "yes" && word != "no") throw BadInput(name + ": \"" + word + "\" is none of yes, no");
  return word == "yes";
}

/// `words` to the suite's options; whether the subject adapts to the request.
bool read_check_options(const char* text, CheckWords& words) {
  std::string only_case;
  std::string adapts = "yes";
  std::string strict = "no";
  words.formats.clear();
  read_options(text, {{"format", &words.formats},
                      {"type", &words.types},
                      {"operation", &words.operations},
                      {"profile", &words.profile},
                      {"level", &words.level},
                      {"check", &words.check},
                      {"seed", &words.seed},
                      {"case", &only_case},
                      {"allow", &words.allowed},
                      {"strict", &strict},
                      {"adapts", &adapts}});
  if (!only_case.empty())
    words.only_case = static_cast<std::uint64_t>(
        parse_integer("case", only_case, 0, std::numeric_limits<std::int64_t>::max()));
  words.strict = is_yes("strict", strict);
  return is_yes("adapts", adapts);
}

SuiteResult run(const mx_subject_functions& functions, const char* text) {
  CheckWords words;
  const bool adapts = read_check_options(text, words);
  SuiteOptions options = words.options();
  options.repro = ReproStyle::Options;
  const auto subject = with_blocks(make_function_subject(functions));
  Identity identity;
  if (words.profile == automatic_profile) judge_by(identity = identify_for(*subject, options), options);
  OneBehaviour one_behaviour(*subject, options);
  SuiteResult result = run_suite(adapts ? *subject : one_behaviour, options);
  add_identity(identity, result);
  return result;
}

/// What judge options say, and the tensor they say it of.
struct JudgeWords {
  RequestWords request;
  std::string format, type = spec::name_of(spec::FloatType::Float32), axis = "-1", block_size, seed;
  std::string packing = spec::name_of(spec::ElementPacking::Bytes);

  explicit JudgeWords(const char* text) {
    read_options(text, {{"format", &format},
                        {"type", &type},
                        {"axis", &axis},
                        {"packing", &packing},
                        {"profile", &request.profile},
                        {"scale_rule", &request.scale_rule},
                        {"rounding", &request.rounding},
                        {"overflow", &request.overflow},
                        {"tail", &request.tail},
                        {"policy", &request.policy},
                        {"block_size", &block_size},
                        {"seed", &seed}});
    constexpr int most = std::numeric_limits<int>::max();
    if (!block_size.empty())
      request.block_size = static_cast<int>(parse_integer("block_size", block_size, 1, most));
    if (!seed.empty())
      request.seed = static_cast<std::uint64_t>(
          parse_integer("seed", seed, 0, std::numeric_limits<std::int64_t>::max()));
  }

  bool is_automatic() const { return request.profile == automatic_profile; }

  spec::Request made() const {
    const auto one = spec::parse_block_format(format);
    if (!one) throw BadInput("format: \"" + format + "\" is none of " + known_names(spec::block_formats));
    if (!is_automatic()) return request.request(*one);
    request.require_unamended();
    RequestWords words = request;
    words.profile = spec::default_profile.name;
    return words.request(*one);
  }

  int axis_number() const {
    return static_cast<int>(
        parse_integer("axis", axis, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
  }
};

TensorVerdict judge(const mxemu_check_tensor& given, const JudgeWords& words) {
  JudgedTensor tensor = {.name = given.name != nullptr ? given.name : "tensor",
                         .profile = words.request.profile,
                         .request = words.made(),
                         .geometry = {.shape = {}, .axis = words.axis_number()},
                         .type = parse_flag<spec::FloatType>("type", words.type)};
  if (given.rank != 0) tensor.geometry.shape.assign(&at(given.shape, "shape"), given.shape + given.rank);
  if (given.number_bytes != 0) require_pointer(given.numbers, "numbers");
  if (given.code_bytes != 0) require_pointer(given.codes, "codes");
  if (given.scale_bytes != 0) require_pointer(given.scales, "scales");
  const std::span<const std::uint8_t> packed(given.codes, given.code_bytes);
  tensor.source = {static_cast<const std::byte*>(given.numbers), given.number_bytes};
  tensor.scales = {given.scales, given.scale_bytes};
  const auto packing = parse_flag<spec::ElementPacking>("packing", words.packing);
  if (packing == spec::ElementPacking::GgmlBlock)
    throw BadInput("packing: ggml_block keeps scales and codes in one array; unpack it first");
  const std::size_t elements =
      reference::make_block_grid(tensor.geometry.shape, tensor.geometry.axis, tensor.request).element_count();
  const int bits = tensor.request.element_format().bits;
  const std::vector<std::uint8_t> codes = reference::unpack_codes(packing, bits, elements, packed);
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (codes[i] >> bits != 0)
      throw BadInput(tensor.name + ": code " + std::to_string(codes[i]) + " at element " + std::to_string(i) +
                     " is wider than the " + std::to_string(bits) + " bits of " +
                     tensor.request.element_format().name);
  tensor.codes = codes;
  return words.is_automatic() ? judge_by_every_profile(tensor) : judge_tensor(tensor);
}

}  // namespace

extern "C" {

uint32_t mxemu_check_version(void) {
  return MXEMU_CHECK_VERSION;
}
const char* mxemu_check_last_error(void) {
  return last_error.c_str();
}

int mxemu_check_run(const mx_subject_functions* subject, const char* options, mxemu_check_verdict** verdict) {
  return guarded([&] {
    at(verdict, "verdict") = nullptr;
    const SuiteResult result = run(at(subject, "subject"), options);
    *verdict = new mxemu_check_verdict{{{"text", to_text(result)},
                                        {"json", to_json(result)},
                                        {"html", to_html(result)},
                                        {"junit", to_junit(result)}}};
    return result.exit_status();
  });
}

int mxemu_check_judge(const mxemu_check_tensor* tensor, const char* options, mxemu_check_verdict** verdict) {
  return guarded([&] {
    at(verdict, "verdict") = nullptr;
    const TensorVerdict result = judge(at(tensor, "tensor"), JudgeWords(options));
    *verdict = new mxemu_check_verdict{{{"text", to_text(result)}, {"json", to_json(std::vector{result})}}};
    return result.passed() ? int{MXEMU_CHECK_PASSED} : int{MXEMU_CHECK_FAILED};
  });
}

const char* mxemu_check_report(const mxemu_check_verdict* verdict, const char* kind) {
  if (verdict == nullptr || kind == nullptr) return nullptr;
  const auto report = verdict->reports.find(kind);
  return report == verdict->reports.end() ? nullptr : report->second.c_str();
}

void mxemu_check_destroy(mxemu_check_verdict* verdict) {
  delete verdict;
}

const char* mxemu_check_list(void) {
  static const std::string list = check_list();
  return list.c_str();
}

}  // extern "C"
