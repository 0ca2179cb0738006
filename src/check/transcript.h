// What goes over the connection of a case, for a person.
#pragma once

#include <string>
#include <utility>

#include "base/bytes.h"
#include "view/timestamp.h"
#include "wire/direction.h"
#include "wire/reader.h"

namespace wscope::check {

/// Writes heads and frames down as they come, both ways, as wscope -vv shows them. 64 KiB of it are kept.
class Transcript {
 public:
  void sent(base::Bytes bytes, view::WallTime time) { add(wire::Direction::out, sent_, bytes, time); }
  void received(base::Bytes bytes, view::WallTime time) { add(wire::Direction::in, received_, bytes, time); }
  /// The streams have ended: what of them was no whole head or frame.
  void end();
  [[nodiscard]] std::string take_text() { return std::exchange(text_, {}); }

 private:
  void add(wire::Direction direction, wire::Reader& reader, base::Bytes bytes, view::WallTime time);
  void add(wire::Direction direction, const wire::Reader::Event& event, view::WallTime time);
  void append(const std::string& text);

  wire::Reader sent_{kept};
  wire::Reader received_{kept};
  std::string text_{};

  static constexpr std::size_t kept = 256;  // of a frame
};

}  // namespace wscope::check
