// The arguments of those commands of the REPL that need taking apart.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "talk/match.h"
#include "wire/frame.h"
#include "ws/close_code.h"
#include "ws/opcode.h"

namespace wscope::repl {

// Errors are of kind usage, or io for a file, and say what is wrong, without the name of the command.

/// Puts values in the place of names, in a part of what was typed that cannot be anything else any more.
using Fill = std::function<base::Result<std::string>(std::string_view text)>;
/// Leaves it as it is.
[[nodiscard]] base::Result<std::string> as_it_stands(std::string_view text);

/// Bytes as HEX, which may also be 0x00ff, 00:ff and hex:HEX, as base64:DATA or @FILE.
[[nodiscard]] base::Result<std::string> parse_bytes(std::string_view text, std::size_t most,
                                                    const Fill& fill = as_it_stands);

/// Text as it stands, or bytes as hex:HEX, base64:DATA or @FILE.
[[nodiscard]] base::Result<std::string> parse_data(std::string_view text, std::size_t most,
                                                   const Fill& fill = as_it_stands);

struct CloseArguments {
  std::optional<ws::CloseCode> code = ws::close_code::normal;
  std::string_view reason;
};
/// [CODE [REASON]]; any code of 16 bits, the reason at most 123 bytes.
[[nodiscard]] base::Result<CloseArguments> parse_close(std::string_view text);

struct FragmentArguments {
  std::size_t size = 0;
  std::string_view text;
};
/// SIZE TEXT
[[nodiscard]] base::Result<FragmentArguments> parse_fragment(std::string_view text);

struct FrameArguments {
  wire::Header header;
  bool masked_by_role = true;
  std::string payload;
};
/// OPCODE [fin=0] [rsv=N] [mask=no|HEX] [len=N] [width=7|16|64] [PAYLOAD]. The payload of a Close may be a code and a
/// reason behind it. Unless told otherwise it is as an endpoint
/// sends it: with FIN, the true length in its shortest form and masked if its role wants that.
[[nodiscard]] base::Result<FrameArguments> parse_frame(std::string_view text, std::size_t most,
                                                       const Fill& fill = as_it_stands);

/// "on", "off", or nothing for the other one than `now`.
[[nodiscard]] base::Result<bool> parse_switch(std::string_view text, bool now);

/// A number of seconds, up to a day.
[[nodiscard]] std::optional<base::Duration> parse_seconds(std::string_view text);

/// What a message is asked for. Of what is wrong with it, an excerpt shows where.
[[nodiscard]] base::Result<talk::Match> parse_match(std::string_view text, talk::Source::Names names);

/// A whole number.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

}  // namespace wscope::repl
