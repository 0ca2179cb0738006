// How a fuzz target says that a property does not hold: in every build, and so that libFuzzer sees a crash.
#pragma once

#include <cstdlib>

namespace wscope::fuzz {

inline void require(bool property) {
  if (!property) std::abort();
}

}  // namespace wscope::fuzz
