#include "net/poller.h"

#include <chrono>
#include <csignal>
#include <vector>

#include "descriptors.h"
#include "net/signals.h"
#include "watching.h"

using namespace wscope;
using namespace std::chrono_literals;
using net::Poller;

using test::readable_pipe;
using test::reading;
using test::Recorder;
using test::turn;
using test::writing;

TEST_CASE("an entry hears of what it waits for, as long as it is so") {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  Poller poller;
  Recorder reader;
  Recorder writer;
  const Poller::Id read_id = poller.add(pipe->read_end.get(), reading, reader);
  const Poller::Id write_id = poller.add(pipe->write_end.get(), writing, writer);
  CHECK(read_id != write_id);

  CHECK(poller.run_once().ok());
  CHECK(reader.ready.empty());
  CHECK(writer.ready == std::vector{write_id});
  CHECK(writer.last.writable);
  CHECK_FALSE(writer.last.readable);
  CHECK_FALSE(writer.last.hung_up);

  REQUIRE(::write(pipe->write_end.get(), "x", 1) == 1);
  poller.set_interest(write_id, {});
  CHECK(poller.run_once().ok());
  CHECK(poller.run_once().ok());
  CHECK(reader.ready.size() == 2);
  CHECK(reader.last.readable);
  CHECK(writer.ready.size() == 1);
}

TEST_CASE("interest can change at any time") {
  auto [near, far] = test::blocking_socket_pair();
  REQUIRE(::write(far.get(), "x", 1) == 1);
  Poller poller;
  Recorder recorder;
  const Poller::Id id = poller.add(near.get(), {}, recorder);
  turn(poller);
  CHECK(recorder.ready.empty());
  poller.set_interest(id, {.readable = true, .writable = true});
  turn(poller);
  CHECK(recorder.last.readable);
  CHECK(recorder.last.writable);
  poller.set_interest(id, writing);
  turn(poller);
  CHECK_FALSE(recorder.last.readable);
  CHECK(recorder.last.writable);
}

TEST_CASE("a hang-up reaches whoever reads or writes, as something to read or write") {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  Poller poller;
  Recorder reader;
  poller.remove(poller.add(pipe->write_end.get(), writing, reader));
  (void)poller.add(pipe->read_end.get(), reading, reader);
  pipe->write_end.reset();
  CHECK(poller.run_once().ok());
  CHECK(reader.last.readable);
  CHECK_FALSE(reader.last.writable);
  CHECK(reader.last.hung_up);

  auto other = net::make_pipe();
  REQUIRE(other.ok());
  Recorder writer;
  (void)poller.add(other->write_end.get(), writing, writer);
  other->read_end.reset();
  CHECK(poller.run_once().ok());
  CHECK(writer.last.writable);
  CHECK(writer.last.hung_up);
}

TEST_CASE("who waits only for a hang-up hears of nothing else") {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  Poller poller;
  Recorder writer;
  const Poller::Id id = poller.add(pipe->write_end.get(), {.hung_up = true}, writer);
  turn(poller);
  CHECK_FALSE(writer.last.hung_up);
  pipe->read_end.reset();
  turn(poller);
  CHECK(writer.last.hung_up);
  CHECK_FALSE(writer.last.writable);
  writer.last = {};
  poller.set_interest(id, {});
  turn(poller);
  CHECK_FALSE(writer.last.hung_up);
}

TEST_CASE("a half-closed connection is readable and still takes bytes") {
  const net::UniqueFd listener = test::listen_anywhere();
  const test::Connection connection = test::connect_to(listener.get());
  net::half_close(connection.client.get());
  Poller poller;
  Recorder server;
  (void)poller.add(connection.server.get(), reading, server);
  CHECK(poller.run_once().ok());
  CHECK(server.last.readable);
  CHECK_FALSE(server.last.hung_up);
}

