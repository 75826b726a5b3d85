#include "conformance/allowed_words.hpp"

#include <algorithm>
#include <stdexcept>

#include "conformance/own_scale.hpp"

namespace mxemu::conformance {
namespace {

Amendments every_amendment(const spec::Request& request) {
  Amendments all;
  for (const Operation operation : block_operations)
    for (const Amendment& amendment :
         allowed_amendments({request, operation, spec::FloatType::Float32, Level::Quick}))
      all.push_back(amendment);
  return all;
}

bool is_alternative(const SuiteOptions& options, const std::string& text) {
  if (text == own_scale_rule().text()) return true;
  for (const spec::BlockFormat& format : spec::block_formats)
    for (const Amendment& amendment : every_amendment(options.request_of(format.type)))
      if (amendment.text() == text) return true;
  return false;
}

}  // namespace

bool is_allowed(const SuiteOptions& options, const Amendment& amendment) {
  const auto& allowed = options.allowed;
  return std::find(allowed.begin(), allowed.end(), amendment.text()) != allowed.end();
}

Amendments allowed_by(const SuiteOptions& options, const spec::Request& request) {
  Amendments known;
  if (options.allowed.empty()) return known;
  for (const Amendment& amendment : every_amendment(request))
    if (is_allowed(options, amendment)) known = amended(known, {amendment});
  return known;
}

void require_allowed(const SuiteOptions& options) {
  for (const std::string& text : options.allowed)
    if (!is_alternative(options, text))
      throw std::invalid_argument("\"" + text +
                                  "\" is no alternative that the standard allows, such as scale_rule=ceil");
}

}  // namespace mxemu::conformance
