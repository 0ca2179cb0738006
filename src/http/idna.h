// International domain names (IDNA 2008, RFC 5890, with the mapping of UTS 46) for who can look up ASCII only.
#pragma once

#include <string>

#include "base/result.h"

namespace wscope::http {

/// Whether this build knows them: WSCOPE_IDNA, which takes GNU libidn2.
[[nodiscard]] bool knows_idna() noexcept;

/// "bücher.example" as "xn--bcher-kva.example". `name` is UTF-8. An error of kind usage if it is not a valid domain
/// name, or if this build knows none but those in ASCII.
[[nodiscard]] base::Result<std::string> domain_to_ascii(const std::string& name);

}  // namespace wscope::http
