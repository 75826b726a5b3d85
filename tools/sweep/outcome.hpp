// One format swept as planned: what was found, and whether it is what is on record.
#pragma once

#include <string>
#include <vector>

#include "fast/isa.hpp"
#include "spec/block_format.hpp"
#include "tools/sweep/findings.hpp"

namespace mxemu::sweep {

enum class Record { Equal, Differs, Absent };

/// The scale codes that are swept, and how.
struct Plan {
  const char* extent;
  std::vector<int> blocks;
  std::vector<int> whole_elements;
  std::vector<int> sampled_elements;
};

struct Outcome {
  const char* format = "";
  Findings blocks;
  Findings whole_elements;
  Findings sampled_elements;
  std::string digest;
  Record record = Record::Absent;
  double seconds = 0;
  double processor_seconds = 0;  ///< of all threads: what other work on the machine does not change

  Findings all() const {
    Findings all = blocks;
    all.merge(whole_elements);
    all.merge(sampled_elements);
    return all;
  }
  bool passed() const {
    const Findings found = all();
    return found.compared > 0 && found.mismatches == 0 && record != Record::Differs;
  }
};

/// Every scale in about a minute, or a few scales in a second.
Plan make_plan(bool quick);

/// `recorded`: the file of digests, or empty.
Outcome sweep_format(const spec::BlockFormat& format, const Plan& plan, fast::Isa isa,
                     const std::string& recorded);

}  // namespace mxemu::sweep
