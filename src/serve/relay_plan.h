// What is asked for of a relay: where clients are led.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "serve/target.h"

namespace wscope::serve {

/// How long it may be silent in both directions before a datagram relay closes, unless something else is asked for.
inline constexpr base::Duration usual_idle = std::chrono::seconds(60);

/// Where one path leads.
struct RelayRoute {
  std::string path{};  ///< of the request, exactly, as it is sent; empty: all that no other route has
  Target target{};
};

/// Reads `TARGET` or `/PATH=TARGET`, where the first "=" ends the path. Errors are those of parse_target().
[[nodiscard]] base::Result<RelayRoute> parse_route(std::string_view text);

struct RelayPlan {
  std::vector<RelayRoute> routes{};  ///< no path twice
  std::string token_file{};          ///< where paths that no route has lead, by their token; empty: there is none
  base::Duration idle = usual_idle;  ///< for datagrams; zero: for ever
  bool compression = false;          ///< agree to permessage-deflate
};

}  // namespace wscope::serve
