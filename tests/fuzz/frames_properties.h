// What must hold for any bytes that arrive on an open connection.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/utf8.h"
#include "require.h"
#include "support/next_event.h"
#include "support/split.h"
#include "ws/connection.h"
#include "ws/deflate.h"

namespace wscope::fuzz {

/// The connection that an input asks for with its first bytes, and the stream that the rest of it is.
struct FramesInput {
  static constexpr std::size_t setup_size = 6;

  /// `size` >= setup_size.
  FramesInput(ws::Role role, const std::uint8_t* data, std::size_t size)
      : stream(base::Bytes(reinterpret_cast<const std::byte*>(data), size).subspan(setup_size)), split_seed(data[5]) {
    constexpr std::array<std::uint64_t, 8> sizes = {0, 1, 2, 3, 20, 1000, 0x10000, 1 << 20};
    constexpr std::array<std::uint64_t, 8> frames = {0, 1, 125, 126, 0xffff, 0x10000, 1 << 20, ws::unlimited};
    constexpr std::array<std::uint64_t, 4> ratios = {1, 10, 1000, ws::unlimited};
    const auto bit = [&](unsigned index) { return (data[0] >> index & 1) != 0; };
    const auto bits = [&](unsigned byte, unsigned shift) { return unsigned{data[byte]} >> shift & 7; };
    options.role = role;
    options.hold_back_partial = bit(0);
    options.auto_pong = bit(1);
    options.auto_close = bit(2);
    closes_first = bit(3);
    writes_at_once = bit(4);
    if (bit(5)) {
      deflate.emplace();
      deflate->server_no_context_takeover = bit(6);
      deflate->client_no_context_takeover = bit(7);
      deflate->server_max_window_bits = static_cast<std::uint8_t>(8 + bits(1, 0));
      deflate->client_max_window_bits = static_cast<std::uint8_t>(8 + bits(1, 4));
    }
    options.limits.message = sizes[bits(2, 0)];
    options.limits.frame = frames[bits(2, 4)];
    options.whole_up_to = sizes[bits(3, 0)];
    options.limits.inflate_ratio = ratios[bits(3, 4) & 3];
    options.limits.output = data[4];
    options.limits.pending_pongs = bits(4, 0);
  }

  ws::Options options;
  std::optional<ws::DeflateParameters> deflate;
  base::Bytes stream;
  unsigned split_seed;
  bool closes_first = false;    ///< our Close is sent before anything comes
  bool writes_at_once = false;  ///< the output is taken after every piece; otherwise only at the end
};

/// Masks that are the same each time.
struct ZeroRandom final : base::RandomSource {
  void fill(base::MutableBytes out) noexcept override { std::fill(out.begin(), out.end(), std::byte{0}); }
};

/// An event as a value; pieces of one frame are joined.
struct Told {
  std::size_t kind = 0;  ///< index in ws::Event
  std::string content{};
  std::uint16_t code = 0;
  ws::Opcode type{};
  ws::Rsv rsv = 0;
  bool first = false;
  bool frame_finished = false;
  bool finished = false;

  bool operator==(const Told&) const = default;
};

/// What a connection made of its input.
struct Story {
  std::vector<Told> events{};
  std::string last_words{};  ///< of the frame that failed the connection: how many are told depends on the pieces
  std::string output{};
};

/// Writes down the events of a connection, and checks each.
class Listener {
 public:
  explicit Listener(const ws::Options& options) : options_(options) {}

  void hear(const ws::Event& event) {
    require(!closed_);  // nothing follows Closed
    kind_ = event.index();
    std::visit([this](const auto& heard) { on(heard); }, event);
  }

  [[nodiscard]] Story story() && {
    require(closed_);
    return std::move(story_);
  }

 private:
  void on(const ws::Message& piece) {
    require(!failed_ && piece.first == !in_message_);
    if (piece.first) message_.clear();
    message_ += piece.text();
    in_message_ = !piece.finished;
    require(message_.size() <= options_.limits.message);
    if (piece.finished && message_.size() <= options_.whole_up_to && options_.whole_up_to > 0) require(piece.first);
    const bool text = piece.type == ws::Opcode::text;
    if (text && options_.hold_back_partial) require(base::is_utf8(piece.data));
    if (text && piece.finished) require(base::is_utf8(base::as_bytes(message_)));
    if (!in_frame())
      return add({kind_, std::string(piece.text()), 0, piece.type, piece.rsv, piece.first, piece.frame_finished,
                  piece.finished});
    Told& frame = story_.events.back();
    require(!piece.first && frame.type == piece.type && frame.rsv == piece.rsv);
    frame.content += piece.text();
    frame.frame_finished = piece.frame_finished;
    frame.finished = piece.finished;
  }
  void on(const ws::Ping& ping) { add({0, std::string(base::as_text(ping.payload))}); }
  void on(const ws::Pong& pong) { add({0, std::string(base::as_text(pong.payload))}); }
  void on(const ws::CloseReceived& close) {
    require(base::is_utf8(base::as_bytes(close.reason)));
    add({0, std::string(close.reason), close.code.value});
  }
  void on(const ws::Failed& failed) {
    require(!std::exchange(failed_, true) && failed.code == ws::close_code_for(failed.violation));
    if (in_frame()) {
      story_.last_words = std::move(story_.events.back().content);
      story_.events.pop_back();
    }
    add({0, std::string(failed.detail) + evidence_of(failed), failed.code.value});
  }
  void on(const ws::Closed& closed) {
    closed_ = true;
    require(!closed.timed_out);
    add({0, ws::describe(*closed.record)});
  }
  template <typename Other>
  void on(const Other&) {
    require(false);  // the handshake is over
  }

