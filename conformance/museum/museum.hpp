// The museum: bugs of the field, each re-created as one change to a correct converter, and what kills them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "conformance/museum/wiring.hpp"
#include "conformance/suite.hpp"

namespace mxemu::conformance::museum {

/// One bug. "Killed" means that the suite says anything but PASSED under the profile `ocp`; where the
/// standard leaves the behaviour free that is CONFORMANT-WITH for the user, and a difference here.
struct Mutant {
  const char* id;
  const char* title;
  const char* source;  ///< where it was seen: an issue, a pull request, or a code base
  const char* group;   ///< the checks that are there for it: they are asked first, and alone
  bool (*shows_in)(spec::BlockType);
  void (*apply)(Wiring&);
};

/// The source of a slip that everybody has seen and nobody has filed.
inline constexpr const char* no_public_case = "classic slip";

std::span<const Mutant> scale_mutants();
std::span<const Mutant> block_mutants();
std::span<const Mutant> element_mutants();
std::span<const Mutant> code_mutants();
std::span<const Mutant> decode_mutants();
std::span<const Mutant> memory_mutants();
std::vector<const Mutant*> every_mutant();

/// Where bugs show.
bool in_all(spec::BlockType);
bool in_fp8(spec::BlockType);
bool in_e5m2(spec::BlockType);
bool in_e4m3(spec::BlockType);
bool in_e2m3(spec::BlockType);
bool in_e2m1(spec::BlockType);
bool in_int8(spec::BlockType);
bool in_floats(spec::BlockType);  ///< all but INT8
bool in_finite(spec::BlockType);  ///< formats without NaN

/// What became of one mutant in one format.
struct Death {
  spec::BlockType format = {};
  bool killed = false;
  std::string check;    ///< the first that saw it
  std::string witness;  ///< its first failing case in a word
};

/// What became of one mutant in every format where it shows: killed when it is killed in all of them.
struct Exhibit {
  const Mutant* mutant;
  std::vector<Death> deaths;
  bool by_its_group = true;  ///< the group that is there for it kills it in every format

  bool killed() const;
};

struct Tour {
  std::vector<Exhibit> exhibits;
  SuiteResult correct;  ///< of the converter with nothing changed
  double seconds = 0;

  std::size_t killed() const;
  bool passed() const;  ///< all killed, and the correct converter passes
};

/// Called before each step with its place; returning false stops the tour, which throws Interrupted.
using OnStep = std::function<bool(std::size_t done, std::size_t total, const std::string& what)>;

/// Judges one format of one wiring at the level `quick`, up to its first difference. `group` as in
/// SuiteOptions::check.
Death judge(const Wiring& wiring, PreparedChecks& prepared,
            const std::vector<spec::FloatType>& types = {spec::FloatType::Float32},
            const std::string& group = {});

/// Judges the correct converter and every mutant.
Tour visit(const OnStep& on_step = {});

}  // namespace mxemu::conformance::museum
