// Compares two code bases on many inputs, on all cores, and keeps the first differences.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <string>

#include "conformance/staircase.hpp"
#include "conformance/tests/peers/inputs.hpp"

namespace mxemu::conformance {

/// One input on which a peer and the reference differ.
struct PeerDifference {
  std::uint64_t input;
  std::uint64_t peer;
  std::uint64_t reference;
};

struct PeerComparison {
  std::uint64_t checked = 0;
  std::uint64_t difference_count = 0;
  std::vector<PeerDifference> first_differences;

  void add(std::uint64_t input, std::uint64_t peer, std::uint64_t reference) {
    ++checked;
    if (peer == reference) return;
    ++difference_count;
    if (first_differences.size() < 10) first_differences.push_back({input, peer, reference});
  }

  void merge(const PeerComparison& other) {
    checked += other.checked;
    difference_count += other.difference_count;
    for (const PeerDifference& difference : other.first_differences)
      if (first_differences.size() < 10) first_differences.push_back(difference);
  }

  std::string text() const {
    std::string lines = std::to_string(difference_count) + " of " + std::to_string(checked) + " differ\n";
    for (const auto& [input, peer, reference] : first_differences) {
      char line[128];
      std::snprintf(line, sizeof line, "  input 0x%llx  peer 0x%llx  reference 0x%llx\n",
                    static_cast<unsigned long long>(input), static_cast<unsigned long long>(peer),
                    static_cast<unsigned long long>(reference));
      lines += line;
    }
    return lines;
  }
};

/// Expects make_pair()(bits), a {peer, reference} pair of results, to agree on every input. Each thread asks
/// make_pair for a function of its own. Prints how many inputs were compared.
template <class MakePair>
void expect_agreement(const std::string& name, const Inputs& inputs, const MakePair& make_pair) {
  constexpr std::size_t chunk = 4096;
  PeerComparison total;
  std::mutex mutex;
  on_all_cores((inputs.bits.size() + chunk - 1) / chunk, [&](std::uint64_t index) {
    auto pair = make_pair();
    PeerComparison comparison;
    const std::size_t end = std::min(inputs.bits.size(), (index + 1) * chunk);
    for (std::size_t i = index * chunk; i < end; ++i) {
      const auto [peer, reference] = pair(inputs.bits[i]);
      comparison.add(inputs.bits[i], peer, reference);
    }
    const std::lock_guard lock(mutex);
    total.merge(comparison);
  });
  EXPECT_EQ(total.checked, inputs.bits.size());
  EXPECT_GT(total.checked, 0u) << name;
  EXPECT_EQ(total.difference_count, 0u)
      << name << " from " << spec::name_of(inputs.type) << ": " << total.text();
  std::cout << "  " << name << " from " << spec::name_of(inputs.type) << ": " << total.checked
            << " compared\n";
}

}  // namespace mxemu::conformance
