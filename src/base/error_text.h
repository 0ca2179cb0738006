// What the system says is wrong, in the way in which we say it.
#pragma once

#include <string>

namespace wscope::base {

/// errno's `error` in words that can follow a colon: "no such file or directory".
[[nodiscard]] std::string error_text(int error);
/// `text` with a small letter at its beginning, if one of ASCII's capital ones is there.
[[nodiscard]] std::string begun_in_lower_case(std::string text);

}  // namespace wscope::base
