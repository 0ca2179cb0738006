// Writes heads and chunks of HTTP/1.1, and refuses what would not be read back as it was meant.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "http/field_syntax.h"
#include "http/head.h"

namespace wscope::http {

/// The bytes of a head with its empty line. An error of kind usage if a name is not a token, or a value, target or
/// reason holds a character that could end its line or is not allowed there (RFC 9110 section 5.5), or the status or
/// version has no three or two digits: no caller can inject a header through a value.
[[nodiscard]] base::Result<std::string> write_head(const RequestHead& head);
[[nodiscard]] base::Result<std::string> write_head(const ResponseHead& head);

/// One chunk of a chunked body (RFC 9112 section 7.1); nothing for empty data, which would mean the end.
[[nodiscard]] std::string write_chunk(base::Bytes data);

/// The end of a chunked body.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace wscope::http
