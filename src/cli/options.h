// What the command line asks for.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "check/plan.h"
#include "decode/plan.h"
#include "script/run_plan.h"
#include "session/plan.h"

namespace wscope::cli {

/// Where the words of a command are typed.
enum class Place : std::uint8_t {
  shell,
  session,  ///< behind /connect or /listen, in a session that goes on: options about the whole of it are errors
};

/// Text for stdout, after which there is nothing to do: --help, --version, --generate.
struct ShowText {
  std::string text;
};

using Command = std::variant<session::ConnectCommand, session::ServeCommand, session::UnconnectedCommand,
                             session::ForwardCommand, session::PingCommand, script::RunPlan, check::CheckPlan,
                             decode::DecodePlan, decode::EncodePlan, ShowText>;

}  // namespace wscope::cli
