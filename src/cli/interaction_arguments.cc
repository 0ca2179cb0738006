#include "cli/interaction_arguments.h"

namespace wscope::cli {
namespace {

constexpr Choice<view::ColorChoice> colors[] = {
    {"auto", view::ColorChoice::automatic}, {"always", view::ColorChoice::always}, {"never", view::ColorChoice::never}};
static_assert(are_words_of("--color", colors));

}  // namespace

void bind_color(OptionParser& parser, view::ColorChoice& color) {
  parser.bind("--color", color, colors);
  parser.bind_value("--no-color", color, view::ColorChoice::never);
}

void bind_interaction(OptionParser& parser, session::Interaction& interaction) {
  parser.bind("--commands", interaction.commands);
  bind_color(parser, interaction.color);
  parser.bind("--json-pretty", interaction.pretty_json);
  parser.bind("--show-ping-pong", interaction.shows_control);
  parser.bind("--stay", interaction.stays);
  parser.bind_value("--no-history", interaction.history, false);
  parser.bind_nothing("--slash");
}

}  // namespace wscope::cli
