#include "ping/text.h"

#include <doctest/doctest.h>

#include <chrono>

#include "support/fake_time.h"
#include "unit/ping/pinging.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;
using view::no_colors;
using Kind = ping::Pings::Answer::Kind;

namespace {

// Three pings, of which some are answered after 71, 81 and 83 microseconds.
struct Run {
  explicit Run(std::size_t answered, bool opens = false) : plan{.opens = opens}, pinger(plan, random) {
    FakeTime time;
    pinger.begin(time.now());
    for (std::size_t i = 0; i < 3; ++i) {
      const auto ping = *pinger.next(time.now(), {});
      constexpr base::Duration round_trips[] = {81us, 71us, 83us};
      time.pass(round_trips[i]);
      if (i < answered) static_cast<void>(pinger.receive(base::as_bytes(ping->payload), time.now()));
      time.pass(1s - round_trips[i]);
    }
    time.pass(10s);
    while (pinger.next_lost(time.now())) {
    }
  }

  std::string summary(const view::Style& style = no_colors) { return ping::summary(plan, pinger, totals, style); }

  CountingRandom random;
  ping::PingPlan plan;
  ping::Pinger pinger;
  ping::Totals totals{.url = "ws://a/"};
};

}  // namespace

TEST_CASE("a run begins with where it goes, and how long the way was") {
  ping::PingPlan plan;
  CHECK(ping::heading(plan, "ws://a/", "127.0.0.1:80") == "PING ws://a/ (127.0.0.1:80), 8 bytes\n");
  plan.size = 1;
  plan.as = ping::PingPlan::As::text;
  CHECK(ping::heading(plan, "ws://a/\x1b", "") == "PING ws://a/\\x1b, 1 byte as text\n");
  plan.text = *talk::Template::parse("a");
  plan.opens = true;
  CHECK(ping::heading(plan, "ws://a/", "") == "PING ws://a/, a text, each on a new connection\n");
  CHECK(ping::way_line({.tcp = 100us, .upgrade = 400us}) == "dns 0.0  tcp 0.1  upgrade 0.4  total 0.5 ms\n");
  CHECK(ping::way_line({.dns = 1ms, .tcp = 2ms, .proxy = 3ms, .tls = 4ms, .upgrade = 5ms}) ==
        "dns 1.0  tcp 2.0  proxy 3.0  tls 4.0  upgrade 5.0  total 15.0 ms\n");
}

TEST_CASE("each answer has a line") {
  CHECK(ping::answer_line({Kind::in_time, 1, 81us}, no_colors) == "pong seq=1 time=0.081 ms\n");
  CHECK(ping::answer_line({Kind::late, 2, 12s}, no_colors) == "pong seq=2 time=12000.000 ms (late)\n");
  CHECK(ping::answer_line({Kind::duplicate, 3, {}}, no_colors) == "pong seq=3 (dup)\n");
  CHECK(ping::lost_line(4, ping::no_answer_in(2500ms), no_colors) == "lost seq=4: no answer in 2.5 s\n");
  CHECK(ping::lost_line(4, "\x1b[2J", no_colors) == "lost seq=4: \\x1b[2J\n");
}

TEST_CASE("connections stand in columns") {
  CHECK(ping::columns(no_colors) == "   seq       dns       tcp       tls   upgrade      pong ms\n");
  CHECK(ping::row({Kind::in_time, 1, 81us}, {.tcp = 1ms, .proxy = 1ms, .upgrade = 3ms}) ==
        "     1         -     2.000         -     3.000     0.081\n");
  CHECK(ping::failed_row(2, "refused", no_colors) == "     2  lost: refused\n");
}

TEST_CASE("the summary has what there was") {
  CHECK(Run(3).summary() ==
        "--- ws://a/ ---\n3 pings, 3 pongs, 0 % lost, 2000 ms\n"
        "rtt min/avg/max/mdev 0.071/0.078/0.083/0.005 ms   p50 0.081  p90 0.083  p99 0.083\n");
  CHECK(Run(2).summary().find("3 pings, 2 pongs, 33.3 % lost, ") != std::string::npos);
  CHECK(Run(0).summary() == "--- ws://a/ ---\n3 pings, 0 pongs, 100 % lost, 13000 ms\n");
}

TEST_CASE("what is unusual has lines of its own") {
  Run run(3);
  run.pinger.receive_stray();
  run.totals.pings_in = 1;
  run.totals.messages_in = 2;
  CHECK(run.summary().find("\n1 that answer none\nof the server: 1 ping answered, 2 messages dropped\n") !=
        std::string::npos);
}

TEST_CASE("connections are summed up part by part") {
  Run run(3, true);
  run.totals.ways.add({.tcp = 1ms, .upgrade = 2ms});
  CHECK(run.summary().find("\ntcp min/avg/max/mdev 1.000/1.000/1.000/0.000 ms   p50 1.000  p90 1.000  p99 1.000\n"
                           "upgrade min/avg/max/mdev 2.000/") != std::string::npos);
  CHECK(run.summary().find("tls") == std::string::npos);
}

TEST_CASE("losses are red, and no loss is green") {
  CHECK(Run(3).summary(view::Style(true)).find("\x1b[32m0 % lost\x1b[0m") != std::string::npos);
  CHECK(Run(2).summary(view::Style(true)).find("\x1b[31m33.3 % lost\x1b[0m") != std::string::npos);
}

TEST_CASE("how it stands is a line, and its figures are those of the event") {
  Run run(2);
  CHECK(ping::so_far(run.pinger) == "3 pings, 2 pongs, 33.3 % lost, min/avg/max 0.071/0.076/0.081 ms\n");
  const view::SummaryView view = ping::summary_view(run.pinger, run.totals);
  CHECK(view.pings == 3);
  CHECK(view.lost == 1);
  REQUIRE(view.round_trips);
  CHECK(view.round_trips->percentiles[0] == 71us);
  CHECK_FALSE(ping::summary_view(Run(0).pinger, run.totals).round_trips);
}
