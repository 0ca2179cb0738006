// The forms in which a person names an endpoint.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// A ws or wss URL; http and https mean the same; without a scheme `host[:port][/path]` and `:port[/path]` (on
/// localhost) are ws; `ws+unix:SOCKET[:/path]` is a Unix domain socket, on which the host is localhost; `echo:` is the
/// embedded endpoint. An error is of kind usage and never quotes credentials.
[[nodiscard]] base::Result<link::Endpoint> parse_endpoint(std::string_view text);

/// `PORT`, `ADDRESS:PORT` or `[ADDRESS]:PORT`, where localhost and nothing stand for loopback; or `unix:PATH`.
[[nodiscard]] base::Result<link::ListenAddress> parse_listen_address(std::string_view text);

/// The permissions of a Unix domain socket, of whom whoever may write may connect: in octal, as chmod(1) has it.
[[nodiscard]] base::Result<std::uint32_t> parse_unix_mode(const std::string& typed);

}  // namespace wscope::cli
