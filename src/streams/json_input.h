// What a line of JSON asks to be sent.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "streams/input_source.h"

namespace wscope::streams {

/// Reads {"type":"text","data":"…"} and its kin. "event" may stand for "type", so that what was printed can be sent; of
/// such an object nothing is made if it tells of something that cannot be sent, known or not: an open connection, a
/// frame, an error.
///
///     text          data
///     binary        base64, or data
///     ping, pong    data, or base64
///     close         code and reason, or neither
///
/// `conn` chooses a client of a server. Other keys are ignored. The item's payload is put into `payload`, which
/// outlives it. An error says what is wrong with the line.
[[nodiscard]] base::Result<std::optional<InputItem>> read_json_input(std::string_view line, std::string& storage);

}  // namespace wscope::streams
