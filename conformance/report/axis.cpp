#include "conformance/report/axis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "conformance/report/number_text.hpp"

namespace mxemu::report {
namespace {

// Below this span a decimal step would sink into the subnormals and lose its digits.
constexpr double smallest_span = 1e-300;

/// The smallest of 1, 2, 5, 10 times a power of ten that is not below `raw` (positive).
double nice_step(double raw) {
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double multiple : {1.0, 2.0, 5.0}) {
    if (raw <= multiple * power * (1 + 1e-9)) return multiple * power;
  }
  return 10 * power;
}

/// (high - low) * scale without overflow on the way.
double scaled_span(double low, double high, double scale) {
  return high * scale - low * scale;
}

/// Digits that tell neighbouring multiples of `step` up to `magnitude` apart.
int digits_for(double magnitude, double step) {
  const double decades = std::ceil(std::log10(std::max(magnitude / step, 1.0)) - 1e-9);
  return std::clamp(static_cast<int>(decades) + 2, 3, 17);
}

/// multiple × 10^exponent, also where that is no double.
std::string decimal_text(int multiple, int exponent) {
  if (exponent >= -3 && exponent <= 4) return number_text(multiple * std::pow(10.0, exponent));
  return std::to_string(multiple) + "e" + std::to_string(exponent);
}

}  // namespace

Axis::Axis(std::span<const double> values, AxisOptions options) : options_(options) {
  const bool logarithmic = options_.scale == AxisScale::Logarithmic;
  bool any = false;
  for (const double value : values) {
    if (!can_place(value)) continue;
    const double at = coordinate(value);
    low_ = any ? std::min(low_, at) : at;
    high_ = any ? std::max(high_, at) : at;
    any = true;
  }
  if (logarithmic) {
    span_logarithmic();
    tick_logarithmic();
  } else {
    span_linear();
  }
}

void Axis::span_linear() {
  if (options_.from_zero) {
    low_ = std::min(low_, 0.0);
    high_ = std::max(high_, 0.0);
  }
  constexpr double most = std::numeric_limits<double>::max();
  const double magnitude = std::max(std::fabs(low_), std::fabs(high_));
  if (low_ == high_) {
    const double room = magnitude == 0 ? 1 : magnitude / 2;
    if (magnitude != 0) low_ = std::max(low_ - room, -most);
    high_ = std::min(high_ + room, most);
  }
  const double least = std::max(magnitude * 1e-12, smallest_span);
  if (scaled_span(low_, high_, 0.25) < least / 4) {
    if (!options_.from_zero || low_ != 0) low_ = std::max(low_ - least, -most);
    high_ = std::min(high_ + least, most);
  }
  double step = nice_step(scaled_span(low_, high_, 1.0 / options_.target_ticks));
  if (options_.integers) step = std::max(step, 1.0);
  if (!options_.tight) {
    const double low = std::floor(low_ / step + 1e-9) * step;
    const double high = std::ceil(high_ / step - 1e-9) * step;
    if (std::isfinite(low)) low_ = low + 0.0;
    if (std::isfinite(high)) high_ = high;
  }
  tick_linear(step);
}

void Axis::tick_linear(double step) {
  const int digits = digits_for(std::max(std::fabs(low_), std::fabs(high_)), step);
  const double first = std::ceil(low_ / step - 1e-9);
  const double last = std::floor(high_ / step + 1e-9);
  for (double index = first; index <= last; index += 1) {
    const double value = index == 0 ? 0 : index * step;
    if (std::isfinite(value)) add_tick(value, number_text(value, digits));
  }
}

void Axis::span_logarithmic() {
  if (!options_.tight) {
    low_ = std::floor(low_ + 1e-9);
    high_ = std::ceil(high_ - 1e-9);
  }
  if (high_ - low_ < 1e-9) {
    low_ -= options_.tight ? 0.5 : 1;
    high_ += options_.tight ? 0.5 : 1;
  }
}

void Axis::tick_logarithmic() {
  const double decades = high_ - low_;
  const int stride = std::max(1, static_cast<int>(nice_step(decades / options_.target_ticks)));
  const int first = static_cast<int>(std::ceil(low_ / stride - 1e-9)) * stride;
  const int start = decades <= 2 ? static_cast<int>(std::floor(low_)) : first;
  for (int exponent = start; exponent <= high_ + 1e-9; exponent += stride) {
    add_tick(exponent, decimal_text(1, exponent));
    if (decades > 2) continue;
    for (const int multiple : {2, 5}) {
      if (options_.integers && exponent < 0) continue;
      add_tick(exponent + std::log10(multiple), decimal_text(multiple, exponent));
    }
  }
}

void Axis::add_tick(double at, std::string text) {
  const double place = fraction(at);
  if (place < -1e-9 || place > 1 + 1e-9) return;
  ticks_.push_back({std::clamp(place, 0.0, 1.0), std::move(text)});
}

bool Axis::can_place(double value) const {
  return std::isfinite(value) && (options_.scale == AxisScale::Linear || value > 0);
}

double Axis::position(double value) const {
  return std::clamp(fraction(coordinate(value)), 0.0, 1.0);
}

double Axis::baseline() const {
  return options_.scale == AxisScale::Linear ? position(0) : 0;
}

double Axis::coordinate(double value) const {
  return options_.scale == AxisScale::Linear ? value : std::log10(value);
}

double Axis::fraction(double at) const {
  return scaled_span(low_, at, 0.25) / scaled_span(low_, high_, 0.25);
}

bool can_place(const Datum& datum, const Axis& axis) {
  return datum && axis.can_place(*datum);
}

std::string absence_text(const Datum& datum, const Axis& axis) {
  if (!datum) return "missing";
  const bool finite = std::isfinite(*datum);
  if (finite && axis.scale() == AxisScale::Logarithmic) return number_text(*datum) + " is not on a log axis";
  return number_text(*datum);
}

}  // namespace mxemu::report
