#include "ping/pinger.h"

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

#include "support/fake_time.h"
#include "unit/ping/pinging.h"

using namespace std::chrono_literals;
using namespace wscope;
using namespace wscope::test;
using Kind = ping::Pings::Answer::Kind;

namespace {

struct Run {
  explicit Run(ping::PingPlan asked) : plan(std::move(asked)), pinger(plan, random) { pinger.begin(time.now()); }

  /// Sends all that is due, and returns how many that were.
  std::size_t send() {
    std::size_t count = 0;
    while (pinger.next_lost(time.now())) {
    }
    for (; const auto ping = *pinger.next(time.now(), {}); ++count) sent.push_back(ping->payload);
    return count;
  }
  Kind receive(const std::string& payload) { return pinger.receive(base::as_bytes(payload), time.now()).kind; }

  CountingRandom random;
  FakeTime time;
  ping::PingPlan plan;
  ping::Pinger pinger;
  std::vector<std::string> sent;
};

}  // namespace

TEST_CASE("pings are sent in time, also while others are open") {
  Run run({.count = 3});
  CHECK(run.send() == 1);
  CHECK(run.pinger.deadline(true) == run.time.now() + 1s);
  CHECK(run.pinger.deadline(false) == run.time.now() + 10s);
  run.time.pass(1s);
  CHECK(run.send() == 1);
  run.time.pass(1s);
  CHECK(run.send() == 1);
  run.time.pass(1s);
  CHECK(run.send() == 0);
  CHECK_FALSE(run.pinger.over());
  for (const std::string& payload : run.sent) CHECK(run.receive(payload) == Kind::in_time);
  CHECK(run.pinger.over());
  CHECK(run.pinger.elapsed() == 3s);
  CHECK(run.pinger.round_trips().least() == 1s);
  CHECK(run.pinger.round_trips().greatest() == 3s);
}

TEST_CASE("without an interval the next one is due once one is answered or lost") {
  Run run({.count = 3, .interval = 0s});
  CHECK(run.send() == 1);
  CHECK(run.send() == 0);
  CHECK(run.receive("not one of ours") == Kind::unknown);
  CHECK(run.send() == 0);
  CHECK(run.receive(run.sent.back()) == Kind::in_time);
  CHECK(run.send() == 1);
  CHECK(run.pinger.deadline(true) == run.time.now() + 10s);
  run.time.pass(10s);
  CHECK(run.send() == 1);
  CHECK(run.pinger.pings().lost() == 1);
  CHECK(run.receive(run.sent[1]) == Kind::late);
  CHECK(run.pinger.round_trips().count() == 1);
}

TEST_CASE("one that had to be connected for is measured from when it went out") {
  Run run({.opens = true});
  CHECK(run.send() == 1);
  run.time.pass(1s);
  const base::TimePoint sent_at = run.time.now();
  run.time.pass(3ms);
  CHECK(run.pinger.receive(base::as_bytes(run.sent[0]), run.time.now(), sent_at).round_trip == 3ms);
}

TEST_CASE("a stopped run waits for nothing but what is open") {
  Run run({});
  CHECK(run.send() == 1);
  run.pinger.stop();
  run.time.pass(1s);
  CHECK(run.send() == 0);
  CHECK_FALSE(run.pinger.over());
  CHECK(run.pinger.next_abandoned(run.time.now()) == 1U);
  CHECK(run.pinger.over());
}

TEST_CASE("what fails is lost once") {
  Run run({.opens = true});
  CHECK(run.send() == 1);
  CHECK(run.pinger.lose(1, run.time.now()));
  CHECK_FALSE(run.pinger.lose(1, run.time.now()));
  CHECK(run.pinger.pings().lost() == 1);
}

TEST_CASE("an hour of silence before it begins means nothing") {
  CountingRandom random;
  FakeTime time;
  const ping::PingPlan plan{.count = 1};
  ping::Pinger pinger(plan, random);
  time.pass(1h);
  CHECK_FALSE(pinger.over());
  pinger.begin(time.now());
  CHECK((*pinger.next(time.now(), {})).has_value());
  CHECK_FALSE((*pinger.next(time.now(), {})).has_value());
}
