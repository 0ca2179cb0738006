#include "serve/exec_service.h"

#include <doctest/doctest.h>

#include <chrono>

#include "exec_programs.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::ProgramServer;
using test::Visitor;
using Lines = std::vector<std::string>;

TEST_CASE("each client has a process, which ends with it") {
  ProgramServer server("echo $WSCOPE_CONN; exec cat");
  Visitor one(server.served);
  Visitor other(server.served);
  CHECK(one.next().text == "1");
  CHECK(other.next().text == "2");
  one.say("hello");
  CHECK(one.next().text == "hello");
  CHECK(server.notes.processes.size() == 2);
  CHECK(one.close());
  other.say("on");
  CHECK(other.next().text == "on");
  CHECK(other.close());
  CHECK(server.until_no_programs());
  CHECK(server.notes.lines.empty());
}

TEST_CASE("how a process has ended is how the connection is closed") {
  for (const auto& [script, close] : {std::pair("echo a; echo b; exit 0", "close 1000"),
                                      std::pair("echo a; echo b; exit 3", "close 1011 exit status 3"),
                                      std::pair("echo a; echo b; kill -9 $$", "close 1011 signal SIGKILL")}) {
    ProgramServer server(script);
    Visitor visitor(server.served);
    REQUIRE(visitor.run_to_end());
    REQUIRE(visitor.messages.size() == 2);
    CHECK(visitor.messages[1].text == "b");
    REQUIRE(visitor.controls.size() == 1);
    CHECK(visitor.controls[0].find(std::string(close).substr(6)) != std::string::npos);
    CHECK_FALSE(server.service.has_programs());
  }
}

TEST_CASE("there are only so many processes, and none for who is not let in") {
  serve::ExecPlan plan;
  plan.most = 1;
  ProgramServer server("exec cat", plan);
  Visitor one(server.served);
  CHECK(server.served.answer_to(test::upgrade_request).starts_with("HTTP/1.1 503 "));
  CHECK(server.notes.processes.size() == 1);
  CHECK(one.close());
  CHECK(server.until_no_programs());
  Visitor next(server.served);
  next.say("x");
  CHECK(next.next().text == "x");
}

TEST_CASE("a program that cannot be started is a refusal, and said") {
  ProgramServer server("");
  serve::ExecOptions options{.launch = serve::find_launch(server.plan).value()};
  options.launch.path = "/nowhere/program";
  serve::ExecService broken(server.loop, server.plan, options, server.notes);
  test::Served served(server.loop, {}, broken, &server.notes);
  const std::string answer = served.answer_to(test::upgrade_request);
  CHECK(answer.starts_with("HTTP/1.1 500 "));
  CHECK(answer.find("nowhere") == std::string::npos);
  CHECK(server.notes.lines == Lines{"/nowhere/program: no such file or directory"});
}

TEST_CASE("the 101 may wait for what a program says") {
  serve::ExecPlan plan;
  plan.early = 60s;
  SUBCASE("something") {
    ProgramServer server("echo first; exec cat", plan);
    Visitor visitor(server.served);
    CHECK(visitor.next().text == "first");
    visitor.say("second");
    CHECK(visitor.next().text == "second");
  }
  SUBCASE("nothing, and it ends") {
    ProgramServer server("exit 3", plan);
    CHECK(server.served.answer_to("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1."));
    Visitor visitor(server.served);
    CHECK(visitor.answer.status == 502);
    CHECK(server.notes.lines == Lines{"the program has ended before it said anything: exit status 3"});
  }
  SUBCASE("nothing in time") {
    plan.early = 10ms;
    ProgramServer server("exec cat", plan);
    Visitor visitor(server.served);
    CHECK(visitor.answer.status == 101);
  }
}

TEST_CASE("when we leave all programs end") {
  serve::ExecPlan plan;
  plan.patience = 200ms;
  ProgramServer server("trap '' HUP TERM; echo ready; while :; do sleep 0.01; done", plan);
  Visitor one(server.served);
  Visitor other(server.served);
  CHECK(one.next().text == "ready");
  CHECK(other.next().text == "ready");
  server.served.server.shut_down();
  server.service.leave();
  CHECK(one.run_to_end());
  CHECK(server.until_no_programs());
}

TEST_CASE("programs are killed at once") {
  serve::ExecPlan plan;
  plan.patience = std::nullopt;
  ProgramServer server("trap '' HUP TERM; echo ready; while :; do sleep 0.01; done", plan);
  Visitor one(server.served);
  CHECK(one.next().text == "ready");
  server.service.kill();
  CHECK(server.until_no_programs());
  CHECK(one.run_to_end());
}
