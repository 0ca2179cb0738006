// How a WebSocket connection and the stream of bytes that it carries end together: the one table of it, as a machine
// without a descriptor, a socket or a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "ws/close_code.h"

namespace wscope::serve {

/// What follows the end of what is read from the stream.
enum class AfterEnd : std::uint8_t {
  wait,   ///< the peer is heard until it has been silent for a while
  close,  ///< Close at once
  hold,   ///< nothing
};

/// WebSocket has no half-close (RFC 6455 section 7.1.1), so the ends of a stream are told by codes. "Stream" is the
/// target of a relay, or the local side of a forward.
///
///     relay: the stream ends                Close 1000; what comes before the peer's Close is written
///     forward: it ends                      as AfterEnd says, then Close 1000, and the same
///     relay: it fails                       Close 1011 "connection reset"
///     forward: it fails, or takes no more   Close 1001
///     Close 1000 comes                      all before it is written, then the stream's half is closed; what it still
///                                           says goes out, as one message, until its end or `close_timeout`; then our
///                                           Close, unless it was said before
///     Close 1001 or without a code comes    our Close; all before it is written, then the stream is closed
///     Close of another code, or a loss      the stream is reset
///
/// What cannot be written within `close_timeout` of the end of the connection is lost by a reset, too.
class Ends {
 public:
  struct Options {
    bool relay = true;  ///< or else a forward
    AfterEnd after_end = AfterEnd::close;
    base::Duration silence = std::chrono::seconds(60);        ///< for AfterEnd::wait; base::Duration::max(): for ever
    base::Duration close_timeout = std::chrono::seconds(10);  ///< zero: for ever
  };

  explicit Ends(const Options& options) noexcept : options_(options) {}

  // --- what happens

  /// There is nothing more to be read from the stream.
  void stream_ended(base::TimePoint now) noexcept;
  /// It was reset, or takes nothing any more.
  void stream_failed() noexcept;
  /// Whether a silence is being measured: only then need it be told that something came.
  [[nodiscard]] bool listens_for_silence() const noexcept { return link_ == Link::open && deadline_.has_value(); }
  void heard(base::TimePoint now) noexcept;
  /// Somebody else has begun to close the connection.
  void close_sent(base::TimePoint now) noexcept;
  /// The peer's Close has come; without a code no_status.
  void close_received(ws::CloseCode code, base::TimePoint now) noexcept;
  /// The connection is over.
  void link_gone() noexcept;
  void advance(base::TimePoint now) noexcept;
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept { return deadline_; }

  // --- what is to be done

  /// A Close of ours.
  struct Farewell {
    ws::CloseCode code;  ///< no_status: none
    std::string_view reason{};
  };
  /// The one that is to be sent, once. What is said in fragments is to be ended before it.
  [[nodiscard]] std::optional<Farewell> take_close() noexcept;

  /// What becomes of the stream.
  enum class Fate : std::uint8_t { keep, half_close, close, reset };
  /// What is to be done to it now, each once; `all_written`: nothing of what came waits for it.
  [[nodiscard]] Fate take_fate(bool all_written) noexcept;

  /// Whether what the stream says can be sent.
  [[nodiscard]] bool reads_stream() const noexcept {
    return !ended_ && fate_ < Fate::close && (link_ == Link::open || link_ == Link::draining);
  }
  /// Whether that is one message until the end.
  [[nodiscard]] bool says_the_rest() const noexcept { return link_ == Link::draining; }
  /// Whether it was the stream that failed.
  [[nodiscard]] bool stream_has_failed() const noexcept { return stream_failed_; }
  /// Whether there is a stream any more.
  [[nodiscard]] bool has_stream() const noexcept { return !stream_over_; }

 private:
  enum class Link : std::uint8_t {
    open,
    draining,  ///< the peer has said Close, and its answer waits for the rest of the stream
    closing,   ///< we have said Close first
    closed,    ///< nothing goes either way
  };

  void say(ws::CloseCode code, std::string_view reason = {}) noexcept;
  void finish(Fate fate, base::TimePoint now) noexcept;
  [[nodiscard]] std::optional<base::TimePoint> end_of_silence(base::TimePoint now) const noexcept;
  [[nodiscard]] std::optional<base::TimePoint> end_of_closing(base::TimePoint now) const noexcept;

  Options options_;
  Link link_ = Link::open;
  bool ended_ = false;        // the stream: nothing more is read
  bool half_closed_ = false;  // the stream: by us
  bool stream_failed_ = false;
  bool stream_over_ = false;
  Fate fate_ = Fate::keep;
  std::optional<Farewell> close_{};
  ws::CloseCode said_ = ws::close_code::no_status;  // once there was one
  std::optional<base::TimePoint> deadline_{};       // of a silence, of the rest, or of what is still to be written
};

}  // namespace wscope::serve
