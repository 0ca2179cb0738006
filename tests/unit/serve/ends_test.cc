#include "serve/ends.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace wscope;
using namespace std::chrono_literals;
using serve::AfterEnd;
using serve::Ends;

namespace {

// After an hour of silence: no deadline may be of the beginning.
const base::TimePoint start = base::TimePoint() + 1h;

constexpr ws::CloseCode private_use{4000};

Ends relay() { return Ends({.relay = true, .after_end = AfterEnd::close, .close_timeout = 10s}); }
Ends forward(AfterEnd after_end = AfterEnd::wait) {
  return Ends({.relay = false, .after_end = after_end, .silence = 60s, .close_timeout = 10s});
}

// "close 1000, half close" and the like: what is to be done now.
std::string orders(Ends& ends, bool all_written = true) {
  std::string text;
  const auto add = [&text](const std::string& order) { text += (text.empty() ? "" : ", ") + order; };
  if (const auto close = ends.take_close()) {
    add("Close " + std::to_string(close->code.value) + (close->reason.empty() ? "" : " " + std::string(close->reason)));
  }
  switch (ends.take_fate(all_written)) {
    case Ends::Fate::half_close:
      add("half-close");
      break;
    case Ends::Fate::close:
      add("close");
      break;
    case Ends::Fate::reset:
      add("reset");
      break;
    case Ends::Fate::keep:
      break;
  }
  CHECK_FALSE(ends.take_close());
  CHECK(ends.take_fate(all_written) == Ends::Fate::keep);
  return text;
}

}  // namespace

TEST_CASE("while nothing ends the stream is read and nothing is done") {
  for (Ends ends : {relay(), forward()}) {
    CHECK(ends.reads_stream());
    CHECK_FALSE(ends.says_the_rest());
    CHECK_FALSE(ends.listens_for_silence());
    CHECK_FALSE(ends.deadline());
    ends.advance(start + 1h);
    CHECK(orders(ends).empty());
    CHECK(ends.has_stream());
  }
}

TEST_CASE("relay: the end of the target is Close 1000, and what then comes is written") {
  Ends ends = relay();
  ends.stream_ended(start);
  CHECK(orders(ends) == "Close 1000");
  CHECK_FALSE(ends.reads_stream());
  CHECK(ends.has_stream());
  CHECK_FALSE(ends.deadline());  // which is the connection's
  ends.close_received(ws::close_code::normal, start + 1s);
  CHECK(orders(ends, false).empty());
  CHECK(orders(ends) == "close");
  CHECK_FALSE(ends.has_stream());
  ends.link_gone();
  CHECK(orders(ends).empty());
}

TEST_CASE("relay: a client that answers the end with another code, or not at all, resets the target") {
  Ends other = relay();
  other.stream_ended(start);
  CHECK(orders(other) == "Close 1000");
  other.close_received(private_use, start);
  CHECK(orders(other, false) == "reset");

  Ends lost = relay();
  lost.stream_ended(start);
  CHECK(orders(lost) == "Close 1000");
  lost.link_gone();
  CHECK(orders(lost, false) == "reset");
}

TEST_CASE("forward: after the local end the peer is heard until it is silent") {
  Ends ends = forward();
  ends.stream_ended(start);
  CHECK(orders(ends).empty());
  CHECK(ends.listens_for_silence());
  CHECK(ends.deadline() == start + 60s);
  ends.heard(start + 50s);
  ends.advance(start + 60s);
  CHECK(orders(ends).empty());
  CHECK(ends.deadline() == start + 110s);
  ends.advance(start + 110s);
  CHECK(orders(ends) == "Close 1000");
  CHECK_FALSE(ends.deadline());
  ends.close_received(ws::close_code::normal, start + 110s);
  CHECK(orders(ends) == "close");
}

TEST_CASE("forward: or until it closes") {
  Ends ends = forward();
  ends.stream_ended(start);
  ends.close_received(ws::close_code::normal, start + 1s);
  CHECK(orders(ends) == "Close 1000, close");
}

TEST_CASE("forward: the local end can be a Close at once, or nothing") {
  Ends close = forward(AfterEnd::close);
  close.stream_ended(start);
  CHECK(orders(close) == "Close 1000");

  Ends hold = forward(AfterEnd::hold);
  hold.stream_ended(start);
  CHECK_FALSE(hold.listens_for_silence());
  hold.advance(start + 24h);
  CHECK(orders(hold).empty());

  Ends for_ever(Ends::Options{.relay = false, .after_end = AfterEnd::wait, .silence = base::Duration::max()});
  for_ever.stream_ended(start);
  CHECK_FALSE(for_ever.deadline());

  Ends at_once(Ends::Options{.relay = false, .after_end = AfterEnd::wait, .silence = 0s});
  at_once.stream_ended(start);
  CHECK(at_once.deadline() == start);
  at_once.advance(start);
  CHECK(orders(at_once) == "Close 1000");
}

