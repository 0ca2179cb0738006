#include "link/packing.h"

#include <chrono>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace wscope::link {
namespace {

// What is packed up was not used for once to twice as long.
constexpr base::Duration interval = std::chrono::seconds(5);

// What the streams were made of lies between what is still needed: only this gives it back to the system.
void give_back_memory() noexcept {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace

void Packing::look_later() {
  looks_ = true;
  poller_.set_deadline(timer_, poller_.now() + interval);
}

void Packing::handle_deadline(net::Poller::Id, base::TimePoint) {
  looks_ = false;
  if (deflate_.pack_idle() > 0) give_back_memory();
  note_use();
}

}  // namespace wscope::link
