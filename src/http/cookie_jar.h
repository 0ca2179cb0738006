// The cookies that are at hand for requests: of Netscape cookie files, and set by answers (RFC 6265).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "http/cookie.h"
#include "http/headers.h"
#include "http/url.h"

namespace wscope::http {

/// Whether the text of a file is a Netscape cookie file, as curl, wget and browsers' add-ons write them: its first line
/// says so, or a line of it is such a cookie.
[[nodiscard]] bool is_cookie_file(std::string_view text);

/// Holds no more than 200 cookies that answers have set; the oldest of them go.
class CookieJar {
 public:
  /// Adds the cookies of a Netscape cookie file. Returns the numbers, from 1, of the lines that are none.
  std::vector<std::size_t> add_file(std::string_view text);

  /// Does what the Set-Cookie fields of the answer from `from` say. What they set goes to that origin alone.
  void receive(const Headers& answer, const Url& from, CalendarTime now);

  /// The value of the one Cookie field of a request to `url`, or "": first what was typed, as it is, then what is in
  /// the jar for it, longer paths first (section 5.4). What was typed takes the place of a file's cookie of the same
  /// name; what an answer has set or deleted since takes the place of what was typed.
  [[nodiscard]] std::string value_for(const Url& url, std::string_view typed, CalendarTime now) const;

  [[nodiscard]] bool empty() const noexcept { return cookies_.empty(); }

 private:
  void store(Cookie cookie);

  std::vector<Cookie> cookies_;  // in the order of their making; one that an answer has deleted stays, expired
};

}  // namespace wscope::http