TEST_CASE("a stream that fails is Close 1011 of a relay and 1001 of a forward") {
  Ends target = relay();
  target.stream_failed();
  CHECK(orders(target, false) == "Close 1011 connection reset, reset");
  target.close_received(ws::close_code::internal_error, start);
  CHECK(orders(target).empty());

  Ends local = forward();
  local.stream_failed();
  CHECK(orders(local, false) == "Close 1001, reset");

  Ends gone_later = forward();  // after its end: nobody reads the answers
  gone_later.stream_ended(start);
  gone_later.stream_failed();
  CHECK(orders(gone_later) == "Close 1001, reset");
  CHECK_FALSE(gone_later.deadline());

  Ends after_close = relay();
  after_close.stream_ended(start);
  CHECK(orders(after_close) == "Close 1000");
  after_close.stream_failed();
  CHECK(orders(after_close) == "reset");
}

TEST_CASE("Close 1000 closes a half of the stream, and the rest goes out as one message before the answer") {
  for (Ends ends : {relay(), forward()}) {
    ends.close_received(ws::close_code::normal, start);
    CHECK(ends.says_the_rest());
    CHECK(ends.reads_stream());
    CHECK(orders(ends, false).empty());
    CHECK(orders(ends) == "half-close");
    CHECK(ends.deadline() == start + 10s);
    CHECK(ends.reads_stream());
    ends.stream_ended(start + 3s);
    CHECK(orders(ends) == "Close 1000, close");
    CHECK_FALSE(ends.deadline());
  }
}

TEST_CASE("the rest of a stream has --close-timeout") {
  Ends ends = relay();
  ends.close_received(ws::close_code::normal, start);
  CHECK(orders(ends) == "half-close");
  ends.advance(start + 10s);
  CHECK(orders(ends) == "Close 1000, close");

  Ends stuck = relay();
  stuck.close_received(ws::close_code::normal, start);
  CHECK(orders(stuck, false).empty());
  stuck.advance(start + 10s);
  CHECK(orders(stuck, false) == "Close 1000, reset");

  Ends for_ever(Ends::Options{.close_timeout = 0s});
  for_ever.close_received(ws::close_code::normal, start);
  CHECK_FALSE(for_ever.deadline());
}

TEST_CASE("the rest of a stream may fail, or be cut by a loss or by our own end") {
  Ends failed = relay();
  failed.close_received(ws::close_code::normal, start);
  CHECK(orders(failed) == "half-close");
  failed.stream_failed();
  CHECK(orders(failed) == "Close 1011 connection reset, reset");

  Ends lost = relay();
  lost.close_received(ws::close_code::normal, start);
  CHECK(orders(lost) == "half-close");
  lost.link_gone();
  CHECK(orders(lost) == "reset");

  Ends shut_down = relay();
  shut_down.close_received(ws::close_code::normal, start);
  CHECK(orders(shut_down) == "half-close");
  shut_down.close_sent(start);
  CHECK(orders(shut_down) == "close");
}

TEST_CASE("Close 1001 or without a code: what came is written, and the stream is closed") {
  for (const ws::CloseCode code : {ws::close_code::going_away, ws::close_code::no_status}) {
    for (Ends ends : {relay(), forward()}) {
      ends.close_received(code, start);
      CHECK(orders(ends, false) == "Close " + std::to_string(code.value));
      CHECK_FALSE(ends.reads_stream());
      CHECK(ends.deadline() == start + 10s);
      ends.link_gone();
      CHECK(orders(ends, false).empty());
      CHECK(orders(ends) == "close");
      CHECK_FALSE(ends.deadline());
    }
  }
}

TEST_CASE("what cannot be written in time is lost by a reset") {
  Ends ends = relay();
  ends.close_received(ws::close_code::going_away, start);
  CHECK(orders(ends, false) == "Close 1001");
  ends.advance(start + 9s);
  CHECK(orders(ends, false).empty());
  ends.advance(start + 10s);
  CHECK(orders(ends, false) == "reset");
}

TEST_CASE("a Close of another code and a loss reset the stream at once") {
  for (Ends ends : {relay(), forward()}) {
    Ends lost = ends;
    ends.close_received(private_use, start);
    CHECK(orders(ends, false) == "Close 4000, reset");
    lost.link_gone();
    CHECK(orders(lost, false) == "reset");
  }
}

TEST_CASE("a server that ends has closed: what came before the answer is written") {
  Ends ends = relay();
  ends.close_sent(start);
  CHECK_FALSE(ends.reads_stream());
  CHECK(orders(ends).empty());
  ends.stream_ended(start);
  CHECK(orders(ends).empty());
  ends.close_received(ws::close_code::going_away, start);
  CHECK(orders(ends, false).empty());
  CHECK(orders(ends) == "close");
}
