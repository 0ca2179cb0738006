#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <utility>
#include <vector>

#include "descriptors.h"
#include "net/poller.h"
#include "support/fake_time.h"
#include "watching.h"

using namespace wscope;
using namespace std::chrono_literals;
using net::Poller;

using test::readable_pipe;
using test::reading;
using test::Recorder;
using test::turn;
using test::writing;

namespace {

/// So many idle entries that the others are asked alone while they keep the loop busy.
class Crowd {
 public:
  explicit Crowd(Poller& poller) {
    for (int i = 0; i < 300; ++i) {
      ends_.emplace_back(::dup(pipe_->read_end.get()));
      (void)poller.add(ends_.back().get(), reading, idle);
    }
  }

  Recorder idle;

 private:
  base::Result<net::Pipe> pipe_ = net::make_pipe();
  std::vector<net::UniqueFd> ends_;
};

constexpr Poller::Many both_ways[] = {Poller::Many::in_a_set, Poller::Many::asked};
// Until one that is not ready is taken for idle.
constexpr int rounds_until_idle = 64;

}  // namespace

TEST_CASE("among many idle ones, whoever is ready is called once every turn") {
  for (const Poller::Many many : both_ways) {
    Poller poller(nullptr, many);
    Crowd crowd(poller);
    std::vector<net::Pipe> pipes;
    std::vector<Recorder> busy(5);
    for (Recorder& recorder : busy) {
      pipes.push_back(readable_pipe());
      (void)poller.add(pipes.back().read_end.get(), reading, recorder);
    }
    for (std::size_t turns = 1; turns <= 1000; ++turns) {
      CHECK(poller.run_once().ok());
      for (const Recorder& recorder : busy) CHECK(recorder.ready.size() == turns);
    }
    CHECK(crowd.idle.ready.empty());
  }
}

TEST_CASE("while others keep the loop busy, an idle entry that is asked is heard of after a millisecond at most") {
  test::FakeTime time;
  Poller poller(&time, Poller::Many::asked);
  Crowd crowd(poller);
  const net::Pipe busy_pipe = readable_pipe();
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  Recorder busy;
  Recorder late;
  (void)poller.add(busy_pipe.read_end.get(), reading, busy);
  (void)poller.add(pipe->read_end.get(), reading, late);
  for (int i = 0; i < 3; ++i) CHECK(poller.run_once().ok());
  REQUIRE(::write(pipe->write_end.get(), "x", 1) == 1);
  for (int i = 0; i < 3; ++i) CHECK(poller.run_once().ok());
  CHECK(late.ready.empty());
  time.pass(1ms);
  CHECK(poller.run_once().ok());
  CHECK(late.ready.size() == 1);
}

TEST_CASE("before a deadline is told, all that is ready is, also among many") {
  for (const Poller::Many many : both_ways) {
    Poller poller(nullptr, many);
    Crowd crowd(poller);
    const net::Pipe busy_pipe = readable_pipe();
    Recorder busy;
    (void)poller.add(busy_pipe.read_end.get(), reading, busy);
    for (int i = 0; i < 100; ++i) {
      CHECK(poller.run_once().ok());
      const net::Pipe pipe = readable_pipe();
      Recorder both;
      const Poller::Id id = poller.add(pipe.read_end.get(), reading, both);
      poller.set_deadline(id, base::Clock::now());
      both.on_deadline = [&] { CHECK(both.ready.size() == 1); };
      CHECK(poller.run_once().ok());
      CHECK(both.due.size() == 1);
      poller.remove(id);
    }
  }
}

TEST_CASE("among many, too, the loop rests when nobody is ready") {
  for (const Poller::Many many : both_ways) {
    Poller poller(nullptr, many);
    Crowd crowd(poller);
    const net::Pipe pipe = readable_pipe();
    Recorder recorder;
    const Poller::Id id = poller.add(pipe.read_end.get(), reading, recorder);
    for (int i = 0; i < 3; ++i) CHECK(poller.run_once().ok());
    char byte = 0;
    REQUIRE(::read(pipe.read_end.get(), &byte, 1) == 1);
    poller.set_deadline(id, base::Clock::now() + 5ms);
    int turns = 0;
    while (recorder.due.empty()) {
      CHECK(poller.run_once().ok());
      ++turns;
    }
    CHECK(turns == 1);
    CHECK(recorder.ready.size() == 3);
  }
}

