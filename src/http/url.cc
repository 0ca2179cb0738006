#include "http/url.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <arpa/inet.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "http/headers.h"
#include "http/idna.h"
#include "http/percent.h"

namespace wscope::http {
namespace {

constexpr std::size_t longest_host = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t longest_label = 63;
constexpr const char* zone_hint = "it is written as in [fe80::1%eth0]";

constexpr std::uint16_t default_port(bool secure) noexcept { return secure ? 443 : 80; }

constexpr bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }
constexpr bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }
constexpr bool is_letter_or_digit(char c) noexcept {
  const char letter = static_cast<char>(c | 0x20);
  return (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z');
}

/// What a registered name is made of (RFC 3986 section 3.2.2), but for percent-encoding: no resolver wants that.
constexpr bool is_host_char(char c) noexcept {
  return is_letter_or_digit(c) || std::string_view("-._~!$&'()*+,;=").find(c) != std::string_view::npos;
}

/// Cuts `text` at `at`, which may be npos: returns what is before it and leaves what begins there.
std::string_view cut_front(std::string_view& text, std::size_t at) noexcept {
  const std::string_view front = text.substr(0, at);
  text.remove_prefix(front.size());
  return front;
}

std::string percent_encode_non_ascii(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_ascii(c)) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', digits[byte >> 4], digits[byte & 0x0f]});
  }
  return encoded;
}

base::Result<bool> parse_scheme(std::string_view scheme) {
  if (equals_ignoring_case(scheme, "ws")) return false;
  if (equals_ignoring_case(scheme, "wss")) return true;
  if (equals_ignoring_case(scheme, "http"))
    return base::usage_error("not a WebSocket URL: its scheme is http", "use ws://");
  if (equals_ignoring_case(scheme, "https"))
    return base::usage_error("not a WebSocket URL: its scheme is https", "use wss://");
  return base::usage_error("not a WebSocket URL: it does not begin with ws:// or wss://");
}

base::Result<Credentials> parse_userinfo(std::string_view userinfo) {
  const std::string_view encoded_user = cut_front(userinfo, userinfo.find(':'));
  const auto user = percent_decode(encoded_user);
  const auto password = percent_decode(userinfo.substr(userinfo.empty() ? 0 : 1));
  if (!user || !password)
    return base::usage_error("bad percent-encoding in the URL's user name or password", "write % as %25");
  // RFC 7617 section 2: the first colon ends the user name, and neither part holds control characters.
  if (user->find(':') != std::string::npos) return base::usage_error("the URL's user name holds a colon");
  if (std::any_of(user->begin(), user->end(), is_control) ||
      std::any_of(password->begin(), password->end(), is_control)) {
    return base::usage_error("the URL's user name or password holds a control character");
  }
  return Credentials{*user, *password};
}

base::Result<std::uint16_t> parse_port(std::string_view digits, bool secure) {
  if (digits.empty()) return default_port(secure);
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc() || stop != end || port == 0)
    return base::usage_error("the URL's port is not a number from 1 to 65535");
  return port;
}

/// `text` is what is behind the %, which may be written %25.
base::Result<std::string> parse_zone(std::string_view text) {
  if (text.starts_with("25") && text.size() > 2) text.remove_prefix(2);
  const bool fits = std::all_of(text.begin(), text.end(), [](char c) { return is_host_char(c) || c == ':'; });
  if (text.empty() || !fits) return base::usage_error("the URL has an IPv6 address with a bad zone", zone_hint);
  return std::string(text);
}

/// `text` is what is between the brackets, without a zone.
base::Result<std::string> parse_ipv6_address(std::string_view text) {
  // Only its case is changed: the resolver and the Host field take any spelling.
  std::string address(text);
  address = in_lower_case(std::move(address));
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return base::usage_error("the URL has a bad IPv6 address");
  return address;
}

base::Result<void> check_labels(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);  // the root may be written
  if (name.size() > longest_host) return base::usage_error("the URL's host is longer than 253 characters");
  while (true) {
    const std::string_view label = cut_front(name, name.find('.'));
    if (label.empty()) return base::usage_error("the URL's host has an empty label");
    if (label.size() > longest_label) return base::usage_error("the URL's host has a label longer than 63 characters");
    if (name.empty()) return {};
    name.remove_prefix(1);
  }
}

