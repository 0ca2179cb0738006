#include "repl/showing.h"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "repl/interpreter.h"
#include "repl/slash_arguments.h"
#include "repl/variables.h"
#include "repl/words.h"
#include "view/escape.h"

namespace wscope::repl {
namespace {

using report::Timestamps;

base::Result<void> tell(std::string_view name, std::string_view state, InterpreterHost& host) {
  host.say(fmt::format("{} {}\n", name, state));
  return {};
}

std::string_view word_for(bool on) noexcept { return on ? "on" : "off"; }

std::string_view word_for(Timestamps timestamps) noexcept {
  return timestamps == Timestamps::relative ? "relative" : word_for(timestamps != Timestamps::off);
}

base::Result<void> show_frames(std::string_view arguments, InterpreterHost& host) {
  const auto on = parse_switch(arguments, host.shows_frames());
  if (!on) return on.error();
  host.show_frames(*on);
  return tell("frames", word_for(*on), host);
}

base::Result<void> show_timestamps(std::string_view arguments, Timestamps& timestamps, InterpreterHost& host) {
  if (arguments == "relative") {
    timestamps = Timestamps::relative;
  } else {
    const auto on = parse_switch(arguments, timestamps != Timestamps::off);
    if (!on) return base::usage_error("timestamps: wants on, off or relative");
    timestamps = *on ? Timestamps::absolute : Timestamps::off;
  }
  return tell("timestamps", word_for(timestamps), host);
}

base::Result<void> show(std::string_view name, std::string_view arguments, InterpreterHost& host) {
  if (name == "frames") return show_frames(arguments, host);
  report::ScreenChoices* choices = host.choices();
  if (choices == nullptr) return not_now("there is no screen");
  if (name == "timestamps") return show_timestamps(arguments, choices->timestamps, host);
  const std::pair<std::string_view, bool*> switches[] = {{"control", &choices->control},
                                                         {"json", &choices->json},
                                                         {"ascii", &choices->ascii},
                                                         {"whole", &choices->whole},
                                                         {"numbers", &choices->numbers}};
  std::string states = fmt::format("  frames {}\n", word_for(host.shows_frames()));
  std::string names = "/show frames|timestamps";
  for (const auto& [shown, value] : switches) {
    states += fmt::format("  {} {}\n", shown, word_for(*value));
    names += fmt::format("|{}", shown);
    if (shown != name) continue;
    const auto on = parse_switch(arguments, *value);
    if (!on) return on.error();
    *value = *on;
    return tell(name, word_for(*on), host);
  }
  if (!name.empty()) {
    return base::usage_error(fmt::format("\"{}\" cannot be shown", view::escape(name)), names + " [on|off]");
  }
  host.say(states + fmt::format("  timestamps {}\n", word_for(choices->timestamps)));
  return {};
}

}  // namespace

bool is_about_showing(Action action) noexcept {
  return action == Action::hex || action == Action::json || action == Action::show;
}

bool chooses_messages(Action action) noexcept { return action == Action::filter || action == Action::mute; }

base::Result<void> choose_messages(Action action, std::string_view arguments, InterpreterHost& host,
                                   Variables& variables) {
  report::ScreenChoices* choices = host.choices();
  if (choices == nullptr) return not_now("there is no screen");
  const bool filters = action == Action::filter;
  std::optional<talk::Match>& chosen = filters ? choices->filter : choices->mute;
  if (arguments == "off") {
    chosen.reset();
  } else if (!arguments.empty()) {
    auto match = variables.read_match(arguments);
    if (!match) return std::move(match).error();
    chosen = std::move(match).value();
  }
  return tell(filters ? "filter" : "mute", chosen ? view::escape(chosen->text()) : "off", host);
}

base::Result<void> choose_shown(Action action, std::string_view arguments, InterpreterHost& host) {
  if (action == Action::hex) return show_frames(arguments, host);
  if (action == Action::json) return show("json", arguments, host);
  const std::string_view name = take_word(arguments);
  return show(name, arguments, host);
}

}  // namespace wscope::repl
