#include "serve/stream_passage.h"

#include <utility>

#include "serve/byte_stream.h"

namespace wscope::serve {

StreamPassage::StreamPassage(link::Loop& loop, link::ConnectionNumber number, const Target& target,
                             const link::Timeouts& timeouts, PassageOwner& owner)
    : loop_(loop),
      number_(number),
      ends_{.relay = true, .after_end = AfterEnd::close, .close_timeout = timeouts.close},
      owner_(owner),
      dialer_(loop.poller, loop.blocks, *this) {
  peer::Destination destination;
  destination.host = target.host;
  destination.port = target.port;
  if (target.kind == Target::Kind::unix_socket) destination.unix_socket = target.path;
  dialer_.start(std::move(destination), timeouts.connect);
}

void StreamPassage::handle_dialed(base::Result<peer::Dialed> dialed) {
  if (!dialed) return owner_.handle_unreachable(number_, dialed.error());
  JoinOwner& owner = *this;
  auto stream = std::make_unique<SocketStream>(loop_.poller, dialed->transport.take_socket());
  join_ = std::make_unique<Join>(loop_, std::move(stream), ends_, owner);
  owner_.handle_arrived(number_, std::nullopt);
}

bool StreamPassage::handle_gone() {
  if (!join_) return true;
  join_->handle_link_gone();
  return join_->over();
}

// Before the client is in, that is noticed when it is.
void StreamPassage::handle_join_over() { owner_.handle_over(number_); }

}  // namespace wscope::serve
