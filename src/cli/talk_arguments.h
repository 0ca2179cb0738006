// The options about what messages say: what is waited for, what is answered, what is printed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/option_parser.h"

namespace wscope::cli {

/// As they are typed.
struct TypedTalk {
  struct Step {
    std::string text;                       ///< of -x
    std::optional<talk::Match> expected{};  ///< --expect
  };
  struct Reply {
    std::string typed;
    talk::Match match;
    std::size_t text;  ///< where it begins in what was typed
  };
  std::vector<Step> steps{};  ///< in their order
  std::vector<talk::Match> until{};
  base::Duration expect_timeout{};
  std::optional<session::Lockstep> lockstep{};
  std::vector<Reply> replies{};
  report::Selection selection{};
  bool only = false;
};
void bind_talk(OptionParser& parser, TypedTalk& typed);

/// What was typed, if it makes sense together with the rest of the command, which takes it over: the shape of its
/// input, which its messages have, too, what it reports, whether it reads stdin and what it counts. `binary`: -b was
/// given.
[[nodiscard]] base::Result<void> read_talk(TypedTalk& typed, bool binary, session::ConnectCommand& command);
[[nodiscard]] base::Result<void> read_talk(TypedTalk& typed, bool binary, session::ServeCommand& command);

}  // namespace wscope::cli
