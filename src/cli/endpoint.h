// The forms in which a person names an endpoint.
#pragma once

#include <string_view>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// A ws URL; http means the same as ws; without a scheme `host[:port][/path]` and `:port[/path]` (on localhost) are ws;
/// `echo:` is the embedded endpoint. An error is of kind usage, or tls for a secure scheme, and never quotes
/// credentials.
[[nodiscard]] base::Result<Endpoint> parse_endpoint(std::string_view text);

/// `PORT`, `ADDRESS:PORT` or `[ADDRESS]:PORT`, where localhost and nothing stand for loopback.
[[nodiscard]] base::Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace wscope::cli
