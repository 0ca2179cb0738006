// Host names to addresses, without blocking the loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/address.h"
#include "net/fd.h"

namespace wscope::net {

/// One lookup at a time:
///
///     resolver.start("example.com", 80);
///     if (!resolver.ready()) … watch resolver.fd() until it is readable …
///     Result<std::vector<SocketAddress>> addresses = resolver.take();
///
/// A number is an answer by itself, and so is localhost or a name under it (RFC 6761 section 6.3): ::1, then 127.0.0.1.
/// Anything else is asked of getaddrinfo on a thread of its own, as POSIX has no other way. That thread cannot be
/// stopped, but nobody waits for it: a Resolver that is destroyed or started again leaves it behind with all it needs.
/// With WSCOPE_STATIC_PIE getaddrinfo knows /etc/hosts and DNS, whatever nsswitch.conf says.
class Resolver {
 public:
  using Addresses = std::vector<SocketAddress>;

  /// Begins to look `host` up (an address without brackets, or a name), forgetting any lookup before it.
  void start(const std::string& host, std::uint16_t port, AddressFamily family = AddressFamily::any);

  /// Whether the answer is there. Directly after start(): it was known without asking.
  [[nodiscard]] bool ready() const noexcept;
  /// Becomes readable when the answer is there. Valid until take() or start(); -1 if there is nothing to wait for.
  [[nodiscard]] int fd() const noexcept { return announcement_.get(); }
  /// The answer, once, when ready(): at least one address, best first, or an Error of kind dns: "HOST: WHY".
  base::Result<Addresses> take();

 private:
  struct Lookup;

  void ask_system(const std::string& host, std::uint16_t port, AddressFamily family);

  std::optional<base::Result<Addresses>> answer_;
  std::shared_ptr<Lookup> lookup_;  // with the thread that does it
  UniqueFd announcement_;
};

}  // namespace wscope::net
