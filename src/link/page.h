// The page that a server has of its own: a WebSocket client for a browser.
#pragma once

#include <string_view>

#include "link/admission.h"

namespace wscope::link {

/// The page, which connects to the address that it is from, or to `path` there if that is not empty, and talks to it.
/// It needs nothing from anywhere else, and its policy has the browser obey nothing but what is on it (Content Security
/// Policy Level 3): no other site can frame or embed it.
[[nodiscard]] Answer page_answer(std::string_view path = {});

}  // namespace wscope::link
