// The forms in which an input may have the bytes of connections.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "decode/plan.h"
#include "decode/report.h"

namespace wscope::decode {

/// Reads an input in one form, in any pieces, and gives what it means to a Report, which outlives it. It takes constant
/// memory.
class InputForm {
 public:
  virtual ~InputForm() = default;
  /// The next piece of the input: all of it is taken. An error of kind io says where it cannot be read, "3:17: why";
  /// nothing may follow then.
  [[nodiscard]] virtual base::Result<void> receive(base::Bytes piece) = 0;
  /// The input has ended. Not after an error.
  [[nodiscard]] virtual base::Result<void> receive_eof() = 0;
};

/// Of an automatic choice, so much of the input is looked at, or all of a shorter one.
inline constexpr std::size_t looked_at = std::size_t{64} << 10;

/// The form of a kind that is not automatic; of a plan it looks at the connections that were chosen.
[[nodiscard]] std::unique_ptr<InputForm> make_form(InputKind kind, Report& report, const DecodePlan& plan = {});

/// What an input is, by what it begins with: a capture by its magic, a HAR file if it is an object with a log, JSON if
/// that begins with {, hexadecimal digits or base64 if it is a text that can be such; else bytes. An error of kind io
/// if it is another text.
[[nodiscard]] base::Result<InputKind> detect(base::Bytes begin);

}  // namespace wscope::decode
