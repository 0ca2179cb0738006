// What a peer did wrong, in words.
#pragma once

#include <string>

#include "ws/event.h"

namespace wscope::view {

/// What was seen, with the evidence: "Close with the code 1006 (abnormal close), which may not be sent; its reason is
/// \"exit status 3\"", "text that is not UTF-8: byte ff at offset 5". Safe for a terminal, and UTF-8.
[[nodiscard]] std::string describe_violation(const ws::Failed& failed);

/// "; we sent 1002", or nothing if what we sent was said before.
[[nodiscard]] std::string describe_answer(const ws::Failed& failed);

}  // namespace wscope::view
