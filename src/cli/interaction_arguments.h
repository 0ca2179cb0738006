// The options about a person at a terminal.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "base/result.h"
#include "cli/options.h"

namespace wscope::cli {

/// What was typed.
struct TypedInteraction {
  std::string color = "auto";
  bool no_color = false;  ///< wscat's way to say never
  bool no_history = false;
  bool shows_control = false;
  bool pretty_json = false;
  bool slash = false;  ///< wscat's way to ask for commands, which are always there
  std::string commands{};
};
void add_interaction(CLI::App& app, TypedInteraction& typed);
[[nodiscard]] base::Result<session::Interaction> read_interaction(const TypedInteraction& typed);

}  // namespace wscope::cli
