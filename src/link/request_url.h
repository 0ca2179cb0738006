// The URL of a request, as its client has it.
#pragma once

#include <string>

#include "http/head.h"

namespace wscope::link {

/// Or as near to that as the request tells. `secure`: it came by TLS.
[[nodiscard]] std::string url_of_request(const http::RequestHead& request, bool secure);

}  // namespace wscope::link
