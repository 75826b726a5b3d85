// Known ways to store a tensor otherwise than it was declared: which of them explains what a subject did.
#pragma once

#include <string>
#include <vector>

#include "conformance/alternatives.hpp"

namespace mxemu::conformance {

/// Where a subject stores or reads a tensor otherwise than it was asked to: words for it, and the change.
struct StorageSuspect {
  std::string name;
  Storage storage;
};

/// Other storages of the tensor of `cases` that a subject may have confused with the one asked for: another
/// packing, another order of the scales, another axis. Only those with an answer of the same size.
std::vector<StorageSuspect> storage_suspects(const Cases& cases);

/// What explains the differences, such as "nibbles swapped: the high one first, bit_stream_msb"; the words of
/// two, where codes and scales each are explained by one of their own; nothing where nothing known does.
std::string find_storage(const Evidence& evidence, const Comparison& differences, const Amendments& known);

/// The same, and how many differences it explains: "... (all 12 differences fit)".
std::string find_storage_suspect(const Evidence& evidence, const Comparison& differences,
                                 const Amendments& known);

}  // namespace mxemu::conformance
