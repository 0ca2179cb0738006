// How a run ends: the one table of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ws/close_code.h"

namespace wscope::session {

/// Why a run comes to its end.
enum class Reason : std::uint8_t {
  enough,           ///< --count, --until, the last --expect or --lockstep is met
  time_is_over,     ///< --for
  silence,          ///< of -w, behind the end of the input
  input_ended,      ///< --eof close
  not_in_time,      ///< --expect-timeout
  quit,             ///< a person wants to go: /quit, Ctrl-D, Ctrl-C with nothing typed
  script_quits,     ///< /quit in a script
  peer_closed,      ///< the last connection is over in an ordinary way
  peer_failed,      ///< the last connection failed, was refused, lost or closed otherwise
  timeout,          ///< --timeout
  input_failed,     ///< what was read cannot be sent, or not be read
  output_gone,      ///< nobody reads stdout any more
  output_failed,    ///< stdout cannot be written
  signal,           ///< the first SIGINT, SIGTERM or SIGHUP
  signal_of_server  ///< the same, of who serves: that is how servers end
};

/// What is waited for between the decision to end and the end.
enum class Patience : std::uint8_t {
  none,       ///< it is over: what can be printed within half a second is
  a_second,   ///< the peers have so long to answer our Close and to end their TCP connections
  for_close,  ///< each of them has --close-timeout, which the connections measure
  for_all,    ///< all together have --close-timeout and half a second; without one, as long as they take
};

/// The exit status.
enum class Exit : std::uint8_t {
  success,    ///< 0
  of_error,   ///< that of the error that is told
  of_signal,  ///< 128 and its number
};

/// A row of the table.
struct Ending {
  Reason reason;
  std::string_view name;
  std::optional<ws::CloseCode> close;  ///< what open connections are closed with; nothing: there are none any more
  Patience patience;
  Exit exit;
  bool names_missing;  ///< what was asked for and has not come is told: alone (11), or behind the error
};

/// All of them, each once, in the order of Reason.
[[nodiscard]] std::span<const Ending> endings() noexcept;
[[nodiscard]] const Ending& ending_of(Reason reason) noexcept;

/// As a table for a person, a row each.
[[nodiscard]] std::string endings_as_text();

}  // namespace wscope::session
