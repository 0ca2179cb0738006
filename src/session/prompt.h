// What stands in front of the line that a person types.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "link/connections.h"
#include "session/session.h"

namespace wscope::session {

struct Prompt {
  std::string text;
  std::optional<base::TimePoint> changes_at{};  ///< it is to be made anew then at the latest
};

/// Says which connection lines go to, if there are several, and what goes on with it. `expects`: a message is waited
/// for.
[[nodiscard]] Prompt make_prompt(const Session& session, const link::Connections& connections, bool expects,
                                 base::TimePoint now);

/// Whether we have sent a Close on it, and no answer has come.
[[nodiscard]] bool is_closing(const link::Connections& connections, link::ConnectionNumber connection);

}  // namespace wscope::session
