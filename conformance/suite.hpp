// The suite: every check, asked of a subject and judged against the reference, with a verdict per check,
// format, float type and operation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/coverage.hpp"
#include "conformance/dot/dot_coverage.hpp"
#include "conformance/subject.hpp"
#include "spec/profile.hpp"
#include "spec/request.hpp"
#include "spec/words.hpp"

namespace mxemu::conformance {

enum class Level : std::uint8_t { Quick, Full, Exhaustive };

/// What the standard says of what a check checks.
enum class Requirement : std::uint8_t { Must, Should, May, ImplementationDefined };

enum class Verdict : std::uint8_t { Passed, ConformantWith, Failed, Skipped, Untrusted };

}  // namespace mxemu::conformance

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::Level>
    mxemu::spec::words<mxemu::conformance::Level>[] = {
        {mxemu::conformance::Level::Quick, "quick", "boundaries under some scales; seconds"},
        {mxemu::conformance::Level::Full, "full", "boundaries under every scale; minutes"},
        {mxemu::conformance::Level::Exhaustive, "exhaustive", "full, and all 2^32 float32"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::Level>());

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::Requirement>
    mxemu::spec::words<mxemu::conformance::Requirement>[] = {
        {mxemu::conformance::Requirement::Must, "must", "the standard requires it"},
        {mxemu::conformance::Requirement::Should, "should", "the standard recommends it"},
        {mxemu::conformance::Requirement::May, "may", "the standard permits it or is silent"},
        {mxemu::conformance::Requirement::ImplementationDefined, "implementation-defined",
         "the standard hands the choice over"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::Requirement>());

template <>
inline constexpr mxemu::spec::Word<mxemu::conformance::Verdict>
    mxemu::spec::words<mxemu::conformance::Verdict>[] = {
        {mxemu::conformance::Verdict::Passed, "PASSED", "every answer is the one the profile asks for"},
        {mxemu::conformance::Verdict::ConformantWith, "CONFORMANT-WITH",
         "every answer is that of one allowed alternative"},
        {mxemu::conformance::Verdict::Failed, "FAILED", "neither"},
        {mxemu::conformance::Verdict::Skipped, "SKIPPED", "nothing was judged"},
        {mxemu::conformance::Verdict::Untrusted, "UNTRUSTED", "passed, but promised cells were not hit"},
};
static_assert(mxemu::spec::words_are_in_order<mxemu::conformance::Verdict>());

namespace mxemu::conformance {

/// How the line that repeats one case is written: as a command, or as the options of mxemu_check_run().
enum class ReproStyle : std::uint8_t { Command, Options };

struct SuiteOptions {
  std::vector<spec::BlockType> formats = {};  ///< empty: all
  std::vector<spec::FloatType> types = {};    ///< empty: all
  std::vector<Operation> operations = {};     ///< empty: all
  const spec::Profile* profile = &spec::default_profile;
  /// In place of the profile's, the requests of a subject that was identified first.
  std::map<spec::BlockType, spec::Request> identified = {};
  std::string identity = {};  ///< the name of what was identified
  Level level = Level::Quick;
  std::string check = {};  ///< an id such as element/rounding, or a group such as element; empty: all
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> only_case = {};  ///< asks for this case of every chosen check and no other
  std::size_t keep_failures = 20;
  /// The first difference from the profile ends the run as Failed: no alternative is tried, no suspect named.
  /// For runs against mutants of a subject whose profile is known.
  bool stop_at_first_failure = false;
  ReproStyle repro = ReproStyle::Command;

  // Of dot products.
  std::string accumulator = {};  ///< a row that the subject is judged by; empty: the one it declares, if any
  std::string operands = {};     ///< "MXFP8_E4M3,MXFP4_E2M1,f32": this pair alone; empty: all

  spec::Request request_of(spec::BlockType format) const;
  /// The name of the profile, or "auto: " and what was identified.
  std::string profile_name() const;
};

/// One answer that differs: the numbers a program wants, and the lines a person reads.
struct Failure {
  struct Line {
    std::string label;
    std::string text;
  };

  std::size_t ordinal = 1;  ///< among the failures that are kept
  std::uint64_t case_index = 0;
  std::size_t element = 0;
  bool in_scale = false;       ///< the scale byte differs; `element` is then that of amax
  std::uint64_t input = 0;     ///< bits of the number or of the code that was taken
  int scale = -1;              ///< the expected scale byte (or the one given); -1 where there is none
  std::uint64_t expected = 0;  ///< a code, a scale byte or the bits of a number
  std::uint64_t got = 0;
  std::vector<Line> lines = {};  ///< request, where, input, scale, scaled, expected, got
};

/// Differing elements of one scale byte and one code: a cell of the heat map.
struct FailureCell {
  std::uint8_t scale;
  std::uint8_t code;
  std::uint64_t count;
};

struct CheckResult {
  std::string id;
  spec::BlockType format = {};
  spec::FloatType type = {};
  Operation operation = {};
  std::string operands = {};  ///< of a check of dot products, in place of the format and the operation
  Requirement requirement = {};
  std::string clauses;
  Verdict verdict = Verdict::Skipped;
  std::string note;             ///< the alternative it conforms with, why skipped, which cells were not hit
  std::uint64_t cases = 0;      ///< judged
  std::uint64_t elements = 0;   ///< judged: codes, numbers and scale bytes
  std::uint64_t differing = 0;  ///< of them; where a scale byte differs its codes are not compared
  std::uint64_t unsupported_cases = 0;
  std::vector<Failure> failures;  ///< the first keep_failures, of a Failed check
  std::vector<FailureCell> cells;
  std::string suspect;  ///< the known signature that all differences bear, or nothing
  std::string repro;    ///< what repeats this check; repro_case() adds the case of a failure
  Coverage coverage;
  DotCoverage dot_coverage = {};  ///< of a check of dot products, in place of coverage

  bool is_of_dots() const { return !operands.empty(); }
  /// The format, or the operands of dot products; the operation, or "dot".
  std::string format_name() const;
  std::string operation_name() const;
};

struct SuiteResult {
  std::string subject;
  SuiteOptions options;
  std::vector<CheckResult> checks;
  Coverage coverage;
  DotCoverage dot_coverage = {};
  std::string broken = {};  ///< the sentence about the device that ended the run, or nothing

  std::size_t count(Verdict verdict) const;
  /// Adds the checks of `more` and what they hit.
  void append(SuiteResult more);
  /// Where checks of the behaviour that `identity` found were skipped, all of those that the standard
  /// requires: "quantize of MXFP4_E2M1"; or nothing.
  std::string unjudged() const;
  /// 0 judged, passed (or conformant) and trusted; 1 something failed; 2 the device broke; 3 something
  /// untrusted, or nothing was judged, of what was identified nothing that the standard requires.
  int exit_status() const;
};

/// A device broke before the run was over; `so_far` is what had been judged by then.
struct BrokenRun : DeviceError {
  explicit BrokenRun(SuiteResult result) : DeviceError(result.broken), so_far(std::move(result)) {}
  SuiteResult so_far;
};

struct CheckDescription {
  std::string id;
  std::string summary;
  Requirement requirement = {};
  std::string clauses;
  std::vector<Operation> operations;  ///< none of a check of dot products
};

/// Called before each check with its place in the run; returning false stops the run, which then throws
/// Interrupted.
struct SuiteProgress {
  std::size_t done;
  std::size_t total;
  std::string what;
};
using OnProgress = std::function<bool(const SuiteProgress&)>;

struct PreparedCheck;

/// Cases and expected answers, kept between runs of the suite: for running many subjects under the same
/// options.
class PreparedChecks {
 public:
  PreparedChecks();
  ~PreparedChecks();
  PreparedChecks(PreparedChecks&&) noexcept;
  PreparedChecks& operator=(PreparedChecks&&) noexcept;

  struct Store;
  Store& store() { return *store_; }

 private:
  std::unique_ptr<Store> store_;
};

/// Runs every chosen check on every declared capability. Throws BrokenRun where the subject throws
/// DeviceError, and std::invalid_argument when `options.check` names nothing; a check without a case
/// `options.only_case` is skipped. `prepared` is filled at the first run and must go with options that differ
/// in nothing that shapes the cases (profile, level, seed).
SuiteResult run_suite(Subject& subject, const SuiteOptions& options, const OnProgress& on_progress = {},
                      PreparedChecks* prepared = nullptr);

std::vector<CheckDescription> check_descriptions();

/// What repeats one failing case alone.
std::string repro_case(const SuiteResult& suite, const CheckResult& check, const Failure& failure);

/// A failing case as one text, in the manner of every tool of the house (suspect and repro included).
std::string describe(const SuiteResult& suite, const CheckResult& check, const Failure& failure);

}  // namespace mxemu::conformance
