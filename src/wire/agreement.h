// What the two sides of a connection agreed on, as somebody who reads along can know it.
#pragma once

#include <optional>
#include <string_view>

#include "ws/deflate_parameters.h"

namespace wscope::wire {

/// What this head agrees on, if it is a 101 whose only extension is permessage-deflate (RFC 7692) with parameters that
/// can be read: then Reader::inflate() can follow both directions. Nothing if it was cut off.
[[nodiscard]] std::optional<ws::DeflateParameters> agreed_deflate(std::string_view head);

}  // namespace wscope::wire
