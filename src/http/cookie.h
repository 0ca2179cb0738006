// One cookie (RFC 6265): as a Set-Cookie field, or a line of a Netscape cookie file, has it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/url.h"

namespace wscope::http {

/// When cookies expire: the time of the calendar.
using CalendarTime = std::chrono::sys_seconds;

struct Cookie {
  std::string name;                       ///< may be empty in a file: then the value alone is sent
  std::string value;                      ///< as it was written, quotes too
  std::string domain{};                   ///< a host in lower case, without a dot before it
  bool covers_subdomains = false;         ///< it is for the hosts under `domain` as well
  std::string path = "/";                 ///< begins with "/"
  bool secure = false;                    ///< for wss alone
  std::optional<CalendarTime> expires{};  ///< nothing: not while we run
  /// Nothing: `domain` and `secure` say whose it is. Otherwise it came from there, and goes to no other scheme, host or
  /// port.
  std::optional<Url> only_for{};

  bool operator==(const Cookie&) const = default;
};

/// The value of a Set-Cookie field in the answer from `from` at the time `now` (sections 5.2 and 5.3): a cookie for
/// that origin alone. It has expired if it is to be deleted. Nothing if it is none, is not for that host, has more than
/// 4096 bytes, or says Secure (or has a name that begins with __Secure- or __Host-) without being so.
[[nodiscard]] std::optional<Cookie> parse_set_cookie(std::string_view value, const Url& from, CalendarTime now);

/// A line of a Netscape cookie file, without its line end, that is neither empty nor a comment; #HttpOnly_ may stand
/// before it. Nothing if it is none.
[[nodiscard]] std::optional<Cookie> parse_cookie_line(std::string_view line);

/// A date as cookies have it, in any of the forms of section 5.1.1; nothing if it is none.
[[nodiscard]] std::optional<CalendarTime> parse_cookie_date(std::string_view text);

/// Whether `cookie` goes along with a request to `url` at the time `now` (section 5.4).
[[nodiscard]] bool is_for(const Cookie& cookie, const Url& url, CalendarTime now);

/// "name=value"
[[nodiscard]] std::string cookie_pair(const Cookie& cookie);

}  // namespace wscope::http
