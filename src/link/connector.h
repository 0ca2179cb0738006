// From a URL to a stream to it, by the way that the command line says.
#pragma once

#include <optional>

#include "base/result.h"
#include "http/url.h"
#include "link/loop.h"
#include "link/plan.h"
#include "peer/dialer.h"
#include "tls/context.h"

namespace wscope::link {

/// Whether an endpoint that asks for our certificate gets it.
enum class OwnCertificate : unsigned char { shown, withheld };

/// Dials as a ConnectCommand asks: overrides, proxy, trust. What TLS needs is made when it is first needed, and kept.
class Connector {
 public:
  /// `loop`, `plan` and `owner` outlive it.
  Connector(Loop& loop, const ConnectPlan& plan, peer::DialerOwner& owner)
      : plan_(plan), dialer_(loop.poller, loop.blocks, owner) {}

  /// Dials `url`; `directly`: whatever the plan says of proxies and sockets. The owner hears of the outcome from the
  /// loop. An error, of kind usage, io or tls, if the certificates it takes cannot be used.
  [[nodiscard]] base::Result<void> start(const http::Url& url, bool directly,
                                         OwnCertificate certificate = OwnCertificate::shown);

 private:
  [[nodiscard]] base::Result<const tls::Context*> trust(std::optional<tls::Context>& context,
                                                        const tls::ClientOptions& options);
  [[nodiscard]] base::Result<std::optional<peer::ProxyHop>> proxy_hop(const http::Url& url);

  const ConnectPlan& plan_;
  std::optional<tls::Context> context_;
  std::optional<tls::Context> anonymous_context_;
  std::optional<tls::Context> proxy_context_;
  peer::Dialer dialer_;
};

}  // namespace wscope::link
