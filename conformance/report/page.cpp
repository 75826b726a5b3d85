#include "conformance/report/page.hpp"

#include <utility>

#include "conformance/report/style_sheet.hpp"
#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

constexpr std::size_t sections_worth_listing = 3;

std::string section_id(std::size_t index) {
  return "section-" + std::to_string(index + 1);
}

std::string head_html(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         escaped(title) + "</title>\n<style>\n" + std::string(style_sheet) + "</style>\n</head>\n";
}

}  // namespace

Page::Page(std::string title, std::string subtitle)
    : title_(std::move(title)), subtitle_(std::move(subtitle)) {}

Page& Page::section(std::string heading) {
  const std::string id = section_id(headings_.size());
  if (!headings_.empty()) body_ += "</section>\n";
  body_ += "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + escaped(heading) + "</h2>\n";
  headings_.push_back(std::move(heading));
  return *this;
}

Page& Page::paragraph(std::string_view text) {
  body_ += "<p>" + escaped(text) + "</p>\n";
  return *this;
}

Page& Page::facts(const std::vector<Fact>& facts) {
  body_ += "<dl class=\"facts\">\n";
  for (const Fact& fact : facts) {
    body_ += "<div><dt>" + escaped(fact.label) + "</dt><dd>" + escaped(fact.value) + "</dd></div>\n";
  }
  body_ += "</dl>\n";
  return *this;
}

Page& Page::verdict(Tone tone, std::string_view text) {
  body_ += "<p class=\"verdict " + std::string(class_of(tone)) + "\">" + escaped(text) + "</p>\n";
  return *this;
}

Page& Page::preformatted(std::string_view text) {
  // A newline right after <pre> is dropped by HTML, so one is given up front.
  body_ += "<pre class=\"scroll\" tabindex=\"0\">\n" + escaped(text) + "</pre>\n";
  return *this;
}

std::string Page::contents_html() const {
  if (headings_.size() < sections_worth_listing) return {};
  std::string out = "<nav aria-label=\"Contents\"><ol>\n";
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    out += "<li><a href=\"#" + section_id(i) + "\">" + escaped(headings_[i]) + "</a></li>\n";
  }
  return out + "</ol></nav>\n";
}

std::string Page::html() const {
  std::string out = head_html(title_) + "<body>\n<header>\n<h1>" + escaped(title_) + "</h1>\n";
  if (!subtitle_.empty()) out += "<p class=\"subtitle\">" + escaped(subtitle_) + "</p>\n";
  out += "</header>\n" + contents_html() + "<main>\n" + body_;
  if (!headings_.empty()) out += "</section>\n";
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace mxemu::report
