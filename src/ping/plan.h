// What is asked for of wscope ping.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "talk/template.h"

namespace wscope::ping {

/// Of a Ping's payload (RFC 6455 section 5.5).
inline constexpr std::size_t longest_payload = 125;

struct PingPlan {
  enum class As : std::uint8_t {
    ping,  ///< a control frame, which a Pong answers
    text,  ///< a message, which an equal one answers
  };
  std::optional<std::uint64_t> count{};                ///< how many; nothing: without end
  base::Duration interval = std::chrono::seconds(1);   ///< zero: the next one when one is answered or lost
  base::Duration patience = std::chrono::seconds(10);  ///< after which one is lost; zero: for ever
  std::size_t size = 8;                                ///< bytes of payload; of a text, before they are hex
  As as = As::ping;
  std::optional<talk::Template> text{};  ///< of As::text; nothing: the payload in hex
  bool opens = false;                    ///< each has a connection of its own
  bool only_summary = false;             ///< answers have no lines
};

}  // namespace wscope::ping
