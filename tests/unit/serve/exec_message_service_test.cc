#include "serve/exec_message_service.h"

#include <doctest/doctest.h>

#include <chrono>

#include "exec_programs.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::Visitor;
using Lines = std::vector<std::string>;
using MessageServer = test::ProgramServerWith<serve::ExecMessageService>;

TEST_CASE("each message has a process, whose variables are those of the request") {
  MessageServer server("read -r word; echo $word $WSCOPE_CONN $PATH_INFO");
  Visitor one(server.served, "/a%20b");
  Visitor other(server.served);
  CHECK(server.notes.processes.empty());
  one.say("x\n");
  CHECK(one.next().text == "x 1 /a b\n");
  other.say("y\n");
  CHECK(other.next().text == "y 2 /\n");
  one.say("z\n");
  CHECK(one.next().text == "z 1 /a b\n");
  CHECK(server.notes.processes.size() == 3);
  CHECK(one.close());
  CHECK(other.close());
  CHECK_FALSE(server.service.has_programs());
  CHECK(server.notes.lines.empty());
}

TEST_CASE("a path that cannot be decoded is refused") {
  MessageServer server("cat");
  Visitor visitor(server.served, "/%zz");
  CHECK(visitor.answer.status == 400);
}

TEST_CASE("who waits for a place gets it in the order of waiting") {
  serve::ExecPlan plan;
  plan.most = 1;
  MessageServer server("cat; sleep 0.05", plan);
  Visitor one(server.served);
  Visitor two(server.served);
  Visitor three(server.served);
  Visitor gone(server.served);
  one.say("1");
  REQUIRE(server.served.turn_until([&] { return server.notes.processes.size() == 1; }));
  two.say("2");
  test::settle(server.loop.poller);
  gone.say("gone");
  test::settle(server.loop.poller);
  three.say("3");
  test::settle(server.loop.poller);
  CHECK(server.notes.processes.size() == 1);
  gone.peer->reset();
  gone.peer.reset();
  CHECK(one.next().text == "1");
  CHECK(two.messages.empty());
  CHECK(two.next().text == "2");
  CHECK(three.messages.empty());
  CHECK(three.next().text == "3");
  CHECK(server.notes.processes.size() == 3);
}

TEST_CASE("a process that cannot be started gives its place to the next") {
  serve::ExecPlan plan;
  plan.most = 1;
  MessageServer server("cat", plan);
  serve::ExecOptions options{.launch = serve::find_launch(server.plan).value()};
  options.launch.path = "/nowhere/program";
  serve::ExecMessageService broken(server.loop, server.plan, options, server.notes);
  test::Served served(server.loop, {}, broken, &server.notes);
  Visitor visitor(served);
  visitor.say("1");
  visitor.say("2");
  REQUIRE(served.turn_until([&] { return server.notes.lines.size() == 2; }));
  CHECK(server.notes.lines[1] == "/nowhere/program: no such file or directory: a message has no answer");
  CHECK_FALSE(broken.has_programs());
}

TEST_CASE("when we leave all processes end") {
  serve::ExecPlan plan;
  plan.patience = 100ms;
  MessageServer server("trap '' HUP TERM; while :; do sleep 0.01; done", plan);
  Visitor one(server.served);
  one.say("x");
  REQUIRE(server.served.turn_until([&] { return server.service.has_programs(); }));
  server.served.server.shut_down();
  server.service.leave();
  CHECK(one.run_to_end());
  CHECK(server.until_no_programs());
  CHECK(server.notes.lines.empty());
}
