// The options of a relay.
#pragma once

#include <string>
#include <vector>

#include "cli/option_parser.h"
#include "serve/relay_plan.h"

namespace wscope::cli {

/// A relay as it is typed.
struct TypedRelay {
  std::vector<std::string> routes{};
  std::string token_file{};
  base::Duration idle = serve::usual_idle;
  bool idle_given = false;
  bool compress = false;
};
void bind_relay(OptionParser& parser, TypedRelay& typed);
/// What a server is asked to be by it, if it is.
[[nodiscard]] base::Result<void> read_relay(const TypedRelay& typed, session::ServeCommand& command);

}  // namespace wscope::cli
