#include "cli/interaction_arguments.h"

#include "cli/parsing.h"

namespace wscope::cli {
namespace {

constexpr Choice<report::Color> colors[] = {
    {"auto", report::Color::automatic}, {"always", report::Color::always}, {"never", report::Color::never}};

}  // namespace

void add_interaction(CLI::App& app, TypedInteraction& typed) {
  const std::string group = "On a terminal";
  app.add_option(
         "--commands", typed.commands,
         "without a person: obey the lines of this file (-: stdin) as if they were typed, then end as after the "
         "last line of stdin")
      ->check(not_empty())
      ->type_name("FILE")
      ->group(group);
  auto* color =
      app.add_option("--color", typed.color, "colours: if stdout is a terminal (the default), always or never")
          ->type_name(names_of(colors))
          ->group(group);
  app.add_flag("--no-color", typed.no_color, "the same as --color never")->excludes(color)->group(group);
  app.add_flag("--json-pretty", typed.pretty_json, "show JSON messages indented")->group(group);
  app.add_flag("-P,--show-ping-pong", typed.shows_control, "show Ping, Pong and Close as they come")->group(group);
  app.add_flag("--no-history", typed.no_history, "do not keep what is typed")->group(group);
  app.add_flag("--slash", typed.slash, "lines with / are commands, as they always are")->group(group);
}

base::Result<session::Interaction> read_interaction(const TypedInteraction& typed) {
  const auto color = choose(typed.color, "--color", colors);
  if (!color) return color.error();
  return session::Interaction{typed.no_color ? report::Color::never : *color, !typed.no_history, typed.shows_control,
                              typed.pretty_json, typed.commands};
}

}  // namespace wscope::cli
