// One self-contained HTML page: no script, no outside asset, the same bytes for the same content.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report/tone.hpp"

namespace mxemu::report {

/// Anything that can stand in a page: Table, BarChart, Histogram, HeatMap, LinePlot.
template <typename T>
concept Element = requires(const T& element) {
  { element.html() } -> std::convertible_to<std::string>;
};

struct Fact {
  std::string label{};
  std::string value{};
};

/// A page in the making. Text is taken as text: markup in it is shown, not obeyed.
class Page {
 public:
  explicit Page(std::string title, std::string subtitle = {});

  /// Starts a section; what is added next belongs to it. Three sections or more also get a list of contents.
  Page& section(std::string heading);
  Page& paragraph(std::string_view text);
  /// A strip of labelled values.
  Page& facts(const std::vector<Fact>& facts);
  /// The outcome in one line, marked as good or bad.
  Page& verdict(Tone tone, std::string_view text);
  /// Text in a monospaced face, its lines and spaces kept, for example a failing case.
  Page& preformatted(std::string_view text);

  template <Element E>
  Page& add(const E& element) {
    body_ += element.html();
    return *this;
  }

  /// The whole page, UTF-8. Writing it to a file is the caller's business.
  std::string html() const;

 private:
  std::string contents_html() const;

  std::string title_;
  std::string subtitle_;
  std::vector<std::string> headings_;
  std::string body_;
};

}  // namespace mxemu::report
