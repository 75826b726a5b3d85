#include "conformance/museum/museum.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "conformance/museum/converter.hpp"

namespace mxemu::conformance::museum {
namespace {

SuiteOptions quick_options() {
  SuiteOptions options;
  options.stop_at_first_failure = true;
  return options;
}

constexpr std::string_view scale_prefix = "scale ";

/// "input 0x3f200000, expected 0x4, got 0x5".
std::string witness_of(const CheckResult& check) {
  if (check.failures.empty()) return "";
  std::string text;
  for (const Failure::Line& line : check.failures.front().lines)
    if (line.label == "input" || line.label == "expected" || line.label == "got") {
      const std::size_t word = line.text.starts_with(scale_prefix) ? scale_prefix.size() : 0;
      text += (text.empty() ? "" : ", ") + line.label + " " + line.text.substr(0, line.text.find(' ', word));
    }
  return text;
}

std::vector<Wiring> correct_wirings() {
  std::vector<Wiring> wirings;
  for (const spec::BlockFormat& format : spec::block_formats) wirings.push_back(correct_wiring(format.type));
  return wirings;
}

Exhibit show(const Mutant& mutant, PreparedChecks& prepared) {
  Exhibit exhibit = {.mutant = &mutant, .deaths = {}};
  for (const spec::BlockFormat& format : spec::block_formats) {
    if (!mutant.shows_in(format.type)) continue;
    Wiring wiring = correct_wiring(format.type);
    mutant.apply(wiring);
    Death death = judge(wiring, prepared, {spec::FloatType::Float32}, mutant.group);
    if (!death.killed) {
      exhibit.by_its_group = false;
      death = judge(wiring, prepared);
    }
    exhibit.deaths.push_back(death);
  }
  return exhibit;
}

}  // namespace

bool in_all(spec::BlockType) {
  return true;
}
bool in_e5m2(spec::BlockType format) {
  return format == spec::BlockType::MXFP8_E5M2;
}
bool in_e4m3(spec::BlockType format) {
  return format == spec::BlockType::MXFP8_E4M3;
}
bool in_fp8(spec::BlockType format) {
  return in_e5m2(format) || in_e4m3(format);
}
bool in_e2m3(spec::BlockType format) {
  return format == spec::BlockType::MXFP6_E2M3;
}
bool in_e2m1(spec::BlockType format) {
  return format == spec::BlockType::MXFP4_E2M1;
}
bool in_int8(spec::BlockType format) {
  return format == spec::BlockType::MXINT8;
}
bool in_floats(spec::BlockType format) {
  return !in_int8(format);
}
bool in_finite(spec::BlockType format) {
  return !in_fp8(format);
}

std::vector<const Mutant*> every_mutant() {
  std::vector<const Mutant*> all;
  for (const auto& room : {scale_mutants(), block_mutants(), element_mutants(), code_mutants(),
                           decode_mutants(), memory_mutants()})
    for (const Mutant& mutant : room) all.push_back(&mutant);
  return all;
}

bool Exhibit::killed() const {
  return !deaths.empty() &&
         std::all_of(deaths.begin(), deaths.end(), [](const Death& death) { return death.killed; });
}

std::size_t Tour::killed() const {
  return static_cast<std::size_t>(
      std::count_if(exhibits.begin(), exhibits.end(), [](const Exhibit& e) { return e.killed(); }));
}

bool Tour::passed() const {
  return correct.exit_status() == 0 && killed() == exhibits.size();
}

Death judge(const Wiring& wiring, PreparedChecks& prepared, const std::vector<spec::FloatType>& types,
            const std::string& group) {
  SuiteOptions options = quick_options();
  options.check = group;
  options.types = types;
  options.formats = {wiring.format};
  const auto subject = make_converter("mutant", {wiring}, options.types);
  const SuiteResult result = run_suite(*subject, options, {}, &prepared);
  const CheckResult& last = result.checks.back();
  if (last.verdict != Verdict::Failed) return {.format = wiring.format, .check = {}, .witness = {}};
  return {wiring.format, true, last.id, witness_of(last)};
}

Tour visit(const OnStep& on_step) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<const Mutant*> mutants = every_mutant();
  std::size_t done = 0;
  const auto step = [&](const std::string& what) {
    if (on_step && !on_step(done++, mutants.size() + 1, what)) throw Interrupted{};
  };
  Tour tour;
  PreparedChecks prepared;
  step("the correct converter");
  const SuiteOptions options = quick_options();
  const auto correct = make_converter("correct", correct_wirings());
  tour.correct = run_suite(*correct, options, {}, &prepared);
  for (const Mutant* mutant : mutants) {
    step(mutant->id);
    tour.exhibits.push_back(show(*mutant, prepared));
  }
  tour.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return tour;
}

}  // namespace mxemu::conformance::museum
