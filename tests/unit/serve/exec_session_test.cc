#include "serve/exec_session.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "exec_programs.h"

using namespace wscope;
using namespace std::chrono_literals;
using serve::ExecFormat;
using test::ProgramServer;
using test::Visitor;
using Lines = std::vector<std::string>;

namespace {

serve::ExecPlan plan_of(ExecFormat format) {
  serve::ExecPlan plan;
  plan.format = format;
  return plan;
}

}  // namespace

TEST_CASE("a program that has closed its output hears on until it ends") {
  ProgramServer server("exec 3>&2 >&-; read a; echo $a >&3; exit 0");
  Visitor visitor(server.served);
  visitor.say("still heard");
  REQUIRE(visitor.run_to_end());
  CHECK(server.notes.lines == Lines{"[1] still heard"});
}

TEST_CASE("a program that has closed its input is heard on") {
  ProgramServer server("exec <&-; echo closed; sleep 0.1; echo bye");
  Visitor visitor(server.served);
  CHECK(visitor.next().text == "closed");
  visitor.say("dropped");
  CHECK(visitor.next().text == "bye");
  CHECK(visitor.run_to_end());
}

TEST_CASE("what a program writes that is no text closes with 1011") {
  ProgramServer server("printf 'a\\377b\\n'; exec cat");
  Visitor visitor(server.served);
  REQUIRE(visitor.run_to_end());
  REQUIRE(visitor.controls.size() == 1);
  CHECK(visitor.controls[0].find("1011") != std::string::npos);
  CHECK(visitor.controls[0].find("output is not UTF-8") != std::string::npos);
  CHECK(server.notes.lines.size() == 1);
  CHECK(server.until_no_programs());
}

TEST_CASE("what has come of a client that leaves is given to the program first") {
  serve::ExecPlan plan = plan_of(ExecFormat::raw);
  ProgramServer server("sleep 0.2; wc -c >&2", plan);
  Visitor visitor(server.served);
  visitor.say(std::string(100'000, 'x'));
  CHECK(visitor.close());
  CHECK(server.until_no_programs());
  CHECK(server.served.turn_until([&] { return !server.notes.lines.empty(); }));
  CHECK(server.notes.lines == Lines{"[1] 100000"});
}

TEST_CASE("a client that does not read stops the program, and gets all of it") {
  constexpr std::size_t size = std::size_t{16} << 20;
  ProgramServer server("head -c 16777216 /dev/zero; echo done >&2", plan_of(ExecFormat::whole));
  Visitor visitor(server.served);
  visitor.peer->pause(true);
  const auto end = server.loop.poller.now() + 300ms;
  const auto tick = server.loop.poller.add(-1, {}, server.wakes);
  server.served.turn_until([&] {
    server.loop.poller.set_deadline(tick, server.loop.poller.now() + 10ms);
    return server.loop.poller.now() > end;
  });
  server.loop.poller.remove(tick);
  CHECK(server.notes.lines.empty());  // it has not come to its end
  const auto& [number, client] = *server.served.server.clients().begin();
  CHECK(client->connection().output().size() < serve::ExecSession::most_waiting + (1U << 18));
  visitor.peer->pause(false);
  REQUIRE(visitor.run_to_end());
  std::size_t got = 0;
  for (const auto& message : visitor.messages) got += message.text.size();
  CHECK(got == size);
}

TEST_CASE("a message that ends within is said to be several, once") {
  ProgramServer server("exec cat");
  Visitor visitor(server.served);
  visitor.say("a\nb");
  visitor.say("c\nd");
  for (const char* line : {"a", "b", "c", "d"}) CHECK(visitor.next().text == line);
  CHECK(server.notes.lines.size() == 1);
}

TEST_CASE("stderr that nobody reads is not read") {
  ProgramServer server("yes >&2");
  server.notes.room = false;
  Visitor visitor(server.served);
  CHECK(server.served.turn_until([&] { return !server.notes.lines.empty(); }));
  const std::size_t before = server.notes.lines.size();
  visitor.say("x");
  CHECK(server.served.turn_until([&] { return true; }));
  CHECK(server.notes.lines.size() == before);
  server.notes.room = true;
  CHECK(server.served.turn_until([&] { return server.notes.lines.size() > before; }));
}
