#define PCRE2_CODE_UNIT_WIDTH 8
#include "tools/mxemu/pattern.hpp"

#include <pcre2.h>

#include "tools/io/error.hpp"
#include "tools/mxemu/options.hpp"

namespace mxemu::cli {

struct Pattern::State {
  std::string expression;
  std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> code{nullptr, pcre2_code_free};
  std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> match{nullptr, pcre2_match_data_free};
};

Pattern::Pattern(const std::string& expression) : state_(std::make_unique<State>()) {
  state_->expression = expression;
  int error = 0;
  PCRE2_SIZE offset = 0;
  state_->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(), 0,
                                   &error, &offset, nullptr));
  if (!state_->code) {
    PCRE2_UCHAR reason[256];
    pcre2_get_error_message(error, reason, sizeof reason);
    throw BadInput(io::in_quotes(expression) + " is not a regular expression: " +
                   reinterpret_cast<const char*>(reason) + " at byte " + std::to_string(offset));
  }
  state_->match.reset(pcre2_match_data_create_from_pattern(state_->code.get(), nullptr));
  if (!state_->match) throw std::bad_alloc();
}

Pattern::~Pattern() = default;

bool Pattern::matches(const std::string& text) const {
  const int result = pcre2_match(state_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                 0, 0, state_->match.get(), nullptr);
  if (result >= 0) return true;
  if (result == PCRE2_ERROR_NOMATCH) return false;
  throw BadInput("matching " + io::in_quotes(state_->expression) + " against " + io::in_quotes(text) +
                 " takes too long");
}

}  // namespace mxemu::cli
