#include "conformance/as_identified.hpp"

#include "conformance/device/canonical_request.hpp"

namespace mxemu::conformance {
namespace {

std::vector<int> policy_words(const spec::Policy& policy) {
  std::vector<int> words;
  spec::for_each_freedom(policy, [&](const char*, auto word) { words.push_back(static_cast<int>(word)); });
  return words;
}

/// Each word of `request` that is the one of `found` becomes the one of `asked`.
spec::Request exchanged(spec::Request request, const spec::Request& found, const spec::Request& asked) {
  if (request.scale_rule == found.scale_rule) request.scale_rule = asked.scale_rule;
  if (request.rounding.mode == found.rounding.mode) request.rounding.mode = asked.rounding.mode;
  const std::vector<int> from = policy_words(found.policy);
  const std::vector<int> to = policy_words(asked.policy);
  std::size_t freedom = 0;
  spec::for_each_freedom(request.policy, [&]<class Word>(const char*, Word& word) {
    if (static_cast<int>(word) == from[freedom]) word = static_cast<Word>(to[freedom]);
    ++freedom;
  });
  return request;
}

}  // namespace

spec::Request in_its_words(const SuiteOptions& options, Operation operation, const spec::Request& request) {
  const auto found = options.identified.find(request.format);
  const auto by_operation = options.asked.find(request.format);
  if (found == options.identified.end() || by_operation == options.asked.end()) return request;
  const auto asked = by_operation->second.find(operation);
  return asked == by_operation->second.end() ? request : exchanged(request, found->second, asked->second);
}

Cases AsIdentified::translated(const Cases& cases) const {
  Cases translated = cases;
  translated.request = in_its_words(options_, cases.operation, cases.request);
  return translated;
}

std::string AsIdentified::question(const Cases& cases, std::size_t index) const {
  return subject_.question(translated(cases), index);
}

Answers AsIdentified::answer(const Cases& cases) {
  const auto canonical = [&](const spec::Request& request) {
    return canonical_request(cases.operation, request, cases.shortest_block());
  };
  const spec::Request found = options_.request_of(cases.request.format);
  const Cases asked = translated(cases);
  const bool asks_for_what_was_found =
      canonical(asked.request) == canonical(in_its_words(options_, cases.operation, found));
  if (!asks_for_what_was_found || canonical(cases.request) == canonical(found)) return subject_.answer(asked);
  Answers answers = make_answers(cases);
  answers.unsupported.assign(cases.count(), true);
  return answers;
}

}  // namespace mxemu::conformance
