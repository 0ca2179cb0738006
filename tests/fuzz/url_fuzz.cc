// Any bytes, as a URL.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/field_syntax.h"
#include "http/url.h"
#include "require.h"

using namespace wscope;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto url = http::parse_url({reinterpret_cast<const char*>(data), size});
  if (!url) {
    require(url.error().kind == base::ErrorKind::usage && !url.error().message.empty());
    return 0;
  }
  require(!url->host.empty() && url->port != 0 && url->target.starts_with('/'));
  require(http::is_target(url->target) && http::is_field_value(url->authority()));
  if (url->credentials) {
    require(http::parse_basic_credentials(http::write_basic_credentials(*url->credentials)) == url->credentials);
  }
  url->credentials.reset();
  const auto again = http::parse_url(url->text());
  require(again.ok() && *again == *url);
  return 0;
}
