#include "session/ending.h"

#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace wscope::session {
namespace {

using ws::close_code::going_away;
using ws::close_code::normal;

constexpr std::array table = {
    Ending{Reason::enough, "what was asked for has come", normal, Patience::for_close, Exit::success, false},
    Ending{Reason::time_is_over, "--for is over", normal, Patience::for_close, Exit::success, true},
    Ending{Reason::silence, "silence of -w", normal, Patience::for_close, Exit::success, true},
    Ending{Reason::input_ended, "--eof close", normal, Patience::for_close, Exit::success, true},
    Ending{Reason::not_in_time, "--expect-timeout", normal, Patience::for_close, Exit::success, true},
    Ending{Reason::quit, "a person quits", normal, Patience::a_second, Exit::success, false},
    Ending{Reason::script_quits, "/quit of a script", normal, Patience::for_close, Exit::success, false},
    Ending{Reason::peer_closed, "the peer closed", std::nullopt, Patience::none, Exit::success, true},
    Ending{Reason::peer_failed, "the peer failed", std::nullopt, Patience::none, Exit::of_error, true},
    Ending{Reason::timeout, "--timeout", going_away, Patience::none, Exit::of_error, true},
    Ending{Reason::input_failed, "input that cannot be sent", going_away, Patience::for_close, Exit::of_error, false},
    Ending{Reason::output_gone, "nobody reads stdout", going_away, Patience::a_second, Exit::success, false},
    Ending{Reason::output_failed, "stdout cannot be written", going_away, Patience::a_second, Exit::of_error, false},
    Ending{Reason::signal, "a signal", going_away, Patience::a_second, Exit::of_signal, false},
    Ending{Reason::signal_of_server, "a signal, of a server", going_away, Patience::for_all, Exit::success, false},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].reason) != i) return false;
  }
  return true;
}
static_assert(is_in_order(), "ending_of() finds a row by its number");

std::string_view words_for(Patience patience) noexcept {
  switch (patience) {
    case Patience::none:
      return "nothing";
    case Patience::a_second:
      return "a second";
    case Patience::for_close:
      return "--close-timeout";
    case Patience::for_all:
      return "the same for all";
  }
  return "";
}

std::string_view words_for(Exit exit) noexcept {
  if (exit == Exit::success) return "0";
  return exit == Exit::of_error ? "the error's" : "the signal's";
}

}  // namespace

std::span<const Ending> endings() noexcept { return table; }

const Ending& ending_of(Reason reason) noexcept { return table.at(static_cast<std::size_t>(reason)); }

std::string endings_as_text() {
  constexpr std::string_view row = "{:<28} {:<6} {:<17} {:<13} {}\n";
  std::string text = fmt::format(row, "it ends by", "Close", "waits for", "exit", "what is missing");
  for (const Ending& ending : table) {
    const std::string close = ending.close ? std::to_string(ending.close->value) : "-";
    text += fmt::format(row, ending.name, close, words_for(ending.patience), words_for(ending.exit),
                        ending.names_missing ? "is named" : "-");
  }
  return text;
}

}  // namespace wscope::session
