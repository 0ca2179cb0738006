#include "ws/state.h"

#include <doctest/doctest.h>

#include <optional>

using namespace wscope::ws;

namespace {

constexpr State states[] = {State::connecting,    State::rejecting,      State::open,
                            State::local_closing, State::remote_closing, State::closed};

}  // namespace

TEST_CASE("every step that can happen leads where RFC 6455 says") {
  constexpr struct {
    State from;
    Step step;
    State to;
  } rows[] = {
      {State::connecting, Step::opened, State::open},
      {State::connecting, Step::refused, State::rejecting},
      {State::connecting, Step::failed, State::closed},
      {State::connecting, Step::stream_ended, State::closed},
      {State::rejecting, Step::refusal_complete, State::closed},
      {State::rejecting, Step::failed, State::closed},
      {State::rejecting, Step::stream_ended, State::closed},
      {State::open, Step::close_sent, State::local_closing},
      {State::open, Step::close_received, State::remote_closing},
      {State::open, Step::failed, State::closed},
      {State::open, Step::stream_ended, State::closed},
      {State::local_closing, Step::close_received, State::closed},
      {State::local_closing, Step::failed, State::closed},
      {State::local_closing, Step::stream_ended, State::closed},
      {State::remote_closing, Step::close_sent, State::closed},
      {State::remote_closing, Step::failed, State::closed},
      {State::remote_closing, Step::stream_ended, State::closed},
      {State::closed, Step::failed, State::closed},
      {State::closed, Step::stream_ended, State::closed},
  };
  for (const auto& row : rows) {
    CAPTURE(name(row.from));
    CAPTURE(static_cast<int>(row.step));
    CHECK(after(row.from, row.step) == row.to);
  }

  std::size_t possible = 0;
  for (const auto& row : detail::transitions) {
    for (const State next : row) possible += next != detail::none ? 1 : 0;
  }
  CHECK(possible == std::size(rows));
}

TEST_CASE("each state allows its own frames") {
  for (const State state : states) {
    CAPTURE(name(state));
    const bool open = state == State::open;
    CHECK(may_send_data(state) == (open || state == State::remote_closing));
    CHECK(may_send_ping(state) == open);
    CHECK(may_send_pong(state) == (open || state == State::local_closing));
    CHECK(may_send_close(state) == (open || state == State::remote_closing));
    CHECK(reads_frames(state) == (open || state == State::local_closing));
  }
}

TEST_CASE("states have names") {
  constexpr std::string_view names[] = {"connecting", "rejecting", "open", "local closing", "remote closing", "closed"};
  for (std::size_t i = 0; i < std::size(states); ++i) CHECK(name(states[i]) == names[i]);
}
