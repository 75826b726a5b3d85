#include "conformance/report/svg.hpp"

#include "conformance/report/number_text.hpp"
#include "conformance/report/text.hpp"

namespace mxemu::report {
namespace {

std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + coordinate_text(value) + "\"";
}

std::string attribute(std::string_view name, std::string_view value) {
  return value.empty() ? "" : " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string attributes(const Rectangle& r) {
  return attribute("x", r.x) + attribute("y", r.y) + attribute("width", r.width) +
         attribute("height", r.height);
}

std::string_view word(Anchor anchor) {
  switch (anchor) {
    case Anchor::Start: break;
    case Anchor::Middle: return "middle";
    case Anchor::End: return "end";
  }
  return {};
}

}  // namespace

std::string coordinate_text(double coordinate) {
  std::string text = fixed_text(coordinate, 2);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string move(Position to) {
  return "M" + coordinate_text(to.x) + " " + coordinate_text(to.y);
}

std::string draw(Position to) {
  return "L" + coordinate_text(to.x) + " " + coordinate_text(to.y);
}

Svg::Svg(double width, double height, std::string_view title, std::string_view description) {
  const std::string w = coordinate_text(width);
  const std::string h = coordinate_text(height);
  markup_ = "<svg role=\"img\" viewBox=\"0 0 " + w + " " + h + "\" width=\"" + w + "\" height=\"" + h + "\"";
  markup_ += attribute("aria-label", title) + ">\n<title>" + escaped(title) + "</title>\n";
  markup_ += "<desc>" + escaped(description) + "</desc>\n";
}

void Svg::close(std::string_view element, std::string_view tooltip) {
  if (tooltip.empty()) {
    markup_ += "/>\n";
    return;
  }
  markup_ += "><title>" + escaped(tooltip) + "</title></" + std::string(element) + ">\n";
}

Svg& Svg::rectangle(const Rectangle& r, std::string_view css_class, std::string_view tooltip) {
  markup_ += "<rect" + attributes(r) + attribute("class", css_class);
  close("rect", tooltip);
  return *this;
}

Svg& Svg::tile(const Rectangle& r, std::string_view colour, std::string_view tooltip) {
  markup_ += "<rect" + attributes(r) + attribute("fill", colour);
  close("rect", tooltip);
  return *this;
}

Svg& Svg::line(Position from, Position to, std::string_view css_class) {
  markup_ += "<line" + attribute("x1", from.x) + attribute("y1", from.y) + attribute("x2", to.x);
  markup_ += attribute("y2", to.y) + attribute("class", css_class) + "/>\n";
  return *this;
}

Svg& Svg::text(Position at, std::string_view text, const Lettering& lettering) {
  markup_ += "<text" + attribute("x", at.x) + attribute("y", at.y) + attribute("class", lettering.css_class);
  markup_ += attribute("text-anchor", word(lettering.anchor));
  if (lettering.rotation != 0) {
    const std::string centre = coordinate_text(at.x) + " " + coordinate_text(at.y);
    markup_ += " transform=\"rotate(" + coordinate_text(lettering.rotation) + " " + centre + ")\"";
  }
  markup_ += ">";
  if (!lettering.tooltip.empty()) markup_ += "<title>" + escaped(lettering.tooltip) + "</title>";
  markup_ += escaped(text) + "</text>\n";
  return *this;
}

Svg& Svg::path(std::string_view data, std::string_view css_class, std::string_view tooltip) {
  markup_ += "<path" + attribute("d", data) + attribute("class", css_class);
  close("path", tooltip);
  return *this;
}

}  // namespace mxemu::report
