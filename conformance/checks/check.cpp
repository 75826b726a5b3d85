#include "conformance/checks/check.hpp"

namespace mxemu::conformance {

std::vector<const Check*> every_check() {
  std::vector<const Check*> all;
  for (const auto& group : {scale_checks(), special_checks(), element_checks(), overflow_checks(),
                            block_checks(), tail_checks(), decode_checks(), storage_checks()})
    for (const Check& check : group) all.push_back(&check);
  return all;
}

std::string conversion_clause(const spec::ElementFormat& element) {
  switch (element.type) {
    case spec::ElementType::E5M2:
    case spec::ElementType::E4M3: return "MX-5.3.1-a, OFP8-g";
    case spec::ElementType::E3M2:
    case spec::ElementType::E2M3: return "MX-5.3.2-b";
    case spec::ElementType::E2M1: return "MX-5.3.3-b";
    case spec::ElementType::INT8: return "MX-5.3.4-b";
  }
  return "";
}

}  // namespace mxemu::conformance
