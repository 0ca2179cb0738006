#include "app/output_queue.h"

namespace wscope::app {
namespace {

// Far above the high-water mark: one event can add a hex dump of a block that was read.
constexpr std::size_t queue_cap = std::size_t{16} << 20;

}  // namespace

OutputQueue::OutputQueue(net::Poller& poller, int fd, OutputOwner& owner)
    : poller_(poller),
      owner_(owner),
      output_(net::SharedOutput::open(fd)),
      id_(poller.add(output_.poll_fd(), {}, *this)),
      queue_(queue_cap) {}

void OutputQueue::flush() {
  while (!queue_.empty() && error_ == 0) {
    const net::IoResult result = output_.write(queue_.view());
    if (result.kind == net::IoResult::Kind::failed) error_ = result.error;
    if (result.kind != net::IoResult::Kind::done) break;
    queue_.consume(result.bytes);
  }
  if (error_ != 0) queue_.clear();
  poller_.set_interest(id_, {.writable = !queue_.empty()});
}

void OutputQueue::handle_ready(net::Poller::Id, net::Readiness) {
  flush();
  if (queue_.empty()) owner_.handle_output();
}

void OutputQueue::handle_deadline(net::Poller::Id, base::TimePoint) {}

}  // namespace wscope::app
