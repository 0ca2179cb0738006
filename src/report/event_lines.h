// What happens, as an event of --json.
#pragma once

#include <string>

#include "link/happening.h"
#include "view/json_events.h"

namespace wscope::report {

/// Appends the line of what comes, opens, fails and ends. Others, of which somebody may or may not want to know, have
/// none here: what is sent, what goes over the wire, what TLS agreed on, how long it took, what is said to a person.
void append_event(const view::Stamp& stamp, const link::Happening& happening, std::string& out);

}  // namespace wscope::report
