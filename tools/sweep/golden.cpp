#include "tools/sweep/golden.hpp"

namespace mxemu::sweep {

Golden::Golden(const spec::Request& request, std::span<const int> scale_codes)
    : elements_(2 * scale_code_count) {
  conformance::on_all_cores(2 * scale_codes.size(), [&](std::uint64_t index) {
    const int scale_code = scale_codes[index / 2];
    const bool negative = index % 2 == 1;
    const conformance::ElementConversion conversion = {.element = request.element_format().type,
                                                       .scale_exponent = scale_code + e8m0.emin,
                                                       .rounding = request.rounding,
                                                       .policy = request.policy};
    conformance::Staircase staircase = conformance::finite_staircase(conversion, negative);
    const conformance::Staircase rest = conformance::non_finite_staircase(conversion, negative);
    staircase.steps.insert(staircase.steps.end(), rest.steps.begin(), rest.steps.end());
    staircase.last_bits = rest.last_bits;
    elements_[static_cast<std::size_t>(2 * scale_code + negative)] = std::move(staircase);
  });
}

}  // namespace mxemu::sweep
