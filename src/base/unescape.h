// Characters that are written as backslashes and letters, as in C.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace wscope::base {

/// What `text` stands for once its escapes are read: \a \b \e \f \n \r \t \v \\ \' \" \?, \ooo (one to three octal
/// digits) and \xHH, which are bytes, \uXXXX and \UXXXXXXXX, which are code points and become UTF-8. \{{ stays as it
/// is. An error, of kind usage, says what is wrong with any other, as what a line has: "has \q, which stands for
/// nothing".
[[nodiscard]] Result<std::string> unescape(std::string_view text);

}  // namespace wscope::base
