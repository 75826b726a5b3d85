// How a result is judged, for emphasis; shown by a mark as well as by a colour.
#pragma once

#include <string_view>

namespace mxemu::report {

enum class Tone { Neutral, Good, Bad };

/// The style-sheet class of `tone`: "neutral", "good" or "bad".
constexpr std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::Neutral: break;
    case Tone::Good: return "good";
    case Tone::Bad: return "bad";
  }
  return "neutral";
}

}  // namespace mxemu::report
