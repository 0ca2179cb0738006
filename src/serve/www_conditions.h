// Whether a client has a file already (RFC 9110 section 13).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/headers.h"

namespace wscope::serve {

using FileTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What tells one content of a file from another: its size and when it was changed.
[[nodiscard]] std::string entity_tag(std::uint64_t size, FileTime changed);

/// A date as HTTP has it (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string write_http_date(FileTime time);

/// Whether an If-None-Match names the tag, weakly or not, or is "*". What is not of its form names none.
[[nodiscard]] bool names_tag(std::string_view if_none_match, std::string_view tag);

/// Whether 304 is the answer to a GET or HEAD with these fields, for what was changed then: by If-None-Match, and only
/// without that by If-Modified-Since.
[[nodiscard]] bool is_not_modified(const http::Headers& request, std::string_view tag, FileTime changed);

}  // namespace wscope::serve
