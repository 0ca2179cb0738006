#include "cli/interaction_arguments.h"

namespace wscope::cli {
namespace {

constexpr Choice<report::Color> colors[] = {
    {"auto", report::Color::automatic}, {"always", report::Color::always}, {"never", report::Color::never}};
static_assert(are_words_of("--color", colors));

}  // namespace

void bind_interaction(OptionParser& parser, session::Interaction& interaction) {
  parser.bind("--commands", interaction.commands);
  parser.bind("--color", interaction.color, colors);
  parser.bind_value("--no-color", interaction.color, report::Color::never);
  parser.bind("--json-pretty", interaction.pretty_json);
  parser.bind("--show-ping-pong", interaction.shows_control);
  parser.bind("--stay", interaction.stays);
  parser.bind_value("--no-history", interaction.history, false);
  parser.bind_nothing("--slash");
}

}  // namespace wscope::cli
