#include "conformance/subject.hpp"

#include <stdexcept>

namespace mxemu::conformance {
namespace {

struct Adapter {
  const char* name;
  std::unique_ptr<Subject> (*make)();
};

constexpr Adapter adapters[] = {{"fast", make_fast_subject}, {"reference", make_reference_subject}};

}  // namespace

std::vector<std::string> subject_names() {
  std::vector<std::string> names;
  for (const Adapter& adapter : adapters) names.emplace_back(adapter.name);
  return names;
}

std::unique_ptr<Subject> make_subject(std::string_view name) {
  std::string known;
  for (const Adapter& adapter : adapters) {
    if (name == adapter.name) return adapter.make();
    known += (known.empty() ? "" : ", ") + std::string(adapter.name);
  }
  throw std::invalid_argument("no subject \"" + std::string(name) + "\" in this build; there is: " + known);
}

}  // namespace mxemu::conformance
