#include "random_request.hpp"

#include <type_traits>

namespace mxemu::fast_tests {

std::vector<spec::Request> common_requests() {
  std::vector<spec::Request> requests;
  for (const auto& format : spec::block_formats)
    for (const auto& rule : spec::scale_rules) {
      requests.push_back(spec::make_request(format.type));
      requests.back().scale_rule = rule.type;
    }
  return requests;
}

spec::Request common_request(Random& random) {
  spec::Request request = spec::make_request(any_format(random));
  request.scale_rule = any_word<spec::ScaleRuleType>(random);
  if (one_in(random, 2)) return request;
  request.policy.nan_to_finite = any_word<spec::NanToFinite>(random);
  request.policy.decode_overflow = any_word<spec::DecodeOverflow>(random);
  request.policy.decode_subnormal = any_word<spec::DecodeSubnormal>(random);
  request.policy.lowest_scale_decode = any_word<spec::LowestScaleDecode>(random);
  request.policy.nan_scale_decode = any_word<spec::NanScaleDecode>(random);
  return request;
}

spec::Request arbitrary_request(Random& random) {
  spec::Request request = spec::make_request(any_format(random));
  request.scale_rule = any_word<spec::ScaleRuleType>(random);
  const int sizes[] = {32, 32, 16, 1 + static_cast<int>(below(random, 200))};
  request.block_size = sizes[below(random, std::size(sizes))];
  request.rounding.mode = any_word<spec::RoundingMode>(random);
  request.rounding.random_bits = 1 + static_cast<int>(below(random, 32));
  request.rounding.seed = random();
  if (one_in(random, 2))
    spec::for_each_freedom(request.policy,
                           [&]<class Enum>(const char*, Enum& field) { field = any_word<Enum>(random); });
  if (request.policy.tail == spec::Tail::Refuse) request.policy.tail = spec::Tail::ZeroPad;
  return request;
}

}  // namespace mxemu::fast_tests
