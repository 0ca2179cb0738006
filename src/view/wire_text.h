// What goes over the wire, for a person.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/headers.h"
#include "view/hexdump.h"
#include "view/style.h"
#include "view/timestamp.h"
#include "wire/direction.h"
#include "wire/frame.h"

namespace wscope::view {

/// A head, each line behind "> " (out) or "< " (in), made safe for a terminal; the empty line is ">" alone, and a head
/// that was cut off ends in "…". The values of fields that hold secrets (http::is_secret_field) are shown as "***", and
/// Location without userinfo.
[[nodiscard]] std::string describe_head(wire::Direction direction, std::string_view head);

/// The same for programs: the first line and the fields, each as it was sent but for the values of secrets ("***").
/// Lines that are no fields are left out.
struct HeadParts {
  std::string start_line{};
  http::Headers fields{};
};
[[nodiscard]] HeadParts take_apart(std::string_view head);

/// Fields, the values of secrets as "***" and Location without userinfo.
[[nodiscard]] http::Headers without_secrets(const http::Headers& fields);

/// A frame: its header decoded, a hex dump of what was kept, how many bytes were left out, and text or close code in
/// words, made safe for a terminal:
///
///     09:12:01.123456 > TEXT fin len=5 mask=37fa213d
///       0000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|
///             "Hello"
///
///     09:12:01.123981 < TEXT fin rsv1 len=7 (deflated, 5 B as text)
///       0000  c1 07 f2 48 cd c9 c9 07  00                       |...H.....|
///             "Hello"
///
/// In words there are: a text in one frame, what can be read of a ping or pong, and code and reason of a Close; of a
/// compressed message its text, frame by frame, if it could be inflated. "…" follows if not all was kept.
[[nodiscard]] std::string describe_frame(wire::Direction direction, const wire::Frame& frame, WallTime time,
                                         const Style& style = no_colors);

/// Where a frame stands that is looked at afterwards, and what is wrong with it.
struct FramePlace {
  std::string_view stream{};       ///< in front of all: one of several connections
  std::optional<WallTime> time{};  ///< if it is known
  std::uint64_t offset = 0;        ///< of its first byte
  std::span<const Mark> marks{};   ///< bytes of it, counted as that
  bool complete = true;            ///< else its end is missing: `bytes` and `payload` are what there is
};
/// The same; the dump has these offsets, and marks.
[[nodiscard]] std::string describe_frame(wire::Direction direction, const wire::Frame& frame, const FramePlace& place,
                                         const Style& style = no_colors);

}  // namespace wscope::view
