// Any bytes, as the path of a request for a file.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "require.h"
#include "serve/www_conditions.h"
#include "serve/www_path.h"

using namespace wscope;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // The same as a list of tags: one that is in it is found again.
  if (serve::names_tag(text, "\"a\""))
    require(text.find("\"a\"") != std::string_view::npos || text.find('*') != std::string_view::npos);
  const serve::WwwPath path = serve::read_www_path(text);
  require(path.status == 200 || path.status == 400 || path.status == 404);
  if (path.status != 200) {
    require(path.path.empty());
    return 0;
  }
  // Nothing that leads out of a folder, and nothing that is hidden in one.
  const std::string inside = "/" + path.path + "/";
  require(inside.find('\0') == std::string::npos && inside.find('\\') == std::string::npos);
  require(path.path.empty() || inside.find("//") == std::string::npos);
  require(inside.find("/.", 1) == std::string::npos);
  require(!inside.starts_with("/.") || inside.starts_with("/.well-known/"));
  for (const char c : inside) require(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  const serve::WwwPath again = serve::read_www_path("/" + serve::write_www_path(path.path));
  require(again.status == 200 && again.path == path.path);
  return 0;
}
