// What is asked for of a forward: what comes in, and how it ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "link/plan.h"
#include "serve/ends.h"
#include "serve/relay_plan.h"

namespace wscope::serve {

/// Of source addresses, which can be forged, that are served at a time unless something else is asked for.
inline constexpr std::uint64_t usual_sources = 64;

struct ForwardPlan {
  enum class From : std::uint8_t {
    connections,  ///< to `address`, each of which is a WebSocket
    datagrams,    ///< to `address`: each source address is a WebSocket
    stdio,        ///< one WebSocket
  };
  From from = From::connections;
  link::ListenAddress address{};
  AfterEnd after_end = AfterEnd::wait;
  base::Duration silence = std::chrono::seconds(60);  ///< for AfterEnd::wait; base::Duration::max(): for ever
  base::Duration idle = usual_idle;                   ///< for datagrams; zero: for ever
  std::optional<std::uint64_t> max_clients{};         ///< nothing: any number of connections, usual_sources
};

}  // namespace wscope::serve
