// wscope: a terminal workbench for WebSocket endpoints.
#include <cstdlib>
#include <string>
#include <vector>

#ifdef __GLIBC__  // known since <cstdlib>
#include <malloc.h>
#endif

#include "app/run.h"

namespace {

// What a message of 1 MiB or so has taken is there for the next one. Left to itself, glibc gives it back to the system
// with every message, and the pages of the next one cost as much as all that is done with it.
void keep_some_memory() noexcept {
#ifdef __GLIBC__
  constexpr int kept = 4 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kept);
  ::mallopt(M_TRIM_THRESHOLD, kept);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_some_memory();
  std::exit(wscope::app::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)));
}
