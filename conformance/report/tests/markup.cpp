#include "conformance/report/tests/markup.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

namespace mxemu::report::test {
namespace {

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool is_void(std::string_view name) {
  return name == "meta" || name == "br" || name == "link";
}

/// Attributes whose value must be a number.
bool is_coordinate(std::string_view name) {
  constexpr std::string_view names[] = {"x", "y", "x1", "x2", "y1", "y2", "width", "height"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

class Reader {
 public:
  explicit Reader(std::string_view html) : html_(html) {}

  std::string flaw() {
    while (at_ < html_.size() && flaw_.empty()) step();
    if (flaw_.empty() && !open_.empty()) complain("<" + open_.back() + "> is never closed");
    return flaw_;
  }

 private:
  void complain(const std::string& what) { flaw_ = what + " at byte " + std::to_string(at_); }

  void step() {
    if (html_.substr(at_, 9) == "<!DOCTYPE") {
      at_ = html_.find('>', at_) + 1;
    } else if (html_[at_] == '<') {
      read_tag();
    } else {
      read_character();
    }
  }

  void read_character() {
    const bool in_style = !open_.empty() && open_.back() == "style";
    if (html_[at_] == '>' && !in_style) complain("stray '>'");
    if (html_[at_] == '&' && !is_reference(at_)) complain("bare '&'");
    ++at_;
  }

  bool is_reference(std::size_t at) const {
    for (const std::string_view known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (html_.substr(at, known.size()) == known) return true;
    }
    return false;
  }

  std::string read_name() {
    const std::size_t start = at_;
    while (at_ < html_.size() && (std::isalnum(static_cast<unsigned char>(html_[at_])) || html_[at_] == '-'))
      ++at_;
    return std::string(html_.substr(start, at_ - start));
  }

  void read_tag() {
    ++at_;
    const bool closes = html_[at_] == '/';
    if (closes) ++at_;
    const std::string name = read_name();
    if (name.empty()) return complain("stray '<'");
    std::set<std::string> seen;
    while (at_ < html_.size() && is_space(html_[at_]) && flaw_.empty()) read_attribute(seen);
    const bool empty = html_.substr(at_, 2) == "/>";
    if (empty) ++at_;
    if (!flaw_.empty()) return;
    if (at_ >= html_.size() || html_[at_] != '>') return complain("<" + name + " does not end");
    ++at_;
    if (!closes && !empty && !is_void(name)) open_.push_back(name);
    if (!closes) return;
    if (open_.empty() || open_.back() != name) return complain("</" + name + "> closes nothing");
    open_.pop_back();
  }

  void read_attribute(std::set<std::string>& seen) {
    ++at_;
    const std::string name = read_name();
    if (html_.substr(at_, 2) != "=\"") return complain("attribute \"" + name + "\" has no quoted value");
    at_ += 2;
    const std::size_t end = html_.find('"', at_);
    if (end == std::string_view::npos) return complain("unending value");
    const std::string value(html_.substr(at_, end - at_));
    if (value.find('<') != std::string::npos) return complain("'<' in a value");
    if (!seen.insert(name).second) return complain("attribute \"" + name + "\" twice");
    if (name == "id" && !ids_.insert(value).second) return complain("id \"" + value + "\" twice");
    const bool is_number = value.find_first_not_of("-.0123456789") == std::string::npos && !value.empty();
    if (is_coordinate(name) && !is_number) return complain("coordinate " + name + "=" + value);
    const bool odd_path = value.find("NaN") != std::string::npos || value.find("Inf") != std::string::npos;
    if (name == "d" && odd_path) return complain("path through " + value);
    at_ = end + 1;
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::set<std::string> ids_;
  std::string flaw_;
};

}  // namespace

std::string flaw(std::string_view html) {
  return Reader(html).flaw();
}

std::size_t occurrences(std::string_view text, std::string_view needle) {
  std::size_t count = 0;
  for (std::size_t at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + 1))
    ++count;
  return count;
}

}  // namespace mxemu::report::test
