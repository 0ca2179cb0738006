#include "streams/output_queue.h"

#include <cerrno>
#include <chrono>
#include <cstdint>

namespace wscope::streams {
namespace {

// What is appended above the high-water mark is bounded by its source: a block that was read, or one message that was
// held, in whatever form it is printed.
constexpr std::size_t queue_cap = SIZE_MAX / 2;

}  // namespace

OutputQueue::OutputQueue(net::Poller& poller, int fd)
    : poller_(poller),
      output_(net::SharedOutput::open(fd)),
      id_(poller.add(output_.poll_fd(), {.hung_up = shows_its_end()}, *this)),
      queue_(queue_cap) {}

// A reader that goes away while there is nothing to write is heard of where the system tells.
bool OutputQueue::shows_its_end() const noexcept {
  using Kind = net::SharedOutput::Kind;
  return output_.kind() == Kind::pipe || output_.kind() == Kind::terminal;
}

void OutputQueue::flush() {
  if (screen_) {
    if (!queue_.empty() && screen_(base::as_text(queue_.view()))) queue_.clear();
    return;
  }
  while (!queue_.empty() && error_ == 0 && !blocked_) {
    const net::IoResult result = output_.write(queue_.view());
    if (result.kind == net::IoResult::Kind::failed) error_ = result.error;
    blocked_ = result.kind == net::IoResult::Kind::would_block;
    if (result.kind != net::IoResult::Kind::done) break;
    queue_.consume(result.bytes);
  }
  if (error_ != 0) queue_.clear();
  poller_.set_interest(id_, {.writable = !queue_.empty(), .hung_up = shows_its_end() && error_ == 0});
}

void OutputQueue::finish(base::Duration most) {
  blocked_ = false;
  flush();
  const base::TimePoint end = poller_.now() + most;
  while (!queue_.empty() && !screen_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - poller_.now());
    if (left.count() <= 0) return;
    static_cast<void>(output_.wait(left));  // a signal that comes first does not end it
    blocked_ = false;
    flush();
  }
}

void OutputQueue::handle_ready(net::Poller::Id, net::Readiness readiness) {
  blocked_ = false;
  if (queue_.empty() && readiness.hung_up) error_ = output_.kind() == net::SharedOutput::Kind::pipe ? EPIPE : EIO;
  flush();
}

}  // namespace wscope::streams