TEST_CASE("among many, handlers may remove and add whom they like") {
  for (const Poller::Many many : both_ways) {
    constexpr std::size_t count = 150;
    const net::Pipe pipe = readable_pipe();
    std::mt19937 random(1);
    Poller poller(nullptr, many);
    Crowd crowd(poller);
    std::vector<Recorder> recorders(count);
    std::vector<Poller::Id> ids(count);
    const auto flip = [&](std::size_t i) {
      if (ids[i] == Poller::Id{}) {
        ids[i] = poller.add(pipe.read_end.get(), reading, recorders[i]);
      } else {
        poller.remove(std::exchange(ids[i], {}));
      }
    };
    for (std::size_t i = 0; i < count; ++i) {
      flip(i);
      recorders[i].on_ready = [&, i] {
        CHECK(recorders[i].ready.back() == ids[i]);
        if (random() % 4 == 0) flip(random() % count);
      };
    }
    for (int turns = 0; turns < 500; ++turns) {
      const std::vector<Poller::Id> before = ids;
      for (Recorder& recorder : recorders) recorder.ready.clear();
      const bool all = turns % 2 == 0;
      if (all) turn(poller);
      if (!all) CHECK(poller.run_once().ok());
      for (std::size_t i = 0; i < count; ++i) {
        CHECK(recorders[i].ready.size() <= 1);
        const bool stayed = before[i] == ids[i] && ids[i] != Poller::Id{};
        if (all && stayed) CHECK(recorders[i].ready.size() == 1);
      }
    }
    CHECK(crowd.idle.ready.empty());
  }
}

TEST_CASE("an idle entry is heard of in the turn in which it is ready, and again after it has been idle") {
  Poller poller;
  Crowd crowd(poller);
  const net::Pipe busy_pipe = readable_pipe();
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  Recorder busy;
  Recorder late;
  (void)poller.add(busy_pipe.read_end.get(), reading, busy);
  (void)poller.add(pipe->read_end.get(), reading, late);
  for (std::size_t times = 1; times <= 3; ++times) {
    for (int i = 0; i < rounds_until_idle; ++i) CHECK(poller.run_once().ok());
    REQUIRE(::write(pipe->write_end.get(), "x", 1) == 1);
    CHECK(poller.run_once().ok());
    CHECK(late.ready.size() == times);
    char byte = 0;
    REQUIRE(::read(pipe->read_end.get(), &byte, 1) == 1);
  }
  CHECK(crowd.idle.ready.empty());
}

TEST_CASE("many idle ones that are ready at once are all called in that turn") {
  Poller poller;
  std::vector<net::Pipe> pipes;
  std::vector<Recorder> recorders(200);
  for (Recorder& recorder : recorders) {
    pipes.push_back(std::move(net::make_pipe()).value());
    (void)poller.add(pipes.back().read_end.get(), reading, recorder);
  }
  const net::Pipe busy_pipe = readable_pipe();
  Recorder busy;
  (void)poller.add(busy_pipe.read_end.get(), reading, busy);
  for (int i = 0; i < rounds_until_idle; ++i) CHECK(poller.run_once().ok());
  for (const net::Pipe& pipe : pipes) REQUIRE(::write(pipe.write_end.get(), "x", 1) == 1);
  CHECK(poller.run_once().ok());
  for (const Recorder& recorder : recorders) CHECK(recorder.ready.size() == 1);
}

TEST_CASE("an idle entry may change what it waits for, and be removed, and its descriptor be another's") {
  Poller poller;
  Crowd crowd(poller);
  const net::Pipe busy_pipe = readable_pipe();
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  Recorder busy;
  Recorder writer;
  (void)poller.add(busy_pipe.read_end.get(), reading, busy);
  const Poller::Id id = poller.add(pipe->write_end.get(), {.hung_up = true}, writer);
  const auto become_idle = [&] {
    for (int i = 0; i < rounds_until_idle; ++i) CHECK(poller.run_once().ok());
    writer.ready.clear();
  };
  become_idle();
  SUBCASE("other interest") {
    poller.set_interest(id, writing);
    CHECK(poller.run_once().ok());
    CHECK(writer.ready == std::vector{id});
    CHECK(writer.last.writable);
    poller.set_interest(id, {});
    become_idle();
    CHECK(poller.run_once().ok());
    CHECK(writer.ready.empty());
  }
  SUBCASE("a hang-up") {
    pipe->read_end.reset();
    CHECK(poller.run_once().ok());
    CHECK(writer.ready == std::vector{id});
    CHECK(writer.last.hung_up);
  }
  SUBCASE("another's") {
    poller.remove(id);
    pipe->read_end.reset();
    Recorder other;
    const Poller::Id now = poller.add(pipe->write_end.get(), {.hung_up = true}, other);
    CHECK(poller.run_once().ok());
    CHECK(writer.ready.empty());
    CHECK(other.ready == std::vector{now});
  }
}
