// Which proxy a connection goes through.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/url.h"
#include "link/plan.h"

namespace wscope::link {

/// `[http://|https://|socks5://|socks5h://][USER:PASSWORD@]HOST[:PORT]`, as curl has it: http unless given, port 1080,
/// or 443 of an https one; user and password are percent-decoded. An error, of kind usage, quotes nothing of it.
[[nodiscard]] base::Result<Proxy> parse_proxy(std::string_view text);

/// The proxy that the environment names for `url`: http_proxy for ws (in lower case only, as HTTP_PROXY may come from a
/// request's header in CGI), https_proxy or HTTPS_PROXY for wss, else all_proxy or ALL_PROXY; none for this machine,
/// and none for what no_proxy or NO_PROXY lists. An error, of kind usage, names the variable.
[[nodiscard]] base::Result<std::optional<Proxy>> proxy_of_environment(const http::Url& url);

/// Whether it names one for `url` that is not used because that is this machine.
[[nodiscard]] bool passes_by_proxy_of_environment(const http::Url& url);

/// Whether a no_proxy list has `host`. Its entries are names, which stand for what is under them too, addresses,
/// networks such as 10.0.0.0/8, or "*".
[[nodiscard]] bool is_listed(std::string_view host, std::string_view no_proxy);

}  // namespace wscope::link
