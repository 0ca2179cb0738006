// The server behind `echo:`.
#pragma once

#include <optional>
#include <utility>

#include "link/echo.h"
#include "link/plan.h"
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

/// Where a connection goes that is planned so: to its URL, or to an echo server that is made for it in `echo`, which
/// has none. An error of kind io.
[[nodiscard]] inline base::Result<http::Url> url_to_connect(const ConnectPlan& plan, Loop& loop,
                                                            std::optional<EmbeddedEcho>& echo) {
  if (!plan.endpoint.embedded) return plan.endpoint.url;
  echo.emplace(loop, plan.limits, plan.timeouts);
  if (auto listening = echo->listen(); !listening) return std::move(listening).error();
  return echo->url();
}

}  // namespace wscope::link
