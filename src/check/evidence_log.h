// What goes over the connection of a case, for programs.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "check/case.h"
#include "check/heard.h"
#include "check/settings.h"
#include "view/timestamp.h"
#include "wire/direction.h"
#include "wire/reader.h"
#include "ws/close_code.h"

namespace wscope::check {

/// Writes events down as wscope --json --frames --show sent has them, behind the first line of a recording; its last
/// one, `expect`, says what was to come and what came. A head that is not written as heads are has its bytes, too,
/// under `hex`, unless there are secrets in it; bytes that are neither a head nor a frame with its header are an event
/// `cut` with `dir` and `hex`. Of a frame 64 KiB are kept, of all some 4 MiB.
class EvidenceLog {
 public:
  /// `role`: of who is looked at. `url`: that of the server, without credentials.
  EvidenceLog(Role role, std::string url, view::WallTime begun);
  EvidenceLog(const EvidenceLog&) = delete;
  EvidenceLog& operator=(const EvidenceLog&) = delete;

  void sent(base::Bytes bytes, view::WallTime time) { add(wire::Direction::out, bytes, time); }
  void received(base::Bytes bytes, view::WallTime time) { add(wire::Direction::in, bytes, time); }
  /// The case is over.
  void end(const Result& result, const Heard& heard, view::WallTime time);
  [[nodiscard]] std::string take_text() { return std::exchange(text_, {}); }

 private:
  // One way.
  struct Side {
    wire::Reader reader{kept};
    std::string message{};  // under way
    bool within = false;
    bool binary = false;
    bool whole = true;  // all of it could be read
    bool compressed = false;
    bool has_head = false;
    std::optional<ws::Close> close{};
  };

  [[nodiscard]] Side& side(wire::Direction direction) noexcept { return sides_[static_cast<std::size_t>(direction)]; }
  void add(wire::Direction direction, base::Bytes bytes, view::WallTime time);
  void add_event(wire::Direction direction, const wire::Reader::Event& event, view::WallTime time);
  void add_head(wire::Direction direction, std::string_view head, view::WallTime time);
  void add_open(std::string_view head, view::WallTime time);
  void add_frame(wire::Direction direction, const wire::Frame& frame, view::WallTime time);
  void add_data(wire::Direction direction, const wire::Frame& frame, view::WallTime time);
  void add_close(wire::Direction direction, const wire::Frame& frame, view::WallTime time);
  void add_cut(wire::Direction direction, base::Bytes bytes, view::WallTime time);
  void add_end(const Heard& heard, view::WallTime time);
  [[nodiscard]] bool is_full() const noexcept { return text_.size() >= most; }

  Role role_;
  std::string url_;
  std::array<Side, 2> sides_{};
  std::string text_{};
  bool opened_ = false;
  bool refused_ = false;  // HTTP goes on behind such an answer
  bool received_first_ = false;

  static constexpr std::size_t kept = std::size_t{64} << 10;  // of a frame
  static constexpr std::size_t most = std::size_t{4} << 20;
};

}  // namespace wscope::check
