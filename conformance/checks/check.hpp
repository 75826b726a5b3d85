// What a check is: cases made for one operation, format and float type, and what it promises to hit. The
// expected answers, the comparison and the verdict are the suite's.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/coverage.hpp"
#include "conformance/suite.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

/// What cases are made for.
struct Target {
  spec::Request request;
  Operation operation;
  spec::FloatType type;
  Level level;
  std::vector<Layout> layouts = {};  ///< that the subject declares, for operations on tensors

  const spec::ElementFormat& element() const { return request.element_format(); }
  const spec::ScaleFormat& scale() const { return request.scale_format(); }
  const spec::FloatFormat& source() const { return spec::format_of(type); }
  std::size_t block_size() const { return static_cast<std::size_t>(request.block_size); }
  bool is_quick() const { return level == Level::Quick; }
};

/// Random words that are the same on every platform: the engine is specified, the distributions are ours.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t word() { return engine_(); }
  /// 0 <= result < bound; bound > 0.
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool coin() { return (engine_() >> 32 & 1) != 0; }

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

/// Batches of cases, numbered on from one to the next.
using Batches = std::vector<Cases>;

struct Check {
  const char* id;
  const char* summary;
  Requirement (*requirement)(const spec::ElementFormat&);
  std::string (*clauses)(const spec::ElementFormat&);
  std::vector<Operation> operations;
  bool (*applies)(const Target&);
  Batches (*generate)(const Target&, Random&);
  Bins (*promises)(const Target&);
};

/// The groups, in the order in which they run: what settles a freedom comes before what depends on it.
std::span<const Check> scale_checks();
std::span<const Check> special_checks();
std::span<const Check> element_checks();
std::span<const Check> overflow_checks();
std::span<const Check> block_checks();
std::span<const Check> tail_checks();
std::span<const Check> decode_checks();
std::span<const Check> storage_checks();

/// All of them.
std::vector<const Check*> every_check();

/// Words for tables of checks.
template <Requirement requirement>
constexpr Requirement always(const spec::ElementFormat&) {
  return requirement;
}
inline bool everywhere(const Target&) {
  return true;
}
inline bool is_fp8(const spec::ElementFormat& element) {
  return element.has_nan();
}
/// The clause on conversion to an element format.
std::string conversion_clause(const spec::ElementFormat& element);

}  // namespace mxemu::conformance
