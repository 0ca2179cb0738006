// Any bytes, as what a Host or an Origin field or a request target says.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/authority.h"
#include "http/origin.h"
#include "http/request_target.h"
#include "require.h"

using namespace wscope;
using fuzz::require;

namespace {

// What is accepted has one form, which is read back as the same and holds nothing that could mislead.
void check_authority(std::string_view text) {
  const auto authority = http::parse_authority(text);
  if (!authority) return;
  const http::Host& host = authority->host;
  require(!host.text.empty() && !(authority->port && *authority->port == 0));
  const std::string written = host.in_url() + (authority->port ? ":" + std::to_string(*authority->port) : "");
  require(http::parse_authority(written) == authority);
  require(host.text.find_first_not_of(host.kind == http::Host::Kind::ipv6
                                          ? "0123456789abcdef:."
                                          : "abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos);
  require((host.kind == http::Host::Kind::ipv6) == (host.text.find(':') != std::string::npos));
}

void check_origin(std::string_view text) {
  const auto origin = http::parse_origin(text);
  const std::string normal = http::normalized_origin(text);
  if (!origin) return require(normal == text);
  require(origin->port != 0 && origin->text() == normal && !normal.ends_with('/'));
  require(http::parse_origin(normal) == origin);
}

void check_target(std::string_view text) {
  const auto target = http::split_target(text);
  if (!target) return;
  require(target->path_and_query.starts_with('/') && target->path().starts_with('/'));
  require(target->path().find('?') == std::string_view::npos);
  require(target->authority || target->path_and_query == text);
  if (target->authority) require(target->authority->find_first_of("/?#") == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_authority(text);
  check_origin(text);
  check_target(text);
  return 0;
}
