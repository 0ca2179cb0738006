// Who may come: tells the web pages that have no business with a server from its own, and from programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/authority.h"
#include "http/head.h"

namespace wscope::link {

/// Whom a server lets in of those who say where they come from, as browsers do for every page. It stands before
/// passwords and client certificates and is not replaced by them: a browser adds those to the requests of any page.
struct GuardOptions {
  enum class Scope : std::uint8_t {
    open,     ///< everybody
    origins,  ///< upgrades from these origins; pages are for everybody
    full,     ///< without origins, upgrades from our own pages; all else only under a name that is ours
  };
  Scope scope = Scope::open;
  /// As http::normalized_origin() writes them; "none" is a client without an Origin, "*" turns all off. Empty: our own.
  std::vector<std::string> origins;
  /// Hosts that are ours besides addresses, names without a dot and those below localhost, as http::Host writes them.
  /// "*": all are.
  std::vector<std::string> names;
  bool secure = false;  ///< we speak TLS
};

/// A request that may be let in.
struct Visit {
  const http::RequestHead* head = nullptr;
  bool upgrade = false;    ///< it asks for a WebSocket; or else for a page
  bool from_here = false;  ///< of a client on this machine: the loopback interface, a Unix domain socket
};

/// Why somebody is not let in.
struct GuardRefusal {
  int status = 403;   ///< or 400, if it is not clear who is asked
  std::string whom;   ///< the origin, or "host " and the name, as the client has written it: to be escaped
  std::string why{};  ///< and what would let it in, for a person
};

/// Whether a visit is refused. No field that a proxy adds is looked at, as anybody can.
[[nodiscard]] std::optional<GuardRefusal> judge_visit(const GuardOptions& options, const Visit& visit);

/// Whom a request asks: what an absolute-form target says or else its Host. Nothing if that is not clear.
[[nodiscard]] std::optional<http::Authority> asked_authority(const http::RequestHead& head);

}  // namespace wscope::link