TEST_CASE("an entry that waits for nothing does not hear of its peer's hang-up, nor spin") {
  auto [near, far] = test::blocking_socket_pair();
  far.reset();
  Poller poller;
  Recorder recorder;
  const Poller::Id id = poller.add(near.get(), {}, recorder);
  poller.set_deadline(id, base::Clock::now() + 2ms);
  int turns = 0;
  while (recorder.due.empty()) {
    CHECK(poller.run_once().ok());
    ++turns;
  }
  CHECK(recorder.ready.empty());
  CHECK(turns == 1);
}

TEST_CASE("a handler may remove its own entry") {
  const net::Pipe pipe = readable_pipe();
  Poller poller;
  Recorder recorder;
  const Poller::Id id = poller.add(pipe.read_end.get(), reading, recorder);
  recorder.on_ready = [&] { poller.remove(id); };
  turn(poller);
  turn(poller);
  CHECK(recorder.ready.size() == 1);
}

TEST_CASE("whoever is removed by the first handler of a turn is not called any more") {
  Poller poller;
  Recorder recorder;
  std::vector<net::Pipe> pipes;
  std::vector<Poller::Id> ids;
  for (int i = 0; i < 7; ++i) {
    pipes.push_back(readable_pipe());
    ids.push_back(poller.add(pipes.back().read_end.get(), reading, recorder));
  }
  recorder.on_ready = [&] {
    for (const Poller::Id id : ids) poller.remove(id);
  };
  turn(poller);
  turn(poller);
  CHECK(recorder.ready.size() == 1);
}

TEST_CASE("every ready entry is called once a turn, whatever the handlers remove and add") {
  constexpr std::size_t count = 12;
  for (std::size_t victim = 0; victim < count; ++victim) {
    for (std::size_t actor = 0; actor < count; ++actor) {
      Poller poller;
      std::vector<net::Pipe> pipes;
      std::vector<Recorder> recorders(count);
      Recorder newcomer;
      std::vector<Poller::Id> ids;
      for (std::size_t i = 0; i < count; ++i) {
        pipes.push_back(readable_pipe());
        ids.push_back(poller.add(pipes[i].read_end.get(), reading, recorders[i]));
      }
      bool victim_was_first = false;
      recorders[actor].on_ready = [&] {
        victim_was_first = !recorders[victim].ready.empty();
        poller.remove(ids[victim]);
        (void)poller.add(pipes[victim].read_end.get(), reading, newcomer);
      };
      turn(poller);
      CAPTURE(victim);
      CAPTURE(actor);
      for (std::size_t i = 0; i < count; ++i) {
        CHECK(recorders[i].ready.size() == (i == victim && !victim_was_first ? 0 : 1));
      }
      CHECK(newcomer.ready.empty());
      turn(poller);
      CHECK(newcomer.ready.size() == 1);
    }
  }
}

TEST_CASE("interest that a handler takes away counts at once") {
  const net::Pipe first = readable_pipe();
  const net::Pipe second = readable_pipe();
  auto [near, far] = test::blocking_socket_pair();
  REQUIRE(::write(far.get(), "x", 1) == 1);
  Poller poller;
  Recorder recorder;
  std::vector<Poller::Id> ids{poller.add(first.read_end.get(), reading, recorder),
                              poller.add(second.read_end.get(), reading, recorder)};
  recorder.on_ready = [&] {
    for (const Poller::Id id : ids) poller.set_interest(id, {});
  };
  turn(poller);
  CHECK(recorder.ready.size() == 1);

  // Only the readiness that is still of interest is told.
  Recorder both;
  const Poller::Id socket = poller.add(near.get(), reading, both);
  poller.set_interest(ids[0], reading);
  poller.set_interest(ids[1], reading);
  recorder.ready.clear();
  recorder.on_ready = [&] { poller.set_interest(socket, writing); };
  turn(poller);
  turn(poller);
  CHECK(both.ready.size() >= 1);
  CHECK(both.last.writable);
  CHECK_FALSE(both.last.readable);
}

