#include "conformance/verdict/request_words.hpp"

#include <charconv>

namespace mxemu::conformance {

spec::Rounding parse_rounding(const std::string& flag, const std::string& text) {
  const auto colon = text.find(':');
  spec::Rounding rounding{.mode = parse_flag<spec::RoundingMode>(flag, text.substr(0, colon))};
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, rounding.random_bits);
    if (error != std::errc{} || stop != end || rounding.mode != spec::RoundingMode::Stochastic ||
        rounding.random_bits < 1 || rounding.random_bits > 32)
      throw BadInput(flag + ": \"" + text + "\" is not stochastic:N with N from 1 to 32");
  }
  return rounding;
}

void set_freedom(spec::Policy& policy, const std::string& assignment, const std::string& flag) {
  const auto equals = assignment.find('=');
  const std::string name = assignment.substr(0, equals);
  bool found = false;
  std::string freedoms;
  spec::for_each_freedom(policy, [&]<class Enum>(const char* freedom, Enum& value) {
    freedoms += (freedoms.empty() ? "" : ", ") + std::string(freedom);
    if (name != freedom || equals == std::string::npos) return;
    value = parse_flag<Enum>(flag + " " + name, assignment.substr(equals + 1));
    found = true;
  });
  if (!found) throw BadInput(flag + ": \"" + assignment + "\" is not NAME=WORD with NAME one of " + freedoms);
}

spec::Request RequestWords::request(spec::BlockType format) const {
  const spec::Profile* bundle = spec::find_profile(profile);
  if (bundle == nullptr)
    throw BadInput(prefix + "profile: \"" + profile + "\" is none of " + known_names(spec::profiles));
  spec::Request request = spec::make_request(format, *bundle);
  if (!scale_rule.empty())
    request.scale_rule =
        parse_flag<spec::ScaleRuleType>(prefix + (prefix.empty() ? "scale_rule" : "scale-rule"), scale_rule);
  if (!rounding.empty()) request.rounding = parse_rounding(prefix + "rounding", rounding);
  if (seed) {
    if (request.rounding.mode != spec::RoundingMode::Stochastic)
      throw BadInput(prefix + "seed goes with " + prefix + "rounding stochastic");
    request.rounding.seed = *seed;
  }
  for (const std::string& assignment : policy) set_freedom(request.policy, assignment, prefix + "policy");
  if (!overflow.empty()) request.policy.overflow = parse_flag<spec::Overflow>(prefix + "overflow", overflow);
  if (!tail.empty()) request.policy.tail = parse_flag<spec::Tail>(prefix + "tail", tail);
  if (block_size != 0) request.block_size = block_size;
  return request;
}

void RequestWords::require_unamended() const {
  if (scale_rule.empty() && rounding.empty() && overflow.empty() && policy.empty() && !seed) return;
  throw BadInput(prefix + "profile: " + profile +
                 " tries every profile as it is: nothing may amend it but tail and block size");
}

std::vector<spec::BlockType> parse_formats(const std::string& text, const std::string& flag) {
  std::vector<spec::BlockType> formats;
  if (const auto one = spec::parse_block_format(text)) return {*one};
  if (text != "all")
    throw BadInput(flag + ": \"" + text + "\" is none of " + known_names(spec::block_formats) + ", all");
  for (const spec::BlockFormat& row : spec::block_formats) formats.push_back(row.type);
  return formats;
}

}  // namespace mxemu::conformance
