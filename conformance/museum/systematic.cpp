#include "conformance/museum/systematic.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>

#include "conformance/museum/converter.hpp"

namespace mxemu::conformance::museum {
namespace {

constexpr spec::FloatType types[] = {spec::FloatType::Float32, spec::FloatType::BFloat16,
                                     spec::FloatType::Float16};
constexpr std::size_t block = 32;
/// Lowest, near it, one, around it, near the highest, highest.
constexpr std::uint8_t some_scales[] = {0x00, 0x01, 0x60, 0x7e, 0x7f, 0x80, 0xa0, 0xfd, 0xfe};

/// Why a mutant can change nothing: the proof is the digest, this is for the reader.
struct Reason {
  std::string_view mutants;  ///< how their names begin after the format
  const char* text;
};
constexpr Reason reasons[] = {
    {"comparison is_larger", "of two equal magnitudes either is amax"},
    {"comparison scale_is_", "at its bound a clamp changes nothing"},
    {"comparison saturates", "the largest code saturates to itself"},
    {"comparison is_element_subnormal", "at emin both branches say emin"},
    {"comparison output_is_subnormal", "at emin both branches say emin"},
    {"comparison output_overflows", "Inf overflows to Inf"},
    {"comparison shift_is_too_long", "the longest shift is cut off at itself"},
    {"comparison code_is_finite", "a format without NaN and Inf has no code to compare"},
    {"comparison code_is_nan", "a format without Inf has nothing that equals it"},
    {"constant first_non_finite", "above every code of a format without NaN and Inf"},
    {"constant infinity_code", "a format without NaN and Inf never reads it"},
    {"constant overflow_result", "a format without NaN and Inf is only asked to saturate"},
    {"constant highest_scale", "no finite float32 has a scale so large"},
    {"constant longest_shift", "one bit further everything is below half as well"},
    {"shift code_sign", "two's complement has no sign bit to place"},
    {"shift element_field", "above the first binade INT8 saturates anyway"},
};

std::string reason_of(const std::string& name) {
  const std::string mutant = name.substr(name.find(' ') + 1);
  for (const Reason& reason : reasons)
    if (mutant.starts_with(reason.mutants)) return reason.text;
  return "unexplained: the digest is the same";
}

std::string signed_one(int by) {
  return by > 0 ? "+1" : "-1";
}

void mutate_format(spec::BlockType format, std::vector<SystematicMutant>& all) {
  const std::string prefix = std::string(spec::format_of(format).name) + " ";
  const auto add = [&](const std::string& what) -> Wiring& {
    return all.emplace_back(SystematicMutant{prefix + what, correct_wiring(format)}).wiring;
  };
  for (const auto& word : spec::words<Constant>)
    for (const int by : {-1, 1})
      add("constant " + std::string(word.name) + " " + signed_one(by))[word.value] += by;
  for (const auto& word : spec::words<Comparison>)
    for (const auto& [flip, what] : {std::pair{Flip::OtherEquality, "<="}, std::pair{Flip::Negated, ">="}})
      add("comparison " + std::string(word.name) + " " + what).flips[static_cast<std::size_t>(word.value)] =
          flip;
  for (const auto& word : spec::words<Shift>)
    for (const int by : {-1, 1})
      add("shift " + std::string(word.name) + " " + signed_one(by))
          .shifts[static_cast<std::size_t>(word.value)] = by;
}

class Hash {
 public:
  void add(std::uint8_t byte) { state_ = (state_ ^ byte) * 0x100000001b3; }
  void add(const Answers& answers) {
    for (const std::uint8_t code : answers.codes) add(code);
    for (const std::uint8_t scale : answers.scales) add(scale);
    for (const std::byte byte : answers.numbers.bytes()) add(std::to_integer<std::uint8_t>(byte));
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

Cases empty_cases(Operation operation, spec::BlockType format, spec::FloatType type) {
  return {.operation = operation,
          .request = spec::make_request(format),
          .elements = block,
          .numbers = Numbers(type)};
}

/// Every number of a 16-bit type; of float32 every sign, exponent and 8 leading bits with the endings below.
Numbers all_numbers(spec::FloatType type) {
  Numbers numbers(type);
  if (type != spec::FloatType::Float32) {
    for (std::uint64_t bits = 0; bits < 0x10000; ++bits) numbers.push_back(bits);
    return numbers;
  }
  for (std::uint64_t head = 0; head < 0x20000; ++head)
    for (const std::uint64_t ending :
         {0x0000u, 0x0001u, 0x0002u, 0x3fffu, 0x4000u, 0x4001u, 0x7ffeu, 0x7fffu})
      numbers.push_back(head << 15 | ending);
  return numbers;
}

void add_decoding(Subject& subject, spec::BlockType format, spec::FloatType type, Hash& hash) {
  Cases cases = empty_cases(Operation::Dequantize, format, type);
  for (int scale = 0; scale < 0x100; ++scale)
    for (int code = 0; code < spec::format_of(format).element_format().code_count(); ++code)
      cases.codes.push_back(static_cast<std::uint8_t>(code));
  // E2M1 has 16 codes: a whole block would need two scales.
  cases.elements = std::min<std::size_t>(block, cases.codes.size() / 0x100);
  const std::size_t per_scale = cases.codes.size() / cases.elements / 0x100;
  for (std::size_t i = 0; i < cases.codes.size() / cases.elements; ++i)
    cases.scales.push_back(static_cast<std::uint8_t>(i / per_scale));
  hash.add(subject.answer(cases));
  cases.operation = Operation::Decode;
  cases.scales.clear();
  hash.add(subject.answer(cases));
}

void add_encoding(Subject& subject, spec::BlockType format, spec::FloatType type, Hash& hash) {
  Cases cases = empty_cases(Operation::Encode, format, type);
  cases.numbers = all_numbers(type);
  hash.add(subject.answer(cases));
  if (spec::format_of(format).element_format().has_nan()) {
    cases.request.policy.overflow = spec::Overflow::NonFinite;
    hash.add(subject.answer(cases));
    cases.request.policy.overflow = spec::Overflow::Saturate;
  }
  const std::size_t count = cases.numbers.size() / block;
  cases.operation = Operation::EncodeScaled;
  const bool every_scale = type == spec::FloatType::BFloat16;
  for (int scale = 0; scale < 0x100; ++scale) {
    const auto code = static_cast<std::uint8_t>(scale);
    if (!every_scale &&
        std::find(std::begin(some_scales), std::end(some_scales), code) == std::end(some_scales))
      continue;
    cases.scales.assign(count, code);
    hash.add(subject.answer(cases));
  }
}

/// Blocks whose largest number may stand first or last, and short ones.
void add_blocks(Subject& subject, spec::BlockType format, spec::FloatType type, Hash& hash) {
  for (const std::size_t elements : {std::size_t{1}, std::size_t{2}, block}) {
    Cases cases = empty_cases(Operation::Quantize, format, type);
    cases.elements = elements;
    cases.numbers = all_numbers(type);
    hash.add(subject.answer(cases));
    cases.operation = Operation::Scale;
    hash.add(subject.answer(cases));
  }
}

/// Each format's own digest, taken once.
std::uint64_t correct_digest(spec::BlockType format) {
  static std::map<spec::BlockType, std::uint64_t> known;
  const auto found = known.find(format);
  return found != known.end() ? found->second
                              : known.emplace(format, digest(correct_wiring(format))).first->second;
}

Outcome judge_mutant(const SystematicMutant& mutant, PreparedChecks& prepared) {
  Outcome outcome = {.name = mutant.name};
  for (const spec::FloatType type : types) {
    outcome.death = judge(mutant.wiring, prepared, {type});
    if (!outcome.death.killed) continue;
    outcome.fate = Fate::Killed;
    return outcome;
  }
  const bool same = digest(mutant.wiring) == correct_digest(mutant.wiring.format);
  outcome.fate = same ? Fate::Equivalent : Fate::Survived;
  outcome.why = same ? reason_of(mutant.name) : "it differs in the sweep and no check at level quick sees it";
  return outcome;
}

}  // namespace

std::vector<SystematicMutant> systematic_mutants() {
  std::vector<SystematicMutant> all;
  for (const spec::BlockFormat& format : spec::block_formats) mutate_format(format.type, all);
  return all;
}

std::uint64_t digest(const Wiring& wiring) {
  const auto subject = make_converter("digest", {wiring});
  Hash hash;
  for (const spec::FloatType type : types) {
    add_decoding(*subject, wiring.format, type, hash);
    add_encoding(*subject, wiring.format, type, hash);
    add_blocks(*subject, wiring.format, type, hash);
  }
  return hash.value();
}

std::size_t Score::count(Fate fate) const {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [&](const Outcome& o) { return o.fate == fate; }));
}

double Score::percent() const {
  const std::size_t judged = outcomes.size() - count(Fate::Equivalent);
  return judged == 0 ? 0 : 100.0 * static_cast<double>(count(Fate::Killed)) / static_cast<double>(judged);
}

Score mutate(std::size_t every, const OnStep& on_step) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<SystematicMutant> mutants = systematic_mutants();
  PreparedChecks prepared;
  Score score;
  for (std::size_t i = 0; i < mutants.size(); i += every) {
    if (on_step && !on_step(i, mutants.size(), mutants[i].name)) throw Interrupted{};
    score.outcomes.push_back(judge_mutant(mutants[i], prepared));
  }
  score.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return score;
}

}  // namespace mxemu::conformance::museum
