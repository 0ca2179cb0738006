// The header fields of an opening handshake: those that it makes itself, and those that its caller gives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/headers.h"

namespace wscope::ws {

/// Whether the handshake makes the field of that name: its caller neither gives one nor leaves it out.
[[nodiscard]] bool is_made(std::string_view name, const http::Headers& given, const std::vector<std::string>& left_out);

/// Adds a field that the caller gives. Of one that the handshake would make, and of User-Agent and Cookie, there is one
/// in the end (RFC 6455 sections 4.1 and 11.3, RFC 6265 section 5.4): the values of a list are joined, else the last
/// one counts.
void add_given(http::Headers& headers, const http::Field& field);

}  // namespace wscope::ws
