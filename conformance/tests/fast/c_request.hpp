// A request of the C ABI that frees itself.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "fast/mxemu.h"
#include "spec/request.hpp"

namespace mxemu::fast_tests {

struct DestroyRequest {
  void operator()(mxemu_request* request) const { mxemu_request_destroy(request); }
};
using CRequest = std::unique_ptr<mxemu_request, DestroyRequest>;

inline CRequest c_request(const char* format) {
  mxemu_request* request = nullptr;
  EXPECT_EQ(mxemu_request_create(format, nullptr, &request), MXEMU_OK) << mxemu_last_error();
  return CRequest(request);
}

/// The same request through names, as a C program would make it.
inline CRequest c_request(const spec::Request& wanted) {
  CRequest request = c_request(wanted.block_format().name);
  const auto set = [&](const char* name, const std::string& value) {
    EXPECT_EQ(mxemu_request_set(request.get(), name, value.c_str()), MXEMU_OK) << mxemu_last_error();
  };
  set("block_size", std::to_string(wanted.block_size));
  set("scale_rule", spec::name_of(wanted.scale_rule));
  set("rounding", spec::name_of(wanted.rounding.mode));
  set("random_bits", std::to_string(wanted.rounding.random_bits));
  set("seed", std::to_string(wanted.rounding.seed));
  spec::for_each_freedom(wanted.policy, [&]<class Enum>(const char* name, const Enum& field) {
    set(name, spec::name_of(field));
  });
  return request;
}

}  // namespace mxemu::fast_tests
