// What the command line asks for, once it is known to be valid.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "http/url.h"
#include "ws/client_handshake.h"
#include "ws/deflate_parameters.h"

namespace wscope::cli {

/// A waiting time that never runs out.
inline constexpr base::Duration for_ever = base::Duration::max();

/// What follows the end of the input.
enum class AtEof : std::uint8_t {
  wait,   ///< close once the peer has been silent for a while
  close,  ///< close at once
  hold,   ///< stay until the peer closes
};

/// Where `wscope connect` connects.
struct Endpoint {
  http::Url url;
  bool embedded = false;  ///< `echo:`, the echo server inside this process; `url` is filled in when it listens
};

struct Timeouts {
  base::Duration connect = std::chrono::seconds(10);    ///< name and TCP connection
  base::Duration handshake = std::chrono::seconds(10);  ///< upgrade
  base::Duration close = std::chrono::seconds(10);      ///< from the first Close to the end
};

/// wscope [connect] URL
struct ConnectCommand {
  Endpoint endpoint;
  bool binary = false;  ///< send lines as binary messages
  AtEof at_eof = AtEof::wait;
  base::Duration silence = std::chrono::seconds(1);  ///< for AtEof::wait; for_ever
  std::vector<std::string> first_messages;           ///< to be sent before anything from stdin
  bool reads_stdin = true;
  std::optional<std::uint64_t> count;  ///< end after so many received messages; fewer are a failure
  base::Duration timeout{};            ///< for the whole run; zero: none
  ws::ConnectOptions request;
  /// What to offer of permessage-deflate; nothing: not to offer it.
  std::optional<ws::DeflateParameters> compression =
      ws::DeflateParameters{.client_max_window_bits = ws::any_window_bits};
  Timeouts timeouts;
};

/// Where a server listens.
struct ListenAddress {
  std::string host;           ///< a numeric address without brackets; empty: loopback, IPv4 and IPv6
  std::uint16_t port = 8080;  ///< 0: any free one
};

/// wscope echo [[ADDR:]PORT], the same as wscope listen --echo
struct EchoCommand {
  ListenAddress address;
  Timeouts timeouts;
};

/// Text for stdout, after which there is nothing to do: --help, --version.
struct ShowText {
  std::string text;
};

using Command = std::variant<ConnectCommand, EchoCommand, ShowText>;

}  // namespace wscope::cli
