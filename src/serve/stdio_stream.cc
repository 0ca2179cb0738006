#include "serve/stdio_stream.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wscope::serve {

net::UniqueFd take_stdout() noexcept {
  const net::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  net::UniqueFd out(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!nowhere.valid() || ::dup2(nowhere.get(), STDOUT_FILENO) < 0) out.reset();
  return out;
}

StdioStream::StdioStream(net::Poller& poller, net::UniqueFd out)
    : poller_(poller),
      stdout_(std::move(out)),
      output_(net::SharedOutput::open(stdout_.get())),
      in_(poller.add(STDIN_FILENO, {}, *this)),
      out_(poller.add(output_->poll_fd(), {}, *this)) {}

StdioStream::~StdioStream() {
  poller_.remove(in_);
  poller_.remove(out_);
}

// Nobody at the other end of stdin is what reading tells.
void StdioStream::watch(net::Interest interest, ByteStreamOwner& owner) {
  owner_ = &owner;
  poller_.set_interest(in_, {.readable = interest.readable});
  poller_.set_interest(out_, {.writable = interest.writable, .hung_up = output_.has_value()});
}

void StdioStream::handle_ready(net::Poller::Id id, net::Readiness readiness) {
  if (id == in_) return owner_->handle_stream({.readable = true});
  if (readiness.hung_up) return owner_->handle_reader_gone();
  owner_->handle_stream({.writable = readiness.writable});
}

net::IoResult StdioStream::receive(base::MutableBytes into) { return net::read_some(STDIN_FILENO, into); }

net::IoResult StdioStream::send(base::Bytes from) {
  return output_ ? output_->write(from) : net::IoResult{net::IoResult::Kind::failed, 0, EPIPE};
}

bool StdioStream::failed() const { return false; }

void StdioStream::half_close() {
  poller_.remove(out_);
  output_.reset();
  ::shutdown(stdout_.get(), SHUT_WR);  // which it may be
  stdout_.reset();
}

void StdioStream::close() {
  poller_.remove(in_);
  if (output_) half_close();
}

}  // namespace wscope::serve
