#include "session/session.h"

#include <cerrno>

#include <fmt/format.h>

#include "net/error.h"

namespace wscope::session {
namespace {

// For the answers to our Closes, and the ends of TCP.
constexpr base::Duration patience_with_peers = std::chrono::seconds(1);
// For a slow reader of stdout: after a signal, and after --timeout.
constexpr base::Duration patience_with_output = std::chrono::seconds(1);
constexpr base::Duration patience_in_time = std::chrono::milliseconds(500);

// Whatever was asked for might have come on a connection that was there.
bool is_end_of_connection(base::ErrorKind kind) noexcept {
  return kind == base::ErrorKind::closed || kind == base::ErrorKind::lost || kind == base::ErrorKind::protocol;
}

std::string in_seconds(base::Duration time) {
  return fmt::format("{:g} s", std::chrono::duration<double>(time).count());
}

}  // namespace

namespace {

std::string written(const std::vector<talk::Match>& matches) {
  std::string all;
  for (const talk::Match& match : matches) all += (all.empty() ? "" : ", ") + match.text();
  return matches.empty() || !all.empty() ? all : "//";
}

}  // namespace

Wishes wishes_of(const ConnectCommand& command) {
  return {.at_eof = command.only_listens && !command.at_eof_given ? AtEof::hold : command.at_eof,
          .silence = command.silence,
          .at_eof_given = command.at_eof_given,
          .count = command.count,
          .until = written(command.until),
          .lockstep = command.lockstep.has_value(),
          .expect_timeout = command.expect_timeout,
          .for_time = command.for_time,
          .timeout = command.timeout};
}

// Who serves only one does for it what a client does for its server.
Wishes wishes_of(const ServeCommand& command) {
  return {.at_eof = command.at_eof.value_or(command.once ? AtEof::wait : AtEof::hold),
          .silence = command.silence,
          .at_eof_given = command.at_eof.has_value(),
          .for_time = command.for_time,
          .serves = true,
          .close_timeout = command.timeouts.close};
}

Session::Session(const Wishes& wishes, base::TimePoint now) : wishes_(wishes) {
  if (wishes_.timeout != base::Duration::zero()) times_out_ = now + wishes_.timeout;
  if (wishes_.asks() && !wishes_.at_eof_given) wishes_.at_eof = AtEof::hold;
}

// --- connections

void Session::begun(link::ConnectionNumber connection, std::string place) {
  if (std::exchange(begun_, true)) return;
  first_ = connection;
  place_ = std::move(place);
}

void Session::opened(base::TimePoint now) {
  if (state_ == State::starting) state_ = State::running;
  if (wishes_.for_time != base::Duration::zero() && !time_ends_) time_ends_ = now + wishes_.for_time;
}

void Session::restarted() noexcept {
  if (leaving()) return;
  state_ = State::starting;
  silence_ends_.reset();
}

void Session::failed(link::ConnectionNumber connection, base::Error error) {
  if (outcome_.decided()) return;
  culprit_ = connection;
  if (!leaving()) reason_ = Reason::peer_failed;
  decide(std::move(error), "");
  if (!leaving()) state_ = State::leaving;
}

void Session::gone(link::ConnectionNumber connection, std::optional<base::Error> error, const std::string& closed,
                   base::TimePoint now) {
  if (state_ >= State::printing) return;
  if (!leaving()) reason_ = error ? Reason::peer_failed : Reason::peer_closed;
  if (!outcome_.decided()) culprit_ = error ? connection : first_;
  decide(std::move(error), closed);
  begin_printing(now);
}

// --- what is sent and what comes

void Session::heard(base::TimePoint now) noexcept {
  if (state_ == State::silent) silence_ends_ = now + wishes_.silence;
}

// What came while we did not listen is still to be heard.
void Session::set_output_full(bool full, base::TimePoint now) noexcept {
  if (std::exchange(output_full_, full) && !full) heard(now);
}

void Session::received(bool counts, bool matches) {
  if (!wants_messages()) return;
  if (counts) ++received_;
  const bool enough = matches || (counts && wishes_.count && received_ == *wishes_.count);
  if (enough) end(Reason::enough, {});  // the connections know how long a Close is waited for
}

void Session::expects(Expected what, std::optional<base::TimePoint> now) {
  expected_ = std::move(what);
  const bool is_bounded = now && wishes_.expect_timeout != base::Duration::zero();
  expectation_ends_ = is_bounded ? std::optional(*now + wishes_.expect_timeout) : std::nullopt;
}

void Session::expects_nothing() noexcept {
  expected_.reset();
  expectation_ends_.reset();
}

void Session::input_ended(base::TimePoint now) {
  if (state_ != State::running) return;
  state_ = State::draining_input;
  if (wishes_.at_eof == AtEof::close) end(Reason::input_ended, now);
}

void Session::written(base::TimePoint now) noexcept {
  const bool measures = wishes_.at_eof == AtEof::wait && wishes_.silence != for_ever;
  if (state_ != State::draining_input || !measures || output_full_) return;
  state_ = State::silent;
  silence_ends_ = now + wishes_.silence;
}

void Session::input_failed(link::ConnectionNumber connection, base::Error error, base::TimePoint now) {
  if (leaving()) return;
  culprit_ = connection;
  outcome_.fail(std::move(error));
  end(Reason::input_failed, now);
}

void Session::output_failed(int error, base::TimePoint now) {
  if (std::exchange(output_lost_, true)) return;
  if (!outcome_.decided()) culprit_ = first_;
  if (error == EPIPE) {
    outcome_.end(0);  // like any filter whose reader has seen enough
    end(Reason::output_gone, now);
  } else {
    outcome_.fail(net::system_error("standard output", error));
    end(Reason::output_failed, now);
  }
}

// --- the end

void Session::end(Reason reason, base::TimePoint now) {
  const Ending& ending = ending_of(reason);
  if (state_ >= State::printing) return;
  const bool begins = !leaving();
  if (begins) reason_ = reason;
  if (ending.exit == Exit::success && !ending.names_missing && reason != Reason::signal_of_server) outcome_.end(0);
  const bool gives_up = ending.patience == Patience::none || ending.patience == Patience::a_second;
  if (ending.close && (begins || gives_up)) order_ = {*ending.close, gives_up};
  if (state_ == State::starting && !wishes_.serves) {  // nobody to part from
    decide(std::nullopt, "");
    return begin_printing(now);
  }
  state_ = State::leaving;
  if (ending.patience == Patience::a_second && !patience_ends_) patience_ends_ = now + patience_with_peers;
  const bool is_measured = ending.patience == Patience::for_all && wishes_.close_timeout != base::Duration::zero();
  if (is_measured) patience_ends_ = now + wishes_.close_timeout + patience_with_output;
}

// Whoever is leaving already does not wait any longer; that a server ends with 0 holds for the first signal alone.
void Session::signalled(int number, base::TimePoint now) {
  const bool insists = leaving() || (state_ == State::starting && !wishes_.serves);
  if (!insists && wishes_.serves) {
    hurry_ = true;
    return end(Reason::signal_of_server, now);
  }
  if (reason_ == Reason::signal_of_server && !outcome_.error()) outcome_ = streams::Outcome();
  outcome_.end(streams::exit_status_of_signal(number));
  hurry_ = true;
  end(Reason::signal, now);
  if (insists) state_ = State::over;
}

void Session::begin_printing(base::TimePoint now) {
  state_ = State::printing;
  silence_ends_.reset();
  expectation_ends_.reset();
  time_ends_.reset();
  patience_ends_.reset();
  if (timed_out_) patience_ends_ = now + patience_in_time;
  if (hurry_) patience_ends_ = wishes_.serves ? now + patience_with_output : now;
}

void Session::printed() noexcept {
  if (state_ == State::printing) state_ = State::over;
}

void Session::give_up(base::Error error) {
  outcome_.fail(std::move(error));
  state_ = State::over;
}

// What is wrong, what is missing, or neither.
void Session::decide(std::optional<base::Error> error, const std::string& closed) {
  if (outcome_.decided()) return;
  const std::string lacks = ending_of(reason_).names_missing ? missing() : std::string();
  if (error) {
    if (!lacks.empty() && is_end_of_connection(error->kind)) error->message += "; " + lacks;
    return outcome_.fail(std::move(*error));
  }
  if (lacks.empty()) return outcome_.end(0);
  const bool can_wait = reason_ == Reason::silence;
  outcome_.fail({base::ErrorKind::expectation, lacks + ": " + why(closed), can_wait ? "-w SECONDS waits longer" : ""});
}

std::string Session::missing() const {
  if (expected_) return expected_->missing;
  if (wishes_.count) return fmt::format("received {} of {} messages", received_, *wishes_.count);
  return wishes_.until.empty() ? "" : "no message matched --until";
}

std::string Session::asked() const {
  if (expected_) return expected_->written;
  if (wishes_.count) return fmt::format("{} messages", *wishes_.count);
  return wishes_.until;
}

std::string Session::why(const std::string& closed) const {
  switch (reason_) {
    case Reason::silence:
      return in_seconds(wishes_.silence) + " of silence";
    case Reason::time_is_over:
      return in_seconds(wishes_.for_time) + " are over (--for)";
    case Reason::input_ended:
      return "--eof close";
    case Reason::not_in_time:
      return in_seconds(wishes_.expect_timeout) + " are over (--expect-timeout)";
    default:
      return "the peer closed" + (closed.empty() ? closed : " (" + closed + ")");
  }
}

// --- time

void Session::time_out(base::TimePoint now) {
  timed_out_ = true;
  if (state_ == State::printing && outcome_.status() == 0)
    outcome_ = streams::Outcome();  // but for what is not printed
  if (!outcome_.decided()) {
    culprit_ = first_;
    std::string words = fmt::format("not over in {} (--timeout)", in_seconds(wishes_.timeout));
    if (!place_.empty()) words.insert(0, place_ + ": ");
    if (const std::string lacks = missing(); !lacks.empty()) words += "; " + lacks;
    outcome_.fail({base::ErrorKind::timeout, std::move(words)});
  }
  order_ = {ws::close_code::going_away, true};
  if (!leaving()) reason_ = Reason::timeout;
  begin_printing(now);
}

void Session::advance(base::TimePoint now) {
  const auto due = [now](std::optional<base::TimePoint>& deadline) {
    if (!deadline || now < *deadline) return false;
    deadline.reset();
    return true;
  };
  if (due(patience_ends_)) {
    decide(std::nullopt, "");
    state_ = State::over;
  }
  if (over()) return;
  if (due(times_out_)) return time_out(now);
  if (due(time_ends_)) return end(Reason::time_is_over, now);
  if (due(expectation_ends_)) return end(Reason::not_in_time, now);
  if (!due(silence_ends_)) return;
  if (!output_full_) return end(Reason::silence, now);
  silence_ends_ = now + wishes_.silence;  // it is we who do not listen
}

std::optional<base::TimePoint> Session::deadline() const noexcept {
  const auto of_input = base::earlier(base::earlier(silence_ends_, time_ends_), expectation_ends_);
  return base::earlier(of_input, base::earlier(times_out_, patience_ends_));
}

}  // namespace wscope::session