TEST_CASE("the name of a removed entry means nobody, even when its place is taken again") {
  const net::Pipe pipe = readable_pipe();
  Poller poller;
  Recorder old;
  Recorder young;
  const Poller::Id stale = poller.add(pipe.read_end.get(), reading, old);
  poller.remove(stale);
  const Poller::Id id = poller.add(pipe.read_end.get(), reading, young);
  CHECK(stale != id);
  poller.set_interest(stale, {});
  poller.set_deadline(stale, base::TimePoint::min());
  poller.remove(stale);
  poller.remove({});
  turn(poller);
  CHECK(young.ready == std::vector{id});
  CHECK(young.due.empty());
  CHECK(old.ready.empty());
}

TEST_CASE("deadlines are told in order, once, and not before their time") {
  Poller poller;
  Recorder recorder;
  const base::TimePoint start = poller.now();
  const Poller::Id late = poller.add(-1, {}, recorder);
  const Poller::Id soon = poller.add(-1, {}, recorder);
  const Poller::Id never = poller.add(-1, {}, recorder);
  poller.set_deadline(late, start + 3ms);
  poller.set_deadline(soon, start + 1500us);
  poller.set_deadline(never, start + 1ms);
  poller.set_deadline(never, std::nullopt);
  int turns = 0;
  while (recorder.due.size() < 2) {
    CHECK(poller.run_once().ok());
    ++turns;
  }
  CHECK(recorder.due == std::vector{soon, late});
  CHECK(recorder.due_at >= start + 3ms);
  CHECK(turns <= 2);
}

TEST_CASE("a deadline far away does not overflow the timeout") {
  const net::Pipe pipe = readable_pipe();
  Poller poller;
  Recorder recorder;
  poller.set_deadline(poller.add(pipe.read_end.get(), reading, recorder), base::TimePoint::max());
  CHECK(poller.run_once().ok());
  CHECK(recorder.ready.size() == 1);
  CHECK(recorder.due.empty());
}

TEST_CASE("a deadline that is always due again does not keep the loop from the descriptors") {
  const net::Pipe pipe = readable_pipe();
  Poller poller;
  Recorder timer;
  Recorder reader;
  const Poller::Id id = poller.add(-1, {}, timer);
  (void)poller.add(pipe.read_end.get(), reading, reader);
  poller.set_deadline(id, base::TimePoint::min());
  timer.on_deadline = [&] { poller.set_deadline(id, base::TimePoint::min()); };
  for (int i = 0; i < 3; ++i) CHECK(poller.run_once().ok());
  CHECK(timer.due.size() == 3);
  CHECK(reader.ready.size() == 3);
}

TEST_CASE("a handler may take back a deadline that is due in the same turn") {
  Poller poller;
  Recorder first;
  Recorder second;
  const Poller::Id one = poller.add(-1, {}, first);
  const Poller::Id two = poller.add(-1, {}, second);
  poller.set_deadline(one, base::TimePoint::min());
  poller.set_deadline(two, base::TimePoint::min() + 1ms);
  first.on_deadline = [&] { poller.remove(two); };
  CHECK(poller.run_once().ok());
  CHECK(first.due.size() == 1);
  CHECK(second.due.empty());
}

TEST_CASE("a signal is a turn like any other") {
  auto signals = net::Signals::install({SIGUSR1});
  REQUIRE(signals.ok());
  Poller poller;
  Recorder recorder;
  (void)poller.add(signals->fd(), reading, recorder);
  REQUIRE(::raise(SIGUSR1) == 0);
  CHECK(poller.run_once().ok());
  CHECK(recorder.ready.size() == 1);
}

TEST_CASE("a descriptor is known to take bytes until it is full") {
  auto pipe = net::make_pipe();
  REQUIRE(pipe.ok());
  CHECK(net::writable_now(pipe->write_end.get()));
  const std::vector<std::byte> much(1 << 20);
  while (net::write_some(pipe->write_end.get(), much).kind == net::IoResult::Kind::done) {
  }
  CHECK_FALSE(net::writable_now(pipe->write_end.get()));
}
