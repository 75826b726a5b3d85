#include "conformance/own_rules.hpp"

#include <algorithm>

#include "conformance/asking.hpp"

namespace mxemu::conformance {

const OwnRule& OwnRules::of(const Target& target) {
  const auto key = std::tuple(target.request.format, target.type, target.operation);
  const auto [place, is_new] = rules_.try_emplace(key);
  OwnRule& rule = place->second;
  if (!is_new) return rule;
  Amendments known;
  for (const auto& group : {scale_checks(), block_checks()})
    for (const Check& check : group) {
      const auto& operations = check.operations;
      if (std::find(operations.begin(), operations.end(), target.operation) != operations.end() &&
          check.applies(target))
        learn({&check, target}, known, rule);
    }
  return rule;
}

void OwnRules::learn(const Task& task, Amendments& known, OwnRule& rule) {
  PreparedCheck room;
  const PreparedCheck& prepared = preparation_.of(task, room);
  Asking asking(subject_, false);
  for (std::size_t b = 0; b < prepared.batches.size(); ++b)
    asking.ask(prepared.batches[b], prepared.expected[b], b);
  const Evidence evidence = {prepared.batches, prepared.expected, asking.got()};
  rule.scales.add(evidence);
  if (!task.id().starts_with("scale/") || asking.comparison().agrees()) return;
  if (const auto found = find_conformance(task.target, evidence, asking.comparison(), known))
    known = amended(known, found->amendments);
  else
    rule.is_unknown = true;
}

}  // namespace mxemu::conformance
