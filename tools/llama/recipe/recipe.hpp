// A recipe says which tensors of a forward pass are quantised, and how.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "spec/request.hpp"
#include "tools/llama/model/config.hpp"
#include "tools/llama/recipe/slot.hpp"

namespace mxemu::llama {

/// How one tensor is quantised: MX 6.3 and back to the precision's type, MX 5.1.
struct Quantization {
  spec::Request request;
  std::string profile = spec::default_profile.name;   ///< what the request started from
  ValueAxis value_axis = ValueAxis::SequencePrefill;  ///< of Slot::Value alone

  bool operator==(const Quantization&) const = default;
};

/// One for each slot; nothing where the tensor stays as it is.
using SlotQuantizations = std::array<std::optional<Quantization>, slot_count>;

/// What some layers do differently.
struct LayerRule {
  /// Numbers of layers, "0-3" or "0,4-6"; or a pattern of a linear layer's name with * and ?, as
  /// "*.down_proj" and "layers.3.*".
  std::string pattern;
  /// Nothing: as without this rule. A pattern's weights stand in every slot of weights, its activations in
  /// every one of activations.
  std::array<std::optional<std::optional<Quantization>>, slot_count> changes;

  bool counts_layers() const;
  bool covers(const Place& place) const;
  bool operator==(const LayerRule&) const = default;
};

struct Recipe {
  std::string name;
  std::string summary;
  SlotQuantizations slots;
  std::vector<LayerRule> layers;  ///< of several that speak of a tensor the last counts

  /// How a tensor is quantised at a place, or null.
  const Quantization* find(Slot slot, const Place& place) const;
  /// Whether any layer cuts values along this axis.
  bool uses(ValueAxis axis) const;
  /// Throws std::invalid_argument where a rule speaks of no layer that the model has.
  void require_fits(const Config& config) const;
  bool operator==(const Recipe&) const = default;
};

/// A linear layer of a model: its place, and the shape of its weight.
struct LinearShape {
  Place place;
  std::size_t outputs;
  std::size_t inputs;
};

/// All linear layers, lm_head the last.
std::vector<LinearShape> linear_shapes(const Config& config);

}  // namespace mxemu::llama
