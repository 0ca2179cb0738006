// The options about a person at a terminal.
#pragma once

#include "cli/option_parser.h"

namespace wscope::cli {

/// The variable outlives the parser.
void bind_color(OptionParser& parser, view::ColorChoice& color);
/// The same.
void bind_interaction(OptionParser& parser, session::Interaction& interaction);

}  // namespace wscope::cli
