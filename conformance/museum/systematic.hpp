// Mutation without imagination: every constant of the converter one more and one less, every comparison
// flipped, every shift one more and one less, in every format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/museum/museum.hpp"

namespace mxemu::conformance::museum {

struct SystematicMutant {
  std::string name;  ///< such as "MXFP4_E2M1 emin +1"
  Wiring wiring;
};

/// All of them, in the order of the formats.
std::vector<SystematicMutant> systematic_mutants();

/// FNV-1a over the answers of one format to a sweep: every code under every scale to three float types; every
/// bfloat16 under every scale and every float16 under nine; both in blocks of one, two and 32; FP8 also
/// without saturation. Of float32, under nine scales and in blocks, every sign, exponent and 8 leading bits
/// with eight endings of the last 15: what they can be besides is one rounding's rest on one side of a half.
std::uint64_t digest(const Wiring& wiring);

enum class Fate : std::uint8_t { Killed, Equivalent, Survived };

struct Outcome {
  std::string name;
  Fate fate = Fate::Survived;
  Death death = {};
  std::string why = {};  ///< of what is not killed
};

struct Score {
  std::vector<Outcome> outcomes;
  double seconds = 0;

  std::size_t count(Fate fate) const;
  /// Killed among those that are not equivalent, in percent.
  double percent() const;
};

/// Judges every `every`-th mutant at `quick` (float32, then bfloat16 and float16) and takes the digest of
/// those that pass.
Score mutate(std::size_t every = 1, const OnStep& on_step = {});

}  // namespace mxemu::conformance::museum
