// What was typed and is nobody else's business.
#pragma once

#include <string_view>

#include "repl/command_line.h"

namespace wscope::repl {

/// Whether a line is not to be kept in a file: it begins with a blank, or is a /connect or /listen with credentials,
/// a passphrase, a cookie or a header whose name tells of a secret: what the options there say of their values; or the
/// /set of a variable with such a name.
[[nodiscard]] bool is_secret(std::string_view line, const CommandLine& command_line);

/// Whether a URL, with or without its scheme, has a user's name or password in it.
[[nodiscard]] bool has_userinfo(std::string_view url) noexcept;

}  // namespace wscope::repl
