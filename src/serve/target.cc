#include "serve/target.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "http/headers.h"
#include "net/address.h"

namespace wscope::serve {
namespace {

constexpr const char* forms = "a target is tcp:HOST:PORT, unix:PATH, udp:HOST:PORT, ws://HOST, wss://HOST or echo:";

bool may_be_in_host(char c) noexcept {
  return static_cast<unsigned char>(c) > ' ' && c != 0x7f && c != '/' && c != '@';
}

base::Error no_target(const char* why) { return base::usage_error(std::string("not a target: ") + why, forms); }

base::Result<Target> read_address(Target::Kind kind, std::string_view address) {
  Target target{kind};
  const std::size_t colon = address.rfind(':');
  const bool ends_in_bracket = address.ends_with(']');
  if (colon == std::string_view::npos || ends_in_bracket) return no_target("no port");
  std::string_view host = address.substr(0, colon);
  const std::string_view digits = address.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty()) return no_target("no host");
  if (bracketed != (host.find(':') != std::string_view::npos) || host.find_first_of("[]") != std::string_view::npos) {
    return no_target("an IPv6 address stands in brackets");
  }
  if (!std::all_of(host.begin(), host.end(), may_be_in_host)) return no_target("no such host");
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), target.port);
  if (error != std::errc() || end != digits.data() + digits.size() || target.port == 0) {
    return no_target("not a port");
  }
  target.host = host;
  return target;
}

base::Result<Target> read_path(std::string_view path) {
  if (const auto address = net::SocketAddress::from_unix_path(path); !address) return address.error();
  Target target{Target::Kind::unix_socket};
  target.path = path;
  return target;
}

base::Result<Target> read_url(std::string_view text) {
  auto url = http::parse_url(text);
  if (!url) return std::move(url).error();
  Target target{Target::Kind::websocket};
  target.url = std::move(url).value();
  return target;
}

// Nothing if it begins with none.
std::optional<base::Result<Target>> read_with_scheme(std::string_view text) {
  const auto begins = [text](std::string_view scheme) { return http::begins_ignoring_case(text, scheme); };
  if (begins("tcp:")) return read_address(Target::Kind::tcp, text.substr(4));
  if (begins("udp:")) return read_address(Target::Kind::udp, text.substr(4));
  if (begins("unix:")) return read_path(text.substr(5));
  if (begins("ws:") || begins("wss:")) return read_url(text);
  if (http::equals_ignoring_case(text, "echo:")) return Target{Target::Kind::echo};
  if (text.find("://") != std::string_view::npos) return no_target("there is no relay to such a URL");
  return std::nullopt;
}

// As it is read: an IPv6 address in brackets.
std::string address_text(const Target& target) {
  const bool brackets = target.host.find(':') != std::string::npos;
  return (brackets ? "[" + target.host + "]" : target.host) + ":" + std::to_string(target.port);
}

}  // namespace

std::string Target::text() const {
  switch (kind) {
    case Kind::tcp:
      return "tcp:" + address_text(*this);
    case Kind::unix_socket:
      return "unix:" + path;
    case Kind::udp:
      return "udp:" + address_text(*this);
    case Kind::websocket:
      return url.text();
    case Kind::echo:
      break;
  }
  return "echo:";
}

base::Result<Target> parse_target(std::string_view text) {
  if (auto target = read_with_scheme(text)) return *std::move(target);
  return no_target("it does not say of what kind it is");
}

base::Result<Target> parse_target_or_address(std::string_view text) {
  if (auto target = read_with_scheme(text)) return *std::move(target);
  return read_address(Target::Kind::tcp, text);
}

}  // namespace wscope::serve
