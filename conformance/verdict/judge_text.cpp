// The verdict on a tensor as text and as JSON.
#include <algorithm>

#include "conformance/verdict/json_text.hpp"
#include "conformance/verdict/judge_tensor.hpp"

namespace mxemu::conformance {
namespace {

nlohmann::json json_of(const TensorVerdict& verdict) {
  nlohmann::json lines = nlohmann::json::object();
  for (const auto& part : verdict.lines) lines[part.label] = part.text;
  return {{"tensor", verdict.name},
          {"format", verdict.request.block_format().name},
          {"profile", verdict.profile},
          {"passed", verdict.passed()},
          {"elements", verdict.elements},
          {"blocks", verdict.blocks},
          {"differing_scales", verdict.differing_scales},
          {"differing_codes", verdict.differing_codes},
          {"first_difference", lines},
          {"suspect", verdict.suspect}};
}

}  // namespace

std::string to_text(const TensorVerdict& verdict) {
  std::string text = std::string(verdict.passed() ? "PASSED " : "FAILED ") + verdict.name + "  " +
                     verdict.request.block_format().name + "   profile=" + verdict.profile + "   " +
                     std::to_string(verdict.elements) + " elements in " + std::to_string(verdict.blocks) +
                     " blocks";
  if (verdict.passed()) return text + "\n";
  text += ": " + std::to_string(verdict.differing_scales) + " scales differ, and " +
          std::to_string(verdict.differing_codes) + " codes under equal scales\n";
  const auto line = [&](const std::string& label, const std::string& words) {
    text += "  " + label + std::string(10 - std::min<std::size_t>(label.size(), 9), ' ') + words + "\n";
  };
  for (const auto& part : verdict.lines) line(part.label, part.text);
  if (!verdict.suspect.empty()) line("suspect", verdict.suspect);
  return text;
}

std::string to_json(const std::vector<TensorVerdict>& verdicts) {
  nlohmann::json all = nlohmann::json::array();
  for (const TensorVerdict& verdict : verdicts) all.push_back(json_of(verdict));
  return json_text(all);
}

}  // namespace mxemu::conformance
