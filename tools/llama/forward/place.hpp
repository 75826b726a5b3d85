// Where in the model a product or a tensor is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace mxemu::llama {

/// Every product that there is in a forward pass.
enum class Site : std::uint8_t {
  QueryProjection,
  KeyProjection,
  ValueProjection,
  OutputProjection,
  GateProjection,
  UpProjection,
  DownProjection,
  Head,
  Scores,  ///< query times key
  Mix,     ///< attention weights times value
};
inline constexpr int site_count = static_cast<int>(Site::Mix) + 1;

struct Place {
  Site site = Site::Head;
  std::size_t layer = 0;     ///< of Head: the count of layers
  std::size_t sequence = 0;  ///< of the batch: of Scores and Mix, as the next
  std::size_t kv_head = 0;
};

/// "q_proj", "lm_head", "scores".
constexpr const char* name_of(Site site) {
  switch (site) {
    case Site::QueryProjection: return "q_proj";
    case Site::KeyProjection: return "k_proj";
    case Site::ValueProjection: return "v_proj";
    case Site::OutputProjection: return "o_proj";
    case Site::GateProjection: return "gate_proj";
    case Site::UpProjection: return "up_proj";
    case Site::DownProjection: return "down_proj";
    case Site::Head: return "lm_head";
    case Site::Scores: return "scores";
    case Site::Mix: return "mix";
  }
  return "";
}

/// "layers.3.q_proj", "lm_head", "layers.3.scores.0.1" (sequence 0, key head 1).
inline std::string name_of(const Place& place) {
  if (place.site == Site::Head) return name_of(place.site);
  std::string name = "layers." + std::to_string(place.layer) + "." + name_of(place.site);
  if (place.site == Site::Scores || place.site == Site::Mix)
    name += "." + std::to_string(place.sequence) + "." + std::to_string(place.kv_head);
  return name;
}

}  // namespace mxemu::llama
