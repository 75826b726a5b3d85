// Building probes: numbers by their exact value, and only those that the source type has.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/identify/probe.hpp"
#include "reference/exact.hpp"
#include "spec/request.hpp"

namespace mxemu::conformance {

/// A signed exact number.
struct Signed {
  bool negative = false;
  reference::Exact magnitude = {};
};

/// The probes of one format whose numbers are of one type.
class ProbeList {
 public:
  ProbeList(spec::BlockType format, spec::FloatType type)
      : request_(spec::make_request(format)), type_(type) {}

  const spec::Request& request() const { return request_; }
  const spec::ElementFormat& element() const { return request_.element_format(); }
  const spec::FloatFormat& type() const { return spec::format_of(type_); }
  std::vector<Probe> take() { return std::move(probes_); }

  /// The magnitude of a code of the element format.
  reference::Exact magnitude(int code) const;

  /// The bits of a number that the type has and that is normal in it, or nothing.
  std::optional<std::uint64_t> bits(const Signed& number) const;
  /// The same, subnormal numbers too.
  std::optional<std::uint64_t> any_bits(const Signed& number) const;
  std::uint64_t infinity(bool negative) const { return type().infinity_bits() | sign(negative); }
  std::uint64_t nan(bool negative) const { return type().nan_bits() | sign(negative); }

  /// A number at a lane of a block whose other elements are zero.
  struct Placed {
    std::size_t lane;
    std::optional<std::uint64_t> bits;
  };

  /// An answerless probe about `freedom`, dependent on the freedoms named by `scope`, which a space
  /// separates. The freedoms that the format does not have are left out.
  Probe about(std::string_view freedom, std::string_view scope, Operation operation) const;

  /// Adds `probe` with a block of these numbers, or nothing when the type lacks one of them.
  void add(Probe probe, std::initializer_list<Placed> numbers);
  void add(Probe probe, std::span<const Placed> numbers);
  /// Adds a probe whose codes or numbers are set already.
  void add(Probe probe) { probes_.push_back(std::move(probe)); }
  void append(std::vector<Probe> probes);

  std::size_t block_size() const { return static_cast<std::size_t>(request_.block_size); }

 private:
  std::uint64_t sign(bool negative) const { return negative ? type().sign_mask() : 0; }

  spec::Request request_;
  spec::FloatType type_;
  std::vector<Probe> probes_;
};

/// Where the number that matters stands: neither first nor last nor at a power of two.
inline constexpr std::size_t main_lane = 5;
inline constexpr std::size_t second_lane = 6;

void add_scale_probes(ProbeList& list);
/// An amax that only binary64 has.
void add_range_probes(ProbeList& list);
void add_block_probes(ProbeList& list);
void add_element_probes(ProbeList& list);
void add_decode_probes(ProbeList& list);

/// Every probe of a format: numbers of `type`, and of binary64 where only its range reaches.
std::vector<Probe> make_probes(spec::BlockType format, spec::FloatType type);

}  // namespace mxemu::conformance
