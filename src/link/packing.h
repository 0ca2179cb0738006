// When connections that compress are at rest.
#pragma once

#include "net/poller.h"
#include "ws/deflate.h"

namespace wscope::link {

/// Has contexts of permessage-deflate that are not used for some seconds packed up, and looks for them only while there
/// are some.
class Packing final : private net::Pollable {
 public:
  /// Both outlive it.
  Packing(net::Poller& poller, ws::PermessageDeflate& deflate)
      : poller_(poller), deflate_(deflate), timer_(poller.add(-1, {}, *this)) {}
  ~Packing() { poller_.remove(timer_); }
  Packing(const Packing&) = delete;
  Packing& operator=(const Packing&) = delete;

  /// To be called after messages may have been compressed or inflated.
  void note_use() {
    if (!looks_ && deflate_.has_contexts()) look_later();
  }

 private:
  void handle_ready(net::Poller::Id, net::Readiness) override {}
  void handle_deadline(net::Poller::Id id, base::TimePoint now) override;
  void look_later();

  net::Poller& poller_;
  ws::PermessageDeflate& deflate_;
  net::Poller::Id timer_;
  bool looks_ = false;
};

}  // namespace wscope::link
