// The Poller and time that passes while handlers work, and what it does when the system fails it.
#include <chrono>
#include <vector>

#include "support/fake_time.h"
#include "watching.h"

using namespace wscope;
using namespace std::chrono_literals;
using net::Poller;
using test::readable_pipe;
using test::reading;
using test::Recorder;
using test::turn;

TEST_CASE("the time of a handler is that of its call, not that of the turn") {
  test::FakeTime time;
  const base::TimePoint start = time.now();
  const net::Pipe pipe = readable_pipe();
  Poller poller(&time);
  Recorder slow;
  Recorder timer;
  (void)poller.add(pipe.read_end.get(), reading, slow);
  const Poller::Id id = poller.add(-1, {}, timer);
  poller.set_deadline(id, start);
  slow.on_ready = [&] { time.pass(1h); };
  turn(poller);
  CHECK(timer.due_at == start + 1h);
  CHECK(poller.now() == start + 1h);
  timer.on_deadline = [&] {
    time.pass(1h);
    poller.set_deadline(id, poller.now() + 1s);
  };
  poller.set_deadline(id, Poller::at_once);
  for (int i = 0; i < 2; ++i) turn(poller);
  CHECK(timer.due.size() == 2);  // the second is a second away
}

TEST_CASE("what gets due while handlers are busy waits for what has arrived meanwhile") {
  test::FakeTime time;
  const net::Pipe busy_pipe = readable_pipe();
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  Poller poller(&time);
  Recorder busy;
  Recorder peer;
  (void)poller.add(busy_pipe.read_end.get(), reading, busy);
  const Poller::Id id = poller.add(pipe->read_end.get(), reading, peer);
  poller.set_deadline(id, time.now() + 10s);
  busy.on_ready = [&] {
    time.pass(1h);
    REQUIRE(::write(pipe->write_end.get(), "x", 1) == 1);
  };
  peer.on_ready = [&] { poller.set_deadline(id, std::nullopt); };
  for (int i = 0; i < 3; ++i) turn(poller);
  CHECK(peer.ready.size() > 0);
  CHECK(peer.due.empty());
}

TEST_CASE("who is due at once again and again keeps no other deadline from being told") {
  Poller poller;
  Recorder eager;
  Recorder timer;
  const Poller::Id id = poller.add(-1, {}, eager);
  poller.set_deadline(id, Poller::at_once);
  eager.on_deadline = [&] { poller.set_deadline(id, Poller::at_once); };
  poller.set_deadline(poller.add(-1, {}, timer), poller.now() + 1ms);
  const base::TimePoint end = base::Clock::now() + 20s;
  while (timer.due.empty() && base::Clock::now() < end) CHECK(poller.run_once().ok());
  CHECK(timer.due.size() == 1);
}

TEST_CASE("a limit that has come down to fewer descriptors than are waited for ends nothing") {
  for (const std::size_t count : {5U, 200U}) {  // more of them are asked in another way
    CAPTURE(count);
    Poller poller;
    std::vector<net::Pipe> pipes;
    std::vector<Recorder> recorders(count);
    for (Recorder& recorder : recorders) {
      pipes.push_back(std::move(net::make_pipe()).value());
      (void)poller.add(pipes.back().read_end.get(), reading, recorder);
    }
    REQUIRE(::write(pipes[1].write_end.get(), "x", 1) == 1);
    REQUIRE(::write(pipes[4].write_end.get(), "x", 1) == 1);
    turn(poller);
    const std::size_t before = recorders[1].ready.size();
    CHECK(before == 1);
    Recorder timer;
    poller.set_deadline(poller.add(-1, {}, timer), base::Clock::now() + 25ms);
    int turns = 0;
    {
      const test::DescriptorLimit few(3);
      turn(poller);
      CHECK(recorders[1].ready.size() == before + 1);
      CHECK(recorders[4].ready.size() == before + 1);
      for (const int i : {1, 4}) {
        char byte = 0;
        REQUIRE(::read(pipes[static_cast<std::size_t>(i)].read_end.get(), &byte, 1) == 1);
      }
      for (; timer.due.empty(); ++turns) CHECK(poller.run_once().ok());
    }
    CHECK(turns <= 4);  // it is not busy
    for (const Recorder& recorder : recorders) CHECK(recorder.ready.size() <= before + 1);
  }
}

TEST_CASE("a system that lets nobody be waited for is an error") {
  Poller poller;
  Recorder recorder;
  const net::Pipe pipe = readable_pipe();
  (void)poller.add(pipe.read_end.get(), reading, recorder);
  const test::DescriptorLimit none(0);
  const auto turned = poller.run_once();
  REQUIRE_FALSE(turned.ok());
  CHECK(turned.error().message.substr(0, 6) == "poll: ");
}
