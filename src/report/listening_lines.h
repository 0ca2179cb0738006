// Where a server listens, for a person.
#pragma once

#include <string>

#include "view/json_events.h"

namespace wscope::report {

/// The URL, what a client needs to trust a certificate that the server has made for itself, and what the person should
/// know about who may come; each line ends with LF.
[[nodiscard]] std::string listening_lines(const view::ListeningView& listening);

}  // namespace wscope::report
