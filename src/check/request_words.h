// A request of a case, as the options that make wscope send it.
#pragma once

#include <optional>
#include <string>

#include "check/settings.h"

namespace wscope::check {

/// What stands behind `connect URL` for this request, each word with a blank in front of it: what differs from the
/// plain one, settings.request. `any_key`: its key is none that matters. Nothing if no option makes such a request.
[[nodiscard]] std::optional<std::string> request_words(const std::string& request, const Settings& settings,
                                                       bool any_key);

}  // namespace wscope::check
