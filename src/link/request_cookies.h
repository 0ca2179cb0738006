// The cookies of a request.
#pragma once

#include "http/cookie_jar.h"
#include "http/url.h"
#include "ws/client_handshake.h"

namespace wscope::link {

/// What goes to `url` now: typed cookies and those of the jar in one field, unless there is to be none.
[[nodiscard]] ws::ConnectOptions with_cookies(ws::ConnectOptions request, const http::CookieJar& jar,
                                              const http::Url& url);

}  // namespace wscope::link
