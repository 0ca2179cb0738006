// What is decoded, for a person or a program: all directions of all connections of an input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "decode/direction_decoder.h"
#include "decode/statistics.h"
#include "view/style.h"
#include "view/timestamp.h"
#include "wire/direction.h"
#include "ws/deflate_parameters.h"
#include "ws/opcode.h"

namespace wscope::decode {

/// Where bytes come from.
struct Place {
  std::uint64_t stream = 1;  ///< the connection: any numbers
  wire::Direction direction = wire::Direction::out;
  std::optional<view::WallTime> time{};  ///< when they were there, if that is known
};

/// Takes the bytes of any number of connections, two directions each, and appends to a text what they are and what is
/// wrong with them, in the order in which they end. It takes constant memory for each connection that has not ended.
class Report {
 public:
  enum class Form : unsigned char { dump, json };
  struct Options {
    Form form = Form::dump;
    bool counts = false;             ///< print numbers at the end instead of frames
    bool is_directed = false;        ///< the input tells directions; else the sender's role is shown as one
    bool is_numbered = false;        ///< a dump tells connections apart: "[3]"
    std::size_t dump_size = 256;     ///< bytes of a frame that are printed
    std::optional<ws::Role> role{};  ///< who sends Direction::out; nothing: it shows
    /// What was agreed on, whatever heads say.
    std::optional<ws::DeflateParameters> deflate{};
    view::WallTime now{};  ///< the time of events for which none is known
    view::Style style = view::no_colors;
  };
  /// `out` outlives it, and may be emptied between any two calls.
  Report(const Options& options, std::string& out) : options_(options), out_(out) {}
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  /// The input has turned out to tell directions, or to have several connections.
  void set_directed() noexcept { options_.is_directed = true; }
  void set_numbered() noexcept { options_.is_numbered = true; }
  /// The input tells who sends Direction::out.
  void set_role(ws::Role role) noexcept { options_.role = role; }

  /// The next bytes of a direction. `offset`, of the first of them, is what is printed: counted in the input, or in the
  /// direction's stream.
  void receive(const Place& place, base::Bytes bytes, std::uint64_t offset);
  /// There, so many bytes are missing.
  void receive_hole(const Place& place, std::uint64_t size, std::uint64_t offset);
  /// Nothing more will come of this direction. What is asked of it again begins a new one.
  void receive_eof(const Place& place);
  /// What the opening handshake of a connection has agreed on, where that is known from elsewhere.
  void agree(std::uint64_t stream, const std::optional<ws::DeflateParameters>& deflate);
  /// A head, and a message, of an input that has no bytes of the wire: nothing of them is judged.
  void take_head(const Place& place, std::string_view head);
  void take_message(const Place& place, std::uint8_t opcode, base::Bytes payload);
  /// A line of a dump about a connection; programs are not told.
  void note(const Place& place, std::string_view words);
  /// A line about the input. What has no lines beside what is printed keeps it for remarks().
  void remark(std::string_view words);
  /// A connection that cannot be read, and why: a line, or an event.
  void tell_unreadable(const Place& place, std::string_view why);
  /// The same: the input has ended inside of something.
  void end_inside(std::string_view words);
  /// The end of all: of the directions that have not ended, and the numbers, if they are asked for.
  void finish();

  /// Lines that had no place in what is printed, for stderr.
  [[nodiscard]] const std::vector<std::string>& remarks() const noexcept { return remarks_; }
  /// Whether a direction of that connection has not ended.
  [[nodiscard]] bool is_open(std::uint64_t stream) const { return connections_.contains(stream); }
  [[nodiscard]] std::uint64_t frames() const noexcept { return statistics_.frames(); }
  [[nodiscard]] std::uint64_t findings() const noexcept { return statistics_.findings(); }
  /// Streams that have ended inside a head, a frame or a message.
  [[nodiscard]] std::uint64_t incomplete() const noexcept { return incomplete_; }
  /// Heads of an opening handshake.
  [[nodiscard]] std::uint64_t heads() const noexcept { return heads_; }
  /// The first connection that is none of ours.
  [[nodiscard]] const std::optional<Foreign>& foreign() const noexcept { return foreign_; }
  /// Whether there was a compressed message that could not be read, as nobody knows of an agreement.
  [[nodiscard]] bool lacks_agreement() const noexcept { return lacks_agreement_; }

 private:
  struct Direction {
    explicit Direction(const DirectionDecoder::Options& options) : decoder(options) {}
    DirectionDecoder decoder;
    MessageCount message{};
  };
  struct Connection {
    std::unique_ptr<Direction> directions[2];
    bool has_agreement = false;  // or is known to have none
    std::optional<ws::DeflateParameters> agreed{};
  };

  [[nodiscard]] Direction& find(const Place& place);
  void take_events(const Place& place, Direction& direction);
  // Each shows one event.
  void show(const Place& place, Direction& direction, const DecodedHead& head);
  void show(const Place& place, Direction& direction, const DecodedFrame& frame);
  void show(const Place& place, Direction& direction, const Tail& tail);
  void show(const Place& place, Direction& direction, const Unfinished& unfinished);
  void show(const Place& place, Direction& direction, const Lost& lost);
  void show(const Place& place, Direction& direction, const Foreign& foreign);

  void dump(const Place& place, wire::Direction shown, const DecodedFrame& decoded, bool complete);
  void show_findings(const Place& place, wire::Direction shown, std::span<const Finding> findings);
  void add_line(std::string_view words, view::Meaning meaning);
  [[nodiscard]] wire::Direction shown_direction(const Place& place, const Direction& direction) const noexcept;
  [[nodiscard]] std::string stream_name(const Place& place) const;
  [[nodiscard]] view::Stamp stamp(const Place& place) const;

  Options options_;
  std::string& out_;
  std::map<std::uint64_t, Connection> connections_{};
  Statistics statistics_{};
  std::uint64_t incomplete_ = 0;
  std::uint64_t heads_ = 0;
  std::optional<Foreign> foreign_{};
  bool lacks_agreement_ = false;
  std::vector<std::string> remarks_{};
};

}  // namespace wscope::decode
