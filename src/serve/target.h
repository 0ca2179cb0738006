// Where a relay leads, as it is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/url.h"

namespace wscope::serve {

/// What a client of a relay talks to.
struct Target {
  enum class Kind : std::uint8_t {
    tcp,          ///< host and port
    unix_socket,  ///< path, a stream socket
    udp,          ///< host and port
    websocket,    ///< url
    echo,         ///< nobody: messages go back
  };
  Kind kind = Kind::echo;
  std::string host{};  ///< a name, or an address without brackets, perhaps with a zone
  std::uint16_t port = 0;
  std::string path{};
  http::Url url{};

  /// As it is written, without credentials: for those who run the relay, not for its clients.
  [[nodiscard]] std::string text() const;

  bool operator==(const Target&) const = default;
};

/// Reads `tcp:HOST:PORT`, `unix:PATH`, `udp:HOST:PORT`, a ws or wss URL, or `echo:`. An IPv6 address stands in
/// brackets. An Error of kind usage, which quotes nothing.
[[nodiscard]] base::Result<Target> parse_target(std::string_view text);

/// The same, where a bare `HOST:PORT` is meant for TCP.
[[nodiscard]] base::Result<Target> parse_target_or_address(std::string_view text);

}  // namespace wscope::serve
