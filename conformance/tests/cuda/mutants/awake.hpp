// Which mutant of the CUDA library is awake. They sleep in one program, so that one build tries them all.
#pragma once

namespace mxemu::mutants {

inline int awake = 0;  ///< counted from 1 in the order of mutants.txt; 0: none

inline bool is_awake(int mutant) {
  return mutant == awake;
}

}  // namespace mxemu::mutants
