#include "conformance/storage_signature.hpp"

#include <algorithm>

#include "conformance/case_view.hpp"

namespace mxemu::conformance {
namespace {

constexpr std::size_t most_cases_tried = 16;

/// What a reader calls a packing that was found in place of another.
std::string packing_name(Packing packing, const spec::ElementFormat& element) {
  const bool nibbles = element.bits == 4;
  switch (packing) {
    case Packing::Bytes: return "one code per byte";
    case Packing::BitStream: return nibbles ? "low nibble first" : "little-endian bit order";
    case Packing::BitStreamMsb:
      return nibbles ? "nibbles swapped: the high one first" : "big-endian bit order";
    case Packing::GgmlBlock: return "ggml blocks";
    case Packing::SplitHalves: return "ggml halves: element j beside j+16";
    case Packing::Padded16: return "16 elements to 16 bytes";
    case Packing::Fp6Split: return "FP6 split into high 4 and low 2 bits";
    case Packing::Fp6Planes: return "FP6 split into planes";
  }
  return "";
}

std::string order_name(ScaleOrder order) {
  switch (order) {
    case ScaleOrder::RowMajor: return "scales not tiled";
    case ScaleOrder::Tile128x4: return "scales in 128x4 tiles";
    case ScaleOrder::ColumnMajor: return "scales transposed";
    case ScaleOrder::Tile128x4Plain: return "128x4 tile not swizzled";
    case ScaleOrder::Tile32x8: return "scales in 32x8 tiles";
  }
  return "";
}

template <class Enum>
std::string with_word(const std::string& name, Enum word) {
  return name + ", " + spec::name_of(word);
}

/// The same sizes in and out: otherwise the answer would not have been one.
bool is_answerable(const Cases& cases, const Storage& storage) {
  if (!fits(storage, cases.request)) return false;
  Cases other = cases;
  other.storage = storage;
  return other.taken() == cases.taken() && other.given() == cases.given();
}

/// The cases that differ, each once, as batches of one.
struct Differing {
  std::vector<Cases> cases;
  std::vector<Answers> expected;
  std::vector<Answers> got;
};

Differing differing_cases(const Evidence& evidence, const Comparison& differences) {
  Differing all;
  const Mismatch* last = nullptr;
  for (const Mismatch& at : differences.mismatches) {
    if (last != nullptr && last->batch == at.batch && last->case_index == at.case_index) continue;
    last = &at;
    const Cases& batch = evidence.batches[at.batch];
    all.cases.push_back(part_of(batch, at.case_index, 1));
    all.expected.push_back(part_of(evidence.expected[at.batch], batch, at.case_index, 1));
    all.got.push_back(part_of(evidence.got[at.batch], batch, at.case_index, 1));
    if (all.cases.size() == most_cases_tried) break;
  }
  return all;
}

/// Which part of an answer a suspect has to explain.
enum class Part : std::uint8_t { All, Codes, Scales };

bool same(const Answers& a, const Answers& b, Part part) {
  const bool codes = a.codes == b.codes && a.numbers == b.numbers;
  const bool scales = a.scales == b.scales;
  return (part == Part::Scales || codes) && (part == Part::Codes || scales);
}

/// The name of the first change, made to the storage of every case, under which the reference gives what was
/// given. Where cases have storages of their own a change is known by its name.
std::string explain(const Differing& differing, const Amendments& known, Part part) {
  for (const StorageSuspect& suspect : storage_suspects(differing.cases.front())) {
    bool explains = true;
    for (std::size_t i = 0; i < differing.cases.size() && explains; ++i) {
      if (same(differing.expected[i], differing.got[i], part)) continue;
      Cases other = differing.cases[i];
      const auto suspects = storage_suspects(other);
      const auto found = std::find_if(suspects.begin(), suspects.end(),
                                      [&](const StorageSuspect& s) { return s.name == suspect.name; });
      explains = found != suspects.end();
      if (!explains) break;
      other.storage = found->storage;
      explains = same(answers_under(other, known), differing.got[i], part);
    }
    if (explains) return suspect.name;
  }
  return "";
}

}  // namespace

std::vector<StorageSuspect> storage_suspects(const Cases& cases) {
  std::vector<StorageSuspect> suspects;
  const auto add = [&](const std::string& name, const Storage& storage) {
    if (!(storage == cases.storage) && is_answerable(cases, storage)) suspects.push_back({name, storage});
  };
  Storage other = cases.storage;
  for (const auto& word : spec::words<Packing>) {
    other.layout.packing = word.value;
    add(with_word(packing_name(word.value, cases.request.element_format()), word.value), other);
  }
  other = cases.storage;
  for (const auto& word : spec::words<ScaleOrder>) {
    other.layout.scales = word.value;
    add(with_word(order_name(word.value), word.value), other);
  }
  other = cases.storage;
  for (int axis = 0; axis < static_cast<int>(cases.storage.geometry.shape.size()); ++axis) {
    other.geometry.axis = axis;
    if (axis != cases.storage.axis()) add("blocks along axis " + std::to_string(axis), other);
  }
  return suspects;
}

std::string find_storage(const Evidence& evidence, const Comparison& differences, const Amendments& known) {
  if (differences.agrees()) return "";
  const Differing differing = differing_cases(evidence, differences);
  const std::string whole = explain(differing, known, Part::All);
  if (!whole.empty()) return whole;
  const std::string codes = explain(differing, known, Part::Codes);
  const std::string scales = explain(differing, known, Part::Scales);
  return codes.empty() || scales.empty() ? "" : codes + " and " + scales;
}

std::string find_storage_suspect(const Evidence& evidence, const Comparison& differences,
                                 const Amendments& known) {
  const std::string found = find_storage(evidence, differences, known);
  if (found.empty()) return "";
  const std::size_t count = differences.mismatches.size();
  return found +
         (count == 1 ? " (the one difference fits)" : " (all " + std::to_string(count) + " differences fit)");
}

}  // namespace mxemu::conformance
