// The system's error numbers in words.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace wscope::net {

/// What errno's value `error` means, begun in lower case so that it may stand behind a colon: "connection refused".
[[nodiscard]] std::string error_text(int error);
/// The same for getaddrinfo's and getnameinfo's own numbers; `error` is errno's value, for EAI_SYSTEM.
[[nodiscard]] std::string lookup_error_text(int failure, int error);

/// An Error of `kind` that says "WHAT: MEANING OF error".
[[nodiscard]] base::Error system_error(std::string_view what, int error, base::ErrorKind kind = base::ErrorKind::io);

}  // namespace wscope::net