  // All of it, as it must not depend on how the bytes arrive.
  static std::string evidence_of(const ws::Failed& failed) {
    const ws::Evidence& seen = failed.evidence;
    std::string all;
    for (const std::uint64_t number :
         {seen.size, seen.limit, seen.offset, std::uint64_t{seen.opcode}, std::uint64_t{seen.rsv},
          std::uint64_t{seen.code.value}, std::uint64_t{seen.cut}, std::uint64_t{seen.compressed},
          std::uint64_t{seen.fragmented}, std::uint64_t{failed.said}}) {
      all += " " + std::to_string(number);
    }
    all += " " + std::string(base::as_text(base::Bytes(seen.bytes).first(seen.byte_count)));
    return all + " " + std::string(failed.reason);
  }

  // Whether the last event is a piece of a frame that goes on.
  [[nodiscard]] bool in_frame() const {
    if (story_.events.empty()) return false;
    const Told& last = story_.events.back();
    return last.kind == ws::Event(ws::Message{}).index() && !last.frame_finished;
  }

  void add(Told told) {
    told.kind = kind_;
    story_.events.push_back(std::move(told));
  }

  const ws::Options& options_;
  Story story_;
  std::string message_;
  std::size_t kind_ = 0;
  bool in_message_ = false;
  bool failed_ = false;
  bool closed_ = false;
};

/// Lets the pieces arrive one after another, then the end of the stream.
inline Story receive(const FramesInput& input, test::Pieces pieces) {
  ZeroRandom random;
  const ws::PermessageDeflate deflate;
  ws::Agreement agreement;
  if (input.deflate) agreement.extensions.extensions.push_back(deflate.agreed(input.options.role, *input.deflate));
  ws::Connection connection(input.options, random, {}, std::move(agreement));
  Listener listener(input.options);
  std::string output;
  const auto next_update = [&] {
    require(connection.output().size() <= input.options.limits.output + ws::control_reserve);
    output += base::as_text(connection.output());
    connection.consume_output(connection.output().size());
  };
  const auto drain = [&] {
    while (const auto event = test::next_event(connection, {})) {
      listener.hear(*event);
      if (connection.state() == ws::State::remote_closing) require(connection.close({}) == ws::Status::ok);
    }
    if (input.writes_at_once) next_update();
  };
  if (input.closes_first) require(connection.close({}) == ws::Status::ok);
  for (const base::MutableBytes piece : pieces) {
    require(connection.receive(piece) == ws::Status::ok);
    drain();
    std::fill(piece.begin(), piece.end(), std::byte{0xaa});  // nobody may need it now
  }
  connection.receive_eof({});
  drain();
  require(connection.state() == ws::State::closed);
  while (!connection.output().empty()) next_update();
  require(connection.wants_half_close());
  Story story = std::move(listener).story();
  story.output = std::move(output);
  return story;
}

/// The peer finds nothing wrong with what was written.
inline void check_output(ws::Role role, std::string output) {
  ws::Options options;
  options.role = role == ws::Role::client ? ws::Role::server : ws::Role::client;
  ZeroRandom random;
  ws::Connection peer(options, random, {}, {});
  require(peer.receive(std::as_writable_bytes(std::span(output))) == ws::Status::ok);
  while (const auto event = peer.next_event({})) require(!std::holds_alternative<ws::Failed>(*event));
}

/// Whole, byte by byte or randomly split comes to the same.
inline int check_frames(ws::Role role, const std::uint8_t* data, std::size_t size) {
  if (size < FramesInput::setup_size) return 0;
  const FramesInput input(role, data, size);
  std::optional<Story> whole;
  const auto check = [&](test::Pieces pieces) {
    Story story = receive(input, pieces);
    if (!whole) {
      check_output(role, story.output);
      whole = std::move(story);
      return;
    }
    require(story.events == whole->events);
    require(input.writes_at_once || story.output == whole->output);
    require(story.last_words.starts_with(whole->last_words) || whole->last_words.starts_with(story.last_words));
  };
  test::with_split(input.stream, {}, check);
  test::with_split(input.stream, test::random_cuts(input.stream.size(), input.split_seed), check);
  std::vector<std::size_t> everywhere(input.stream.empty() ? 0 : input.stream.size() - 1);
  std::iota(everywhere.begin(), everywhere.end(), std::size_t{1});
  test::with_split(input.stream, everywhere, check);
  return 0;
}

}  // namespace wscope::fuzz
