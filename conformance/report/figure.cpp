#include "conformance/report/figure.hpp"

#include <utility>

#include "conformance/report/number_text.hpp"
#include "conformance/report/series_style.hpp"
#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

constexpr std::size_t omissions_named = 4;
constexpr std::size_t plain_square = 1;  // the index whose marker it is

std::string legend_html(const std::vector<std::string>& names, bool markers) {
  std::string out = "<ul class=\"legend\">\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += "<li><svg width=\"14\" height=\"14\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><path d=\"";
    out += marker_path(markers ? i : plain_square, {7, 7}, 5) + "\" class=\"" + series_class(i) +
           "\"/></svg>" + escaped(names[i]) + "</li>\n";
  }
  return out + "</ul>\n";
}

}  // namespace

std::string figure_html(const Figure& figure, const Svg& drawing) {
  const std::string title = escaped(figure.title);
  std::string out = "<figure>\n<figcaption><strong>" + title + "</strong>";
  if (!figure.description.empty()) out += " <span>" + escaped(figure.description) + "</span>";
  out += "</figcaption>\n";
  if (figure.legend.size() > 1) out += legend_html(figure.legend, figure.markers);
  out += "<div class=\"scroll plot\" tabindex=\"0\" role=\"group\" aria-label=\"" + title + "\">\n";
  out += drawing.html() + "</div>\n";
  for (const std::string& note : figure.notes) out += "<p class=\"note\">" + escaped(note) + "</p>\n";
  return out + "</figure>\n";
}

void Omissions::add(std::string what) {
  if (count_++ < omissions_named) first_.push_back(std::move(what));
}

std::string Omissions::note(std::string_view first_words) const {
  std::string out =
      std::string(first_words) + ": " + count_text(count_) + (count_ == 1 ? " value (" : " values (");
  for (std::size_t i = 0; i < first_.size(); ++i) out += (i == 0 ? "" : "; ") + first_[i];
  return out + (count_ > first_.size() ? "; …)." : ").");
}

}  // namespace mxemu::report
