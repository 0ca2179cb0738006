// The life of a connection: one enumeration and one table.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wscope::ws {

enum class State : std::uint8_t {
  connecting,      ///< the opening handshake is under way
  rejecting,       ///< it was refused; the body of the refusal is on its way
  open,            ///< messages flow
  local_closing,   ///< our Close is sent, the peer's has not come
  remote_closing,  ///< the peer's Close has come, ours is not sent (only without Options::auto_close)
  closed,          ///< no more frames either way; what is left is to end the TCP connection
};

/// What moves a connection on.
enum class Step : std::uint8_t { opened, refused, refusal_complete, close_sent, close_received, failed, stream_ended };

namespace detail {
inline constexpr State none{0xff};
// A row a state, a column a step; `none` cannot happen.
inline constexpr std::array<std::array<State, 7>, 6> transitions = {{
    // opened, refused, refusal_complete, close_sent, close_received, failed, stream_ended
    {State::open, State::rejecting, none, none, none, State::closed, State::closed},                // connecting
    {none, none, State::closed, none, none, State::closed, State::closed},                          // rejecting
    {none, none, none, State::local_closing, State::remote_closing, State::closed, State::closed},  // open
    {none, none, none, none, State::closed, State::closed, State::closed},                          // local_closing
    {none, none, none, State::closed, none, State::closed, State::closed},                          // remote_closing
    {none, none, none, none, none, State::closed, State::closed},                                   // closed
}};
}  // namespace detail

/// The state after `step`.
[[nodiscard]] constexpr State after(State state, Step step) noexcept {
  const State next = detail::transitions[static_cast<std::size_t>(state)][static_cast<std::size_t>(step)];
  assert(next != detail::none);
  return next;
}

/// What may be sent in a state. Who has received a Close may end what it was saying before it answers (section 5.5.1).
[[nodiscard]] constexpr bool may_send_data(State state) noexcept {
  return state == State::open || state == State::remote_closing;
}
[[nodiscard]] constexpr bool may_send_ping(State state) noexcept { return state == State::open; }
[[nodiscard]] constexpr bool may_send_pong(State state) noexcept {
  return state == State::open || state == State::local_closing;
}
[[nodiscard]] constexpr bool may_send_close(State state) noexcept {
  return state == State::open || state == State::remote_closing;
}
/// Whether frames that arrive are read.
[[nodiscard]] constexpr bool reads_frames(State state) noexcept {
  return state == State::open || state == State::local_closing;
}

/// "connecting", …
[[nodiscard]] constexpr std::string_view name(State state) noexcept {
  constexpr std::array<std::string_view, 6> names = {"connecting",    "rejecting",      "open",
                                                     "local closing", "remote closing", "closed"};
  return names[static_cast<std::size_t>(state)];
}

}  // namespace wscope::ws
