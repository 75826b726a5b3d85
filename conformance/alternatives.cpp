#include "conformance/alternatives.hpp"

#include <algorithm>

#include "conformance/case_view.hpp"

namespace mxemu::conformance {
namespace {

/// Whether the standard leaves this field of the policy open, and the operation can show it.
bool is_free(const std::string& freedom, const Target& target) {
  if (is_tensor(target.operation)) return false;
  const bool numbers = takes_numbers(target.operation);
  const bool codes = gives_codes(target.operation);
  if (freedom == "nan_in_block" || freedom == "inf_in_block" || freedom == "zero_block_scale" ||
      freedom == "scale_overflow")
    return gives_scale(target.operation);
  if (freedom == "nan_to_finite") return codes && !target.element().has_nan();
  if (freedom == "nan_code") return codes && target.element().has_nan();
  if (freedom == "zero_sign")
    return codes && target.element().has_negative_zero() && !is_fp8(target.element());
  if (freedom == "int8_minimum") return codes && !target.element().has_negative_zero();
  if (freedom == "subnormal_input") return numbers;
  return freedom == "decode_overflow" && !numbers;
}

void set_word(spec::Policy& policy, const std::string& freedom, std::size_t index) {
  spec::for_each_freedom(policy, [&]<class Enum>(const char* name, Enum& field) {
    if (freedom == name) field = static_cast<Enum>(index);
  });
}

/// Tries candidates on the first case that differs before it tries them on all.
class Trial {
 public:
  Trial(const Evidence& evidence, const Mismatch& first) : evidence_(evidence) {
    const Cases& cases = evidence.batches[first.batch];
    probe_ = part_of(cases, first.case_index, 1);
    probe_got_ = part_of(evidence.got[first.batch], cases, first.case_index, 1);
  }

  bool agrees(const Amendments& amendments, const Leeway& leeway) {
    Comparison probe;
    compare(probe_, answers_under(probe_, amendments), probe_got_, 0, leeway, probe);
    if (!probe.agrees()) return false;
    Comparison all;
    for (std::size_t b = 0; b < evidence_.batches.size() && all.agrees(); ++b)
      compare(evidence_.batches[b], answers_under(evidence_.batches[b], amendments), evidence_.got[b], b,
              leeway, all);
    used_ = all.used;
    return all.agrees();
  }

  std::string text_of(const Amendments& amendments) const {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    for (const Amendment& amendment : amendments) add(amendment.text());
    if (used_.any()) add(leeway_text(used_));
    return text;
  }

 private:
  const Evidence& evidence_;
  Cases probe_;
  Answers probe_got_;
  Leeway used_;
};

/// " (or WORD)" for each other word of the one freedom that explains everything as well.
std::string other_words(Trial& trial, const Amendments& known, const Amendment& found, const Amendments& all,
                        const Leeway& leeway) {
  std::string text;
  for (const Amendment& other : all)
    if (other.freedom == found.freedom && other.word != found.word &&
        trial.agrees(amended(known, {other}), leeway))
      text += " or " + other.word;
  return text.empty() ? "" : " (" + text.substr(1) + ")";
}

/// Without the amendments that these cases do not need: what a reader is told is what the check shows.
Conformance reduced(Trial& trial, Amendments amendments, const Leeway& leeway) {
  for (std::size_t i = amendments.size(); i-- > 0;) {
    Amendments fewer = amendments;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (trial.agrees(fewer, leeway)) amendments = fewer;
  }
  trial.agrees(amendments, leeway);
  return {amendments, trial.text_of(amendments)};
}

/// None or one amendment to one of the bases.
std::optional<Conformance> find_single(Trial& trial, const std::vector<Amendments>& bases,
                                       const Amendments& all, const Leeway& leeway) {
  for (const Amendments& base : bases)
    if (trial.agrees(base, leeway)) return reduced(trial, base, leeway);
  for (const Amendments& base : bases)
    for (const Amendment& one : all) {
      const Amendments candidate = amended(base, {one});
      if (!trial.agrees(candidate, leeway)) continue;
      Conformance found = reduced(trial, candidate, leeway);
      found.text += other_words(trial, base, one, all, leeway);
      return found;
    }
  return std::nullopt;
}

/// Two amendments of different freedoms.
std::optional<Conformance> find_pair(Trial& trial, const std::vector<Amendments>& bases,
                                     const Amendments& all) {
  for (const Amendments& base : bases)
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = i + 1; j < all.size(); ++j) {
        if (all[i].freedom == all[j].freedom) continue;
        const Amendments candidate = amended(base, {all[i], all[j]});
        if (trial.agrees(candidate, all_leeway)) return reduced(trial, candidate, all_leeway);
      }
  return std::nullopt;
}

}  // namespace

std::string leeway_text(const Leeway& used) {
  std::string text = used.any_nan_code ? "nan_code=any" : "";
  if (used.any_code_under_nan) text += (text.empty() ? "" : ", ") + std::string("codes_under_nan_scale=any");
  return text;
}

Amendments amended(Amendments amendments, const Amendments& more) {
  for (const Amendment& amendment : more) {
    std::erase_if(amendments, [&](const Amendment& a) { return a.freedom == amendment.freedom; });
    amendments.push_back(amendment);
  }
  return amendments;
}

Amendments allowed_amendments(const Target& target) {
  Amendments all;
  if (gives_scale(target.operation) && !only_moves(target.operation))
    for (const auto& word : spec::words<spec::ScaleRuleType>)
      if (word.value != target.request.scale_rule)
        all.push_back({"scale_rule", word.name,
                       [value = word.value](spec::Request& request) { request.scale_rule = value; }});
  spec::for_each_freedom(target.request.policy, [&]<class Enum>(const char* name, const Enum& now) {
    const std::string freedom = name;
    if (!is_free(freedom, target)) return;
    for (const auto& word : spec::words<Enum>)
      if (word.value != now)
        all.push_back({freedom, word.name,
                       [freedom, index = static_cast<std::size_t>(word.value)](spec::Request& request) {
                         set_word(request.policy, freedom, index);
                       }});
  });
  return all;
}

Answers answers_under(const Cases& cases, const Amendments& amendments) {
  static const auto reference = make_reference_subject();
  if (amendments.empty()) return reference->answer(cases);
  Cases asked = cases;
  for (const Amendment& amendment : amendments) amendment.apply(asked.request);
  return reference->answer(asked);
}

std::optional<Conformance> find_conformance(const Target& target, const Evidence& evidence,
                                            const Comparison& differences, const Amendments& known) {
  Trial trial(evidence, differences.mismatches.front());
  const Amendments all = allowed_amendments(target);
  std::vector<Amendments> bases = {{}};
  if (!known.empty()) bases.insert(bases.begin(), known);
  // What a policy can name comes before the leeway that none does.
  for (const Leeway& leeway : {Leeway{}, all_leeway})
    if (const auto found = find_single(trial, bases, all, leeway)) return found;
  return find_pair(trial, bases, all);
}

}  // namespace mxemu::conformance
