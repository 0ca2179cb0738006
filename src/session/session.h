// What decides when a run ends, and how: a machine without a descriptor, a socket or a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "link/happening.h"
#include "session/ending.h"
#include "session/plan.h"
#include "streams/outcome.h"

namespace wscope::session {

/// What of a run is asked for decides how it ends.
struct Wishes {
  AtEof at_eof = AtEof::wait;
  base::Duration silence = std::chrono::seconds(1);  ///< for AtEof::wait; for_ever
  /// The two above were asked for. If not, who asks for something waits for it: the end of the input ends nothing.
  bool at_eof_given = false;
  std::optional<std::uint64_t> count{};  ///< of messages
  std::string until{};                   ///< a message that matches is asked for: what, as written; empty: none
  bool lockstep = false;                 ///< the answer to each line of the input is
  base::Duration expect_timeout{};       ///< for each thing that expects() waits for; zero: none
  base::Duration for_time{};             ///< from the first open on; zero: for ever
  base::Duration timeout{};              ///< of the whole run; zero: none
  bool serves = false;                   ///< a signal is how it ends
  /// Of who serves: how long its clients have to answer our Closes, zero being for ever. It is measured here as well,
  /// since clients that are not read, because nothing more can be printed, do not come to their end.
  base::Duration close_timeout{};

  [[nodiscard]] bool asks() const noexcept {
    return count.has_value() || !until.empty() || lockstep || for_time != base::Duration::zero();
  }
};

[[nodiscard]] Wishes wishes_of(const ConnectCommand& command);
[[nodiscard]] Wishes wishes_of(const ServeCommand& command);

/// Hears what happens in a run, from a front, which has the connections and the streams; says what is to be done about
/// it, and what has come of it in the end. The rows of `ending.h` are its rules.
///
///     starting ──opened──► running ──input_ended──► draining_input ──written──► silent
///         └──────────────┬─────┴──────────────────────────┴───────────────────────┘
///                     leaving ──gone──► printing ──printed──► over
///
/// Each call takes the time that it is now, where it matters. After any call next_order() is to be looked at.
class Session {
 public:
  enum class State : std::uint8_t {
    starting,        ///< nobody is there yet
    running,         ///< there may be more to be sent
    draining_input,  ///< the input is at its end, but not all of it is on its way
    silent,          ///< the peer's silence is being measured
    leaving,         ///< connections are being closed, or have failed
    printing,        ///< there are none any more; stdout gets its rest
    over,
  };

  /// Begins at `now`, from which on --timeout counts.
  Session(const Wishes& wishes, base::TimePoint now);

  // --- what happens

