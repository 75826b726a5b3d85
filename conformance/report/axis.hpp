// An axis: which values it spans, where each lands, and at which nice numbers it is ticked.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mxemu::report {

/// One value of a data series; std::nullopt is a value that was never measured, which is not the same as a
/// NaN.
using Datum = std::optional<double>;

enum class AxisScale { Linear, Logarithmic };

struct AxisOptions {
  AxisScale scale = AxisScale::Linear;
  bool from_zero = false;  ///< a linear axis that always shows zero, as bars need
  bool integers = false;   ///< ticks only at whole numbers
  bool tight = false;      ///< ends at the data, not at the next nice number
  int target_ticks = 6;
};

/// A label at a fraction of the axis: 0 is its low end, 1 its high end.
struct Tick {
  double position = 0;
  std::string text{};
};

class Axis {
 public:
  /// The axis over those `values` that it can place; over [0, 1] (linear) or [1, 10] (logarithmic) when there
  /// are none. Values that are all equal, or too close to tell apart, get some room on both sides.
  explicit Axis(std::span<const double> values, AxisOptions options = {});

  /// Whether `value` has a place: it is finite and, on a logarithmic axis, positive.
  bool can_place(double value) const;

  /// Fraction of the axis at which `value` lies; `can_place(value)` must hold. Kept within [0, 1].
  double position(double value) const;

  /// Fraction at which bars start: zero's on a linear axis that shows it, else the low end.
  double baseline() const;

  const std::vector<Tick>& ticks() const { return ticks_; }
  AxisScale scale() const { return options_.scale; }

 private:
  void span_linear();
  void span_logarithmic();
  void tick_linear(double step);
  void tick_logarithmic();
  void add_tick(double coordinate, std::string text);
  double coordinate(double value) const;
  double fraction(double coordinate) const;

  AxisOptions options_;
  double low_ = 0;  // in coordinates: the value itself, or its decimal logarithm
  double high_ = 1;
  std::vector<Tick> ticks_;
};

/// What a plot says in place of a value that `axis` cannot place: "missing", "NaN", "-Inf", "0 is not on a
/// log axis".
std::string absence_text(const Datum& datum, const Axis& axis);

/// Whether `axis` has a place for `datum`.
bool can_place(const Datum& datum, const Axis& axis);

}  // namespace mxemu::report
