// Scales that no known rule gives: MX-6.3-d permits any, so the elements are judged under those that came.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "conformance/alternatives.hpp"

namespace mxemu::conformance {

/// The scales that a subject chose, by the magnitude of amax. A rule of a device's own is a function of that
/// magnitude: the lane where amax stands, its sign and the other elements have no part in it.
class ScalesByAmax {
 public:
  /// Takes in the answers to blocks of finite numbers of one float type; the operation gives scales.
  void add(const Evidence& evidence);
  /// Equal magnitudes had equal scales so far.
  bool is_function() const { return is_function_; }

 private:
  void add(std::uint64_t amax, std::uint8_t scale);

  std::map<std::uint64_t, std::uint8_t> scales_;  ///< by the bits of the magnitude
  bool is_function_ = true;
};

/// Blocks of equal amax were given equal scales: so it is under every rule, known or not.
bool is_of_amax_alone(const Evidence& evidence);

/// What the checks of scales and of blocks show of the scales that a subject chooses for one target.
struct OwnRule {
  bool is_unknown = false;  ///< the scale checks saw scales that no known rule explains
  ScalesByAmax scales = {};

  /// It stays a rule with these answers too.
  bool holds_with(const Evidence& evidence) const;
};

/// The rule beside that of the profile that gives every scale that came, whatever the codes are; nothing
/// where none does.
std::optional<Amendment> rule_of_scales(const Target& target, const Evidence& evidence,
                                        const Amendments& known);

/// "scale_rule=own": no request of the reference, which has no rule for it.
Amendment own_scale_rule();

/// What the batches should give under the scales that came: the codes that go with them, and NaN scales where
/// they should be.
std::vector<Answers> own_scale_answers(const Evidence& evidence, const Amendments& amendments);

/// The amendments, `known` and one more at most, under which every code is right for the scale that the
/// subject gave with it; nothing where none makes them so, or where the operation chooses no scale for a
/// block. A scale is NaN exactly where it should be.
std::optional<Conformance> find_own_scale(const Target& target, const Evidence& evidence,
                                          const Amendments& known);

}  // namespace mxemu::conformance