base::Result<std::string> parse_host_name(std::string_view text) {
  std::string host(text);
  if (!std::all_of(host.begin(), host.end(), is_ascii)) {
    auto ascii = domain_to_ascii(host);
    if (!ascii) return ascii;
    host = std::move(ascii).value();
  }
  host = in_lower_case(std::move(host));
  // Also for what IDNA made of it: mapping can leave nothing, or a "/" that was a wide one.
  if (host.empty()) return base::usage_error("the URL has no host");
  if (!std::all_of(host.begin(), host.end(), is_host_char)) {
    return base::usage_error("the URL's host holds a character that is not allowed there");
  }
  if (auto labels = check_labels(host); !labels) return std::move(labels).error();
  return host;
}

/// Takes the host, and its zone if there is one, and leaves what follows: nothing or a colon and the port.
base::Result<std::string> take_host(std::string_view& text, std::string& zone) {
  if (!text.starts_with('[')) {
    if (std::count(text.begin(), text.end(), ':') > 1) {
      return base::usage_error("the URL's host holds a colon", "write an IPv6 address in brackets");
    }
    return parse_host_name(cut_front(text, text.find(':')));
  }
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) return base::usage_error("the URL has a [ without a ]");
  const std::string_view bracketed = cut_front(text, end + 1);
  if (!text.empty() && text[0] != ':') return base::usage_error("the URL has something other than a port behind the ]");
  std::string_view behind = bracketed.substr(1, end - 1);
  const std::string_view address = cut_front(behind, behind.find('%'));
  if (behind.empty()) return parse_ipv6_address(address);
  auto parsed = parse_zone(behind.substr(1));
  if (!parsed) return parsed;
  zone = std::move(parsed).value();
  return parse_ipv6_address(address);
}

base::Result<void> parse_authority(std::string_view authority, Url& url) {
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view userinfo = cut_front(authority, at);
    authority.remove_prefix(1);
    // "ws://@host" has no userinfo to send, "ws://:@host" has an empty one.
    if (!userinfo.empty()) {
      auto credentials = parse_userinfo(userinfo);
      if (!credentials) return std::move(credentials).error();
      url.credentials = std::move(credentials).value();
    }
  }
  auto host = take_host(authority, url.zone);
  if (!host) return std::move(host).error();
  const auto port = parse_port(authority.substr(authority.empty() ? 0 : 1), url.secure);
  if (!port) return port.error();
  url.host = std::move(host).value();
  url.port = *port;
  return {};
}

}  // namespace

std::string Url::authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  std::string text = is_ipv6 ? '[' + host + ']' : host;
  if (port != default_port(secure)) text.append(":").append(std::to_string(port));
  return text;
}

std::string Url::text() const {
  std::string named = authority();
  if (!zone.empty()) named.insert(named.find(']'), "%25" + zone);
  return (secure ? "wss://" : "ws://") + named + target;
}

bool same_origin(const Url& a, const Url& b) noexcept {
  return a.secure == b.secure && a.host == b.host && a.zone == b.zone && a.port == b.port;
}

std::string without_userinfo(std::string_view reference) {
  const std::size_t slashes = reference.find("//");
  if (slashes == std::string_view::npos || reference.find_first_of("/?#") < slashes) return std::string(reference);
  const std::size_t begin = slashes + 2;
  const std::string_view authority = reference.substr(begin, reference.find_first_of("/?#", begin) - begin);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(reference);
  return std::string(reference.substr(0, begin)) + std::string(reference.substr(begin + at + 1));
}

base::Result<Url> parse_url(std::string_view text) {
  if (!base::is_utf8(base::as_bytes(text))) return base::usage_error("the URL is not UTF-8");
  if (std::any_of(text.begin(), text.end(), [](char c) { return c == ' ' || is_control(c); })) {
    return base::usage_error("the URL holds a space or a control character", "write a space as %20");
  }
  const std::size_t colon = text.find("://");
  const auto secure = parse_scheme(colon == std::string_view::npos ? "" : text.substr(0, colon));
  if (!secure) return secure.error();
  // Before the parts are cut, so that a "#" anywhere, in a password too, is told apart from a bad host.
  if (text.find('#') != std::string_view::npos) {
    return base::usage_error("a WebSocket URL has no fragment (#)", "write a # that belongs to it as %23");
  }
  Url url;
  url.secure = *secure;
  std::string_view target = text.substr(colon + 3);
  const std::string_view authority = cut_front(target, target.find_first_of("/?"));
  if (auto parsed = parse_authority(authority, url); !parsed) return std::move(parsed).error();
  url.target = (target.starts_with('/') ? "" : "/") + percent_encode_non_ascii(target);
  return url;
}

}  // namespace wscope::http
