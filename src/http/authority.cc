#include "http/authority.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include <arpa/inet.h>

#include "http/headers.h"

namespace wscope::http {
namespace {

constexpr std::string_view local_name = "localhost";

constexpr bool is_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/// A decimal number without leading zeros up to the end of `text`.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (error != std::errc() || stop != end || padded) return std::nullopt;
  return number;
}

/// Not by inet_pton(): systems differ in which spellings it takes.
bool is_ipv4(std::string_view text) noexcept {
  for (int part = 0; part < 4; ++part) {
    const std::string_view digits = text.substr(0, text.find('.'));
    if (!parse_number<std::uint8_t>(digits)) return false;
    text.remove_prefix(digits.size());
    if (text.empty() != (part == 3)) return false;
    if (part < 3) text.remove_prefix(1);
  }
  return true;
}

/// `text` is what is between the brackets.
std::optional<Host> parse_ipv6(std::string_view text) {
  in6_addr address{};
  // inet_pton() wants an end that a view has not, and a NUL would end the text early for it.
  if (text.find('\0') != std::string_view::npos || inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) {
    return std::nullopt;
  }
  constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const bool mapped = std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.s6_addr);  // RFC 4291 2.5.5.2
  std::array<char, INET6_ADDRSTRLEN> written{};
  const char* const end =
      mapped ? inet_ntop(AF_INET, address.s6_addr + mapped_prefix.size(), written.data(),
                         static_cast<socklen_t>(written.size()))
             : inet_ntop(AF_INET6, address.s6_addr, written.data(), static_cast<socklen_t>(written.size()));
  if (end == nullptr) return std::nullopt;
  return Host{mapped ? Host::Kind::ipv4 : Host::Kind::ipv6, written.data()};
}

std::optional<Host> parse_name(std::string_view text) {
  std::string name = in_lower_case(std::string(text));
  if (name.ends_with('.')) name.pop_back();
  const bool has_empty_label =
      name.empty() || name.front() == '.' || name.back() == '.' || name.find("..") < name.size();
  if (has_empty_label || !std::all_of(name.begin(), name.end(), is_name_char)) return std::nullopt;
  const Host::Kind kind = is_ipv4(name) ? Host::Kind::ipv4 : Host::Kind::name;
  return Host{kind, std::move(name)};
}

}  // namespace

bool Host::is_loopback() const noexcept {
  if (kind == Kind::ipv4) return text.starts_with("127.");
  if (kind == Kind::ipv6) return text == "::1";
  if (!text.ends_with(local_name)) return false;
  return text.size() == local_name.size() || text[text.size() - local_name.size() - 1] == '.';
}

std::optional<Authority> parse_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && end == std::string_view::npos) return std::nullopt;
  auto host = bracketed ? parse_ipv6(text.substr(1, end - 1)) : parse_name(text.substr(0, end));
  if (!host) return std::nullopt;
  const std::string_view rest = text.substr(std::min(text.size(), bracketed ? end + 1 : end));
  if (rest.empty()) return Authority{std::move(*host), std::nullopt};
  const auto port = parse_number<std::uint16_t>(rest.substr(1));
  if (rest.front() != ':' || !port || *port == 0) return std::nullopt;
  return Authority{std::move(*host), port};
}

}  // namespace wscope::http
