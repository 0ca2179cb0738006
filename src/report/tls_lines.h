// What TLS agreed on, for a person.
#pragma once

#include <string>
#include <vector>

#include "tls/engine.h"

namespace wscope::report {

/// Version, cipher and ALPN; the other side's certificates with their names and expiry; the pin of its key. A line
/// each; they may quote the other side.
[[nodiscard]] std::vector<std::string> describe_tls(const tls::Session& session);

}  // namespace wscope::report
