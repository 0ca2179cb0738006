// What all fronts of a session have in common.
#pragma once

#include <optional>

#include "net/poller.h"
#include "net/signals.h"
#include "session/session.h"
#include "streams/outcome.h"

namespace wscope::session {

/// Joins a Session with what there is of connections and streams: turns the loop until it is over, and keeps its time.
/// A front tells session() what happens, from wherever it hears of it; this calls it in each turn, in this order. What
/// there is of streams it does not hear of: it looks at them in each turn.
class Front : private net::Pollable {
 public:
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  /// Runs until the session is over.
  [[nodiscard]] streams::Outcome run();

 protected:
  /// Both outlive it. Without `signals` it hears of none.
  Front(net::Poller& poller, net::Signals* signals, const Wishes& wishes);
  ~Front() { poller_.remove(wakes_); }

  [[nodiscard]] Session& session() noexcept { return session_; }
  [[nodiscard]] const Session& session() const noexcept { return session_; }
  [[nodiscard]] base::TimePoint now() const noexcept { return poller_.now(); }
  /// The next turn waits for nothing.
  void turn_soon() noexcept { next_turn_ = net::Poller::at_once; }
  /// The next turn begins then at the latest.
  void turn_by(base::TimePoint time) noexcept { next_turn_ = base::earlier(next_turn_, time); }
  /// Hears of the signals that have come by now. The loop does that, too, before it hears of anything else.
  void look_at_signals();

 private:
  /// Once, before the first turn: connections are begun.
  virtual void begin() = 0;
  /// What is to be done before each turn of the loop, such as to write what waits.
  virtual void prepare_turn() = 0;
  /// Closes what there is.
  virtual void obey(const Session::Order& order) = 0;
  /// There are no connections any more. Called in each turn until it says that all is printed.
  [[nodiscard]] virtual bool print_rest() = 0;
  /// For the error that the run ends with, once, before print_rest().
  virtual void tell_error(const base::Error& error, int exit_status) = 0;

  virtual void handle_signal(int number) { session_.signalled(number, now()); }
  /// Whether something else has to end before this does.
  [[nodiscard]] virtual bool is_kept() const noexcept { return false; }

  void turn();
  void set_timer();
  void handle_ready(net::Poller::Id, net::Readiness) final { look_at_signals(); }
  void handle_deadline(net::Poller::Id, base::TimePoint now) final;

  net::Poller& poller_;
  net::Signals* signals_;
  net::Poller::Id wakes_;                    // by signals and in time
  std::optional<base::TimePoint> deadline_;  // of it
  std::optional<base::TimePoint> next_turn_;
  Session session_;
  bool told_ = false;
};

}  // namespace wscope::session
