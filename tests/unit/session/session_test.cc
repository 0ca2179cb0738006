#include "session/session.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "net/error.h"

using namespace wscope;
using namespace std::chrono_literals;
using session::AtEof;
using session::Session;
using session::Wishes;
using State = Session::State;

namespace {

const base::Error lost{base::ErrorKind::lost, "connection lost: without a Close from the peer"};

/// A session at a clock of its own, whose front has one connection, and does as it is told.
struct Run {
  explicit Run(const Wishes& wishes = {}) : serves(wishes.serves), session(wishes, now) { session.begun(1, "ws://a/"); }

  Run& open() {
    session.opened(now);
    return *this;
  }
  /// All of the input was sent.
  Run& end_input() {
    session.input_ended(now);
    session.written(now);
    return *this;
  }
  Run& pass(base::Duration time) {
    now += time;
    session.advance(now);
    return *this;
  }
  /// "1000", "1001 gives up", or "nothing".
  std::string order() {
    const auto order = session.next_order();
    if (!order) return "nothing";
    return std::to_string(order->code.value) + (order->gives_up ? " gives up" : "");
  }
  /// The last connection is over.
  Run& gone(std::optional<base::Error> error = std::nullopt, const std::string& closed = "") {
    session.gone(1, std::move(error), closed, now);
    return *this;
  }
  /// "0", or "11 received 0 of 1 messages: …".
  std::string outcome() {
    session.printed();
    CHECK(session.over());
    const streams::Outcome& outcome = session.outcome();
    std::string words = std::to_string(outcome.status());
    if (outcome.error()) words += " " + outcome.error()->message;
    return words;
  }

  base::TimePoint now{1h};
  bool serves;
  Session session;
};

}  // namespace

TEST_CASE("behind the end of the input a second of silence ends it") {
  Run run;
  run.open().end_input();
  CHECK(run.session.state() == State::silent);
  CHECK(run.pass(999ms).order() == "nothing");
  run.session.heard(run.now);
  CHECK(run.pass(999ms).order() == "nothing");
  CHECK(run.pass(1ms).order() == "1000");
  CHECK(run.session.state() == State::leaving);
  CHECK(run.gone().outcome() == "0");
}

