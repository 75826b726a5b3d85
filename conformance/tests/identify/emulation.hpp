// Devices that do what they do whatever they are asked for: the reference under a request of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/identify/freedom.hpp"
#include "conformance/subject.hpp"
#include "spec/profile.hpp"

namespace mxemu::conformance::tests {

class Emulation final : public Subject {
 public:
  /// A device with `words` in every format of `formats`.
  Emulation(Words words, std::vector<Capability> capabilities);

  std::string name() const override { return "emulation"; }
  std::vector<Capability> capabilities() const override { return capabilities_; }
  Answers answer(const Cases& cases) override;
  void quantize(const spec::Request&, const TensorGeometry&, spec::FloatType, std::span<const std::byte>,
                std::span<std::uint8_t>, std::span<std::uint8_t>, const Tick&) override;
  void dequantize(const spec::Request&, const TensorGeometry&, std::span<const std::uint8_t>,
                  std::span<const std::uint8_t>, spec::FloatType, std::span<std::byte>, const Tick&) override;

  /// Changes answers on their way out.
  std::function<void(const Cases&, Answers&)> tamper = {};

 private:
  std::unique_ptr<Subject> reference_ = make_reference_subject();
  Words words_;
  std::vector<Capability> capabilities_;
};

/// The capabilities of a device of one format and type.
std::vector<Capability> capabilities_of(spec::BlockType format, std::vector<Operation> operations,
                                        spec::FloatType type = spec::FloatType::Float32);
std::vector<Operation> all_operations();

/// The words of a profile, its open freedoms with the word `shift` after that of its row.
Words words_of_profile(const spec::Profile& profile, spec::BlockType format, int shift);

/// The operations that a profile says something of.
std::vector<Operation> operations_of(const spec::Profile& profile);

}  // namespace mxemu::conformance::tests