  /// A connection is being made, or a server listens: what errors about the run call it, and its number, 0 for a
  /// server. Those of the first one are kept.
  void begun(link::ConnectionNumber connection, std::string place);
  /// A connection that we have made is open, or a client is in.
  void opened(base::TimePoint now);
  /// The connection is lost and will be made again.
  void restarted() noexcept;
  /// Whether the silence is being measured: only then need it be told that something came.
  [[nodiscard]] bool listens_for_silence() const noexcept { return state_ == State::silent; }
  /// Data has come, be it a part of a message: it is not silent.
  void heard(base::TimePoint now) noexcept;
  /// A whole message has come that counts, or which --until waits for, or both.
  void received(bool counts, bool matches);
  /// What is asked for before all else: in the words of an error, and as it was written.
  struct Expected {
    std::string missing;  ///< "expected ack"
    std::string written;  ///< "ack"
  };
  /// From `now` on it is waited for; without a time, it is only known to be still to come.
  void expects(Expected what, std::optional<base::TimePoint> now);
  /// That has come, and there is nothing more of it.
  void expects_nothing() noexcept;
  /// All that was asked for has come.
  void have_enough(base::TimePoint now) { end(Reason::enough, now); }
  /// What is asked for and has not come, as it was written; empty: nothing.
  [[nodiscard]] std::string asked() const;
  /// Whether messages are wanted still: those behind the last one that was asked for are not.
  [[nodiscard]] bool wants_messages() const noexcept {
    return state_ < State::printing && (!leaving() || reason_ != Reason::enough);
  }
  /// There is no more input, and all of it is handed on.
  void input_ended(base::TimePoint now);
  /// All that was handed on is written.
  void written(base::TimePoint now) noexcept;
  /// What is wrong with the input, which is that of one connection, or of the run (0).
  void input_failed(link::ConnectionNumber connection, base::Error error, base::TimePoint now);
  /// Nothing more fits into stdout, or something does again.
  void set_output_full(bool full, base::TimePoint now) noexcept;
  /// stdout cannot be written: errno's number; EPIPE: nobody reads it any more.
  void output_failed(int error, base::TimePoint now);
  /// To end in an orderly way, because somebody wants it.
  void quit(base::TimePoint now) { end(Reason::quit, now); }
  void script_quits(base::TimePoint now) { end(Reason::script_quits, now); }
  /// SIGINT, SIGTERM or SIGHUP.
  void signalled(int number, base::TimePoint now);
  /// What a connection failed with that will not be made again: it is about to be gone.
  void failed(link::ConnectionNumber connection, base::Error error);
  /// Nobody is there any more, and nobody will come. `error`: what is wrong with how the last one ended; `closed`: if
  /// nothing is, and the peer began it, its code and reason in words.
  void gone(link::ConnectionNumber connection, std::optional<base::Error> error, const std::string& closed,
            base::TimePoint now);
  /// All that was to be printed is printed. Before the connections are gone it says nothing.
  void printed() noexcept;
  /// The loop itself has failed.
  void give_up(base::Error error);
  void advance(base::TimePoint now);

  // --- what is to be done

  /// To close whatever is open, and to give up what is not.
  struct Order {
    ws::CloseCode code;
    bool gives_up = false;  ///< nothing is made again, and the end of TCP is waited for only briefly
  };
  /// The next one, once.
  [[nodiscard]] std::optional<Order> next_order() noexcept { return std::exchange(order_, std::nullopt); }
  /// When advance() is to be called.
  [[nodiscard]] std::optional<base::TimePoint> deadline() const noexcept;

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] bool leaving() const noexcept { return state_ >= State::leaving; }
  [[nodiscard]] bool over() const noexcept { return state_ == State::over; }
  /// Why it is leaving.
  [[nodiscard]] Reason reason() const noexcept { return reason_; }
  /// Whether peers are read although stdout has no room: nobody waits for a slow reader any more.
  [[nodiscard]] bool in_a_hurry() const noexcept { return hurry_; }
  /// How it ended, once it is printing or over.
  [[nodiscard]] const streams::Outcome& outcome() const noexcept { return outcome_; }
  /// The connection that the error is about: the one that failed, or the first one; 0: there was none.
  [[nodiscard]] link::ConnectionNumber culprit() const noexcept { return culprit_; }

 private:
  void end(Reason reason, base::TimePoint now);
  void begin_printing(base::TimePoint now);
  void decide(std::optional<base::Error> error, const std::string& closed);
  void time_out(base::TimePoint now);
  [[nodiscard]] std::string missing() const;
  [[nodiscard]] std::string why(const std::string& closed) const;

  Wishes wishes_;
  State state_ = State::starting;
  Reason reason_ = Reason::peer_closed;  // once it is leaving
  streams::Outcome outcome_;
  std::optional<Order> order_;
  std::string place_;
  link::ConnectionNumber first_ = 0;
  link::ConnectionNumber culprit_ = 0;
  std::uint64_t received_ = 0;
  bool begun_ = false;
  bool output_full_ = false;
  bool hurry_ = false;
  bool timed_out_ = false;
  bool output_lost_ = false;
  std::optional<Expected> expected_;
  std::optional<base::TimePoint> expectation_ends_;  // --expect-timeout
  std::optional<base::TimePoint> silence_ends_;
  std::optional<base::TimePoint> time_ends_;  // --for
  std::optional<base::TimePoint> times_out_;  // --timeout
  std::optional<base::TimePoint> patience_ends_;
};

}  // namespace wscope::session