TEST_CASE("silence is not measured before all is written, nor while stdout is full") {
  Run run;
  run.open().session.input_ended(run.now);
  CHECK(run.pass(1h).order() == "nothing");
  run.session.set_output_full(true, run.now);
  run.session.written(run.now);
  CHECK(run.pass(1h).order() == "nothing");
  run.session.set_output_full(false, run.now);
  run.session.written(run.now);
  run.session.set_output_full(true, run.now);
  CHECK(run.pass(3600'900ms).order() == "nothing");
  run.session.set_output_full(false, run.now);  // from now on what the peer says can be heard again
  CHECK(run.pass(999ms).order() == "nothing");
  CHECK(run.pass(1ms).order() == "1000");
}

TEST_CASE("--eof close and hold, -w -1") {
  Run closes({.at_eof = AtEof::close, .at_eof_given = true});
  CHECK(closes.open().end_input().order() == "1000");
  Run holds({.at_eof = AtEof::hold, .at_eof_given = true});
  CHECK(holds.open().end_input().pass(24h).order() == "nothing");
  Run for_ever({.silence = session::for_ever, .at_eof_given = true});
  CHECK(for_ever.open().end_input().pass(24h).order() == "nothing");
}

TEST_CASE("what is expected comes before what else is missing") {
  Run run({.at_eof = AtEof::close, .at_eof_given = true, .count = 1});
  run.open().session.expects({"expected ack", "ack"}, run.now);
  CHECK(run.session.asked() == "ack");
  CHECK(run.end_input().order() == "1000");
  CHECK(run.gone().outcome() == "11 expected ack: --eof close");
  Run met({.at_eof = AtEof::close, .at_eof_given = true, .count = 2});
  met.open().session.expects({"expected ack", "ack"}, met.now);
  met.session.expects_nothing();
  CHECK(met.session.asked() == "2 messages");
  CHECK(met.end_input().gone().outcome() == "11 received 0 of 2 messages: --eof close");
  CHECK(Run({.until = "z"}).session.asked() == "z");
}

TEST_CASE("--expect-timeout is for each that is waited for") {
  Run run({.lockstep = true, .expect_timeout = 2s});
  run.open().session.expects({"expected a", "a"}, run.now);
  CHECK(run.pass(1900ms).order() == "nothing");
  run.session.expects({"expected b", "b"}, std::nullopt);  // something is to be sent first
  CHECK(run.pass(10s).order() == "nothing");
  run.session.expects({"expected b", "b"}, run.now);
  CHECK(run.pass(1900ms).order() == "nothing");
  CHECK(run.pass(100ms).order() == "1000");
  CHECK(run.gone().outcome() == "11 expected b: 2 s are over (--expect-timeout)");
  Run met({.expect_timeout = 2s, .timeout = 5s});
  met.open().session.expects({"expected a", "a"}, met.now);
  met.session.expects_nothing();
  CHECK(met.pass(3s).order() == "nothing");
  met.session.have_enough(met.now);
  CHECK(met.order() == "1000");
  CHECK(met.gone().outcome() == "0");
}

TEST_CASE("what is expected is named behind a loss and a timeout") {
  Run run({.timeout = 3s});
  run.open().session.expects({"expected ack", "ack"}, run.now);
  CHECK(run.gone(lost).outcome() == "8 connection lost: without a Close from the peer; expected ack");
  Run late({.timeout = 3s});
  late.open().session.expects({"expected ack", "ack"}, late.now);
  CHECK(late.pass(3s).order() == "1001 gives up");
  CHECK(late.gone().outcome() == "10 ws://a/: not over in 3 s (--timeout); expected ack");
}

TEST_CASE("who asks for something waits for it, unless the end of the input has a rule of its own") {
  for (const Wishes& wishes :
       {Wishes{.count = 1}, Wishes{.until = "z"}, Wishes{.lockstep = true}, Wishes{.for_time = 48h}}) {
    Run run(wishes);
    CHECK(run.open().end_input().pass(24h).order() == "nothing");
  }
  Run waits({.silence = 5s, .at_eof_given = true, .count = 1});
  CHECK(waits.open().end_input().pass(5s).order() == "1000");
  CHECK(waits.gone(std::nullopt, "1000").outcome() == "11 received 0 of 1 messages: 5 s of silence");
  CHECK(waits.session.outcome().error()->hint == "-w SECONDS waits longer");
  Run closes({.at_eof = AtEof::close, .at_eof_given = true, .until = "z"});
  CHECK(closes.open().end_input().order() == "1000");
  CHECK(closes.gone().outcome() == "11 no message matched --until: --eof close");
}

TEST_CASE("what was asked for ends it, and what comes then does not count") {
  Run run({.count = 2});
  run.open().session.received(true, false);
  CHECK(run.order() == "nothing");
  run.session.received(true, false);
  CHECK(run.order() == "1000");
  CHECK(!run.session.wants_messages());
  run.session.received(true, false);
  CHECK(run.order() == "nothing");
  CHECK(run.gone(lost).outcome() == "0");
  Run until({.count = 5, .until = "z"});
  until.open().session.received(true, true);
  CHECK(until.order() == "1000");
}

TEST_CASE("--for counts from the first open, also over another connection") {
  Run run({.for_time = 3s});
  CHECK(run.pass(1h).order() == "nothing");
  run.open().pass(2s);
  run.session.restarted();
  CHECK(run.open().pass(999ms).order() == "nothing");
  CHECK(run.pass(1ms).order() == "1000");
  CHECK(run.gone().outcome() == "0");
  Run missing({.count = 1, .for_time = 3s});
  missing.open().pass(3s);
  CHECK(missing.gone().outcome() == "11 received 0 of 1 messages: 3 s are over (--for)");
}

TEST_CASE("the peer ends it, and what is missing is named") {
  CHECK(Run().open().gone().outcome() == "0");
  CHECK(Run({.count = 1}).open().gone(std::nullopt, "1000 \"bye\"").outcome() ==
        "11 received 0 of 1 messages: the peer closed (1000 \"bye\")");
  CHECK(Run().open().gone(lost).outcome() == "8 connection lost: without a Close from the peer");
  CHECK(Run({.until = "z"}).open().gone(lost).outcome() ==
        "8 connection lost: without a Close from the peer; no message matched --until");
  Run failed({.count = 3});
  failed.open().session.failed(4, {base::ErrorKind::protocol, "the peer broke the protocol"});
  CHECK(failed.session.leaving());
  CHECK(failed.order() == "nothing");
  failed.gone(lost);
  CHECK(failed.session.culprit() == 4);
  CHECK(failed.outcome() == "7 the peer broke the protocol; received 0 of 3 messages");
}

TEST_CASE("what goes wrong while it closes counts, unless how it ends is decided") {
  Run run;
  run.open().end_input().pass(1s);
  CHECK(run.gone(lost).outcome() == "8 connection lost: without a Close from the peer");
}

TEST_CASE("--timeout ends it wherever it is") {
  const std::string words = "10 ws://a/: not over in 3 s (--timeout)";
  const Wishes wishes{.timeout = 3s};
  Run connecting(wishes);
  CHECK(connecting.pass(3s).order() == "1001 gives up");
  CHECK(connecting.outcome() == words);
  Run running({.count = 1, .timeout = 3s});
  CHECK(running.open().pass(3s).order() == "1001 gives up");
  CHECK(running.session.state() == State::printing);  // nobody is waited for
  CHECK(running.session.culprit() == 1);
  CHECK(running.outcome() == words + "; received 0 of 1 messages");
  Run leaving(wishes);
  leaving.open().end_input().pass(1s).pass(2s);
  CHECK(leaving.outcome() == words);
  Run printing(wishes);
  printing.open().gone().pass(3s);
  CHECK(printing.outcome() == words);
  Run failed(wishes);
  failed.open().gone(lost).pass(3s);
  CHECK(failed.outcome().starts_with("8 "));
}

TEST_CASE("a stdout that is stuck has half a second after --timeout") {
  Run run({.timeout = 3s});
  run.open().session.set_output_full(true, run.now);
  run.pass(3s);
  CHECK(!run.session.over());
  run.pass(499ms);
  CHECK(!run.session.over());
  run.pass(1ms);
  CHECK(run.session.over());
}

TEST_CASE("a signal closes, a second one ends") {
  Run run;
  run.open().session.signalled(SIGINT, run.now);
  CHECK(run.order() == "1001 gives up");
  CHECK(run.session.in_a_hurry());
  CHECK(!run.session.over());
  run.session.signalled(SIGTERM, run.now);
  CHECK(run.outcome() == "130");
  Run waits;
  waits.open().session.signalled(SIGTERM, waits.now);
  CHECK(waits.pass(1s).outcome() == "143");  // a peer that says nothing more
  Run gone;
  gone.open().session.signalled(SIGTERM, gone.now);
  gone.gone(lost);
  CHECK(!gone.session.over());
  gone.pass(0s);
  CHECK(gone.session.over());  // whoever reads stdout
  Run connecting;
  connecting.session.signalled(SIGINT, connecting.now);
  CHECK(connecting.session.over());
  CHECK(connecting.outcome() == "130");
  Run closing;
  closing.open().end_input().pass(1s).session.signalled(SIGINT, closing.now);
  CHECK(closing.session.over());
  CHECK(closing.outcome() == "130");
}

TEST_CASE("a signal is how a server ends") {
  Run run({.at_eof = AtEof::hold, .serves = true});
  run.session.signalled(SIGTERM, run.now);
  CHECK(run.order() == "1001");
  CHECK(!run.session.over());
  run.gone();
  CHECK(!run.session.over());
  run.pass(1s);  // of a stdout that is stuck
  CHECK(run.session.over());
  CHECK(run.outcome() == "0");
  Run unread({.at_eof = AtEof::hold, .serves = true, .close_timeout = 10s});
  unread.open().session.signalled(SIGTERM, unread.now);
  CHECK(!unread.pass(10s).session.over());
  CHECK(unread.pass(1s).outcome() == "0");
  Run insists({.at_eof = AtEof::hold, .serves = true});
  insists.open().session.signalled(SIGTERM, insists.now);
  insists.session.signalled(SIGTERM, insists.now);
  CHECK(insists.outcome() == "143");
}

TEST_CASE("stdout that nobody reads, or that fails") {
  Run gone({.count = 1});
  gone.open().session.output_failed(EPIPE, gone.now);
  CHECK(gone.order() == "1001 gives up");
  CHECK(gone.gone(lost).outcome() == "0");
  Run full;
  full.open().session.output_failed(ENOSPC, full.now);
  CHECK(full.order() == "1001 gives up");
  CHECK(full.gone().outcome() == "1 " + net::system_error("standard output", ENOSPC).message);
  Run connecting;
  connecting.session.output_failed(EPIPE, connecting.now);
  CHECK(connecting.outcome() == "0");
}

TEST_CASE("input that cannot be sent") {
  Run run({.count = 1});
  run.open().session.input_failed(1, {base::ErrorKind::io, "standard input: line 2 is not UTF-8"}, run.now);
  CHECK(run.order() == "1001");
  CHECK(run.gone(lost).outcome() == "1 standard input: line 2 is not UTF-8");
}

TEST_CASE("who quits waits for a second, a script for the Close") {
  Run person;
  person.open().session.quit(person.now);
  CHECK(person.order() == "1000 gives up");
  CHECK(person.pass(1s).outcome() == "0");
  Run script;
  script.open().session.script_quits(script.now);
  CHECK(script.order() == "1000");
  CHECK(!script.pass(9s).session.over());
  CHECK(script.gone().outcome() == "0");
  Run unconnected;
  unconnected.session.quit(unconnected.now);
  CHECK(unconnected.outcome() == "0");
}

TEST_CASE("a connection that is made again has the input before it again") {
  Run run;
  run.open().end_input();
  run.session.restarted();
  CHECK(run.pass(1h).order() == "nothing");
  CHECK(run.open().session.state() == State::running);
  CHECK(run.end_input().pass(1s).order() == "1000");
}

TEST_CASE("after an hour of each state its deadlines still hold") {
  Run run({.timeout = 4h});
  run.pass(1h).open().pass(1h).end_input();
  CHECK(run.session.deadline() == run.now + 1s);
  run.session.heard(run.now);
  run.pass(1s).gone().pass(1h);
  CHECK(run.session.deadline() == run.now + 1h - 1s);
  CHECK(run.outcome() == "0");
}

namespace {

/// Something that ends a run, or would.
struct Event {
  const char* name;
  std::function<void(Run&)> happen;
  Wishes wishes{};  // besides one message more than comes
};

const std::vector<Event> events = {
    {"enough came", [](Run& run) { run.session.received(true, true); }},
    {"--for is over", [](Run& run) { run.pass(5s); }, {.for_time = 5s}},
    {"it was silent", [](Run& run) { run.pass(5s); }, {.silence = 5s}},
    {"the input ended", [](Run& run) { run.end_input(); }},
    {"--eof close", [](Run& run) { run.end_input(); }, {.at_eof = AtEof::close}},
    {"a person quits", [](Run& run) { run.session.quit(run.now); }},
    {"a script quits", [](Run& run) { run.session.script_quits(run.now); }},
    {"the peer closed", [](Run& run) { run.gone(std::nullopt, "1000"); }},
    {"the peer is lost", [](Run& run) { run.gone(lost); }},
    {"it will be lost", [](Run& run) { run.session.failed(1, lost); }},
    {"--timeout", [](Run& run) { run.pass(5s); }, {.timeout = 5s}},
    {"bad input",
     [](Run& run) {
       run.session.input_failed(1, {base::ErrorKind::io, "bad"}, run.now);
     }},
    {"no reader", [](Run& run) { run.session.output_failed(EPIPE, run.now); }},
    {"a full disk", [](Run& run) { run.session.output_failed(ENOSPC, run.now); }},
    {"a signal", [](Run& run) { run.session.signalled(SIGTERM, run.now); }},
    {"of who serves", [](Run& run) { run.session.signalled(SIGTERM, run.now); }, {.serves = true}},
};

/// What has happened before.
struct Stage {
  const char* name;
  std::function<void(Run&)> reach;
  bool closes = false;  ///< upon the end of the input
};

const std::vector<Stage> stages = {
    {"starting", [](Run&) {}},
    {"running", [](Run& run) { run.open(); }},
    {"draining", [](Run& run) { run.open().session.input_ended(run.now); }},
    {"silent", [](Run& run) { run.open().end_input(); }},
    {"closing", [](Run& run) { run.open().end_input(); }, true},
    {"quitting", [](Run& run) { run.open().session.quit(run.now); }},
    {"signalled", [](Run& run) { run.open().session.signalled(SIGINT, run.now); }},
    {"printing", [](Run& run) { run.open().gone(std::nullopt, "1000"); }},
};

/// The code of the Close, "!" behind it if all is given up, and the exit status once the peer is gone in good order: at
/// once behind "=".
std::string cell(const Event& event, const Stage& stage) {
  Wishes wishes = event.wishes;
  wishes.count = 2;
  wishes.at_eof_given = true;
  if (wishes.silence == 1s) wishes.silence = 1h;
  if (stage.closes) wishes.at_eof = AtEof::close;
  Run run(wishes);
  stage.reach(run);
  static_cast<void>(run.order());
  event.happen(run);
  std::string text = run.order();
  if (text == "nothing") text.clear();
  if (const std::size_t at = text.find(" gives up"); at != std::string::npos) text.replace(at, std::string::npos, "!");
  if (!run.session.leaving()) return "-";
  if (!text.empty()) text += " ";
  if (run.session.over()) text += "=";
  run.gone();
  return text + std::to_string(run.session.outcome().status());
}

}  // namespace

TEST_CASE("each way to end, in each state") {
  const auto row = [](const std::string& name, const auto& cell_of) {
    std::string text = fmt::format("{:<17}", name);
    for (const Stage& stage : stages) text += fmt::format("{:<11}", cell_of(stage));
    return text.erase(text.find_last_not_of(' ') + 1) + "\n";
  };
  std::string table = row("", [](const Stage& stage) { return std::string(stage.name); });
  for (const Event& event : events) {
    table += row(event.name, [&](const Stage& stage) { return cell(event, stage); });
  }
  CHECK(table ==
        R"(                 starting   running    draining   silent     closing    quitting   signalled  printing
enough came      1000 0     1000 0     1000 0     1000 0     0          0          130        11
--for is over    -          1000 11    1000 11    1000 11    11         =0         =130       11
it was silent    -          -          -          1000 11    11         =0         =130       11
the input ended  -          -          -          -          11         0          130        11
--eof close      -          1000 11    11         11         11         0          130        11
a person quits   1000! 0    1000! 0    1000! 0    1000! 0    1000! 0    1000! 0    1000! 130  11
a script quits   1000 0     1000 0     1000 0     1000 0     0          0          130        11
the peer closed  11         11         11         11         11         0          130        11
the peer is lost 8          8          8          8          8          0          130        11
it will be lost  8          8          8          8          8          0          130        11
--timeout        1001! 10   1001! 10   1001! 10   1001! 10   1001! 10   =0         =130       1001! 11
bad input        1001 1     1001 1     1001 1     1001 1     11         0          130        11
no reader        1001! 0    1001! 0    1001! 0    1001! 0    1001! 0    1001! 0    1001! 130  11
a full disk      1001! 1    1001! 1    1001! 1    1001! 1    1001! 1    1001! 0    1001! 130  11
a signal         1001! =143 1001! 143  1001! 143  1001! 143  1001! =143 1001! =0   1001! =130 =11
of who serves    1001 0     1001 0     1001 0     1001 0     1001! =143 1001! =0   1001! =143 =11
)");
}
