// The server behind `echo:`.
#pragma once

#include "link/echo.h"
#include "link/server.h"

namespace wscope::link {

/// An echo server in this process, on a loopback port of its own.
class EmbeddedEcho {
 public:
  /// `loop` outlives it. `limits` and `timeouts` are those of who connects to it.
  EmbeddedEcho(Loop& loop, const SizeLimits& limits, const Timeouts& timeouts)
      : echo_(loop, limits, timeouts), server_(loop, {.timeouts = timeouts}, echo_, nullptr) {}

  /// To be called once, first. An error of kind io.
  [[nodiscard]] base::Result<void> listen() { return server_.listen({.host = "", .port = 0}); }
  [[nodiscard]] http::Url url() const { return server_.url(); }

 private:
  Echo echo_;
  Server server_;
};

}  // namespace wscope::link
