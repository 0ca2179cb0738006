#include "serve/exec_shared_service.h"

#include <doctest/doctest.h>

#include <chrono>

#include "exec_programs.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::Visitor;
using Lines = std::vector<std::string>;
using SharedServer = test::ProgramServerWith<serve::ExecSharedService>;

namespace {

serve::ExecPlan shared() {
  serve::ExecPlan plan;
  plan.mode = serve::ExecMode::shared;
  plan.format = serve::ExecFormat::json;
  return plan;
}

// Says to all what comes, events as they are, in a text.
constexpr const char* teller = R"sh(while read -r line; do
  case $line in
    *'"text"'*) echo "$line" | sed 's/.*"data":"\([^"]*\)".*/{"type":"text","data":"\1"}/';;
    *) echo "$line" | sed 's/"time":"[^"]*",//; s/"url.*//' >&2;;
  esac
done)sh";

}  // namespace

TEST_CASE("one program hears of all and tells all") {
  SharedServer server(teller, shared());
  REQUIRE(server.service.start().ok());
  Visitor one(server.served);
  Visitor other(server.served, "/x");
  one.say("hello");
  CHECK(one.next().text == "hello");
  CHECK(other.next().text == "hello");
  CHECK(one.close(ws::CloseCode{4000}));
  REQUIRE(server.served.turn_until([&] { return server.notes.lines.size() == 3; }));
  CHECK(server.notes.lines ==
        Lines{R"([0] {"event":"open","conn":1,)", R"([0] {"event":"open","conn":2,)",
              R"([0] {"event":"closed","conn":1,"code":4000,"reason":"","clean":true,"initiator":"remote"})"});
  CHECK(server.notes.processes.size() == 1);
}

TEST_CASE("whom it does not name hears nothing") {
  SharedServer server(R"(read -r line; read -r line
    echo '{"type":"text","data":"some","conn":[2,7]}'; echo '{"type":"text","data":"but","except":[2]}'
    echo '{"type":"ping","data":"p","conn":1}'; echo '{"type":"close","code":4001,"conn":2}'; cat >/dev/null)",
                      shared());
  REQUIRE(server.service.start().ok());
  Visitor one(server.served);
  Visitor two(server.served);
  CHECK(one.next().text == "but");
  CHECK(two.next().text == "some");
  CHECK(two.run_to_end());
  CHECK(two.messages.size() == 1);
  CHECK(one.messages.size() == 1);
  REQUIRE(one.controls.size() == 1);
  CHECK(one.controls[0].find("ing p") != std::string::npos);
}

TEST_CASE("its end is the server's, whose clients are told how") {
  for (const auto& [end, close, failure] :
       {std::tuple("exit 0", "1000", ""), std::tuple("exit 3", "1011 exit status 3", "/bin/sh: exit status 3"),
        std::tuple("kill -9 $$", "1011 signal SIGKILL", "/bin/sh: signal SIGKILL")}) {
    SharedServer server(std::string("read -r line; echo '{\"type\":\"text\",\"data\":\"last\"}';") + end, shared());
    REQUIRE(server.service.start().ok());
    Visitor visitor(server.served);
    REQUIRE(visitor.run_to_end());
    CHECK(visitor.next().text == "last");
    REQUIRE(visitor.controls.size() == 1);
    CHECK(visitor.controls[0].find(close) != std::string::npos);
    CHECK(server.served.turn_until([&] { return server.served.server.finished(); }));
    CHECK(server.service.failure().has_value() == (*failure != '\0'));
    if (server.service.failure()) CHECK(server.service.failure()->message == failure);
  }
}

TEST_CASE("a program that cannot be started is an error") {
  SharedServer server("", shared());
  serve::ExecOptions options{.launch = serve::find_launch(server.plan).value()};
  options.launch.path = "/nowhere/program";
  serve::ExecSharedService broken(server.loop, server.plan, options, server.notes);
  const auto started = broken.start();
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().message == "/nowhere/program: no such file or directory");
}

TEST_CASE("lines that say nothing are passed over, and said") {
  SharedServer server(R"(read -r line; echo hello; echo '{"type":"text","data":"good"}'; cat)", shared());
  REQUIRE(server.service.start().ok());
  Visitor visitor(server.served);
  CHECK(visitor.next().text == "good");
  CHECK(server.notes.lines == Lines{"output is not a JSON object: line 1, at offset 0"});
}

TEST_CASE("when we leave it hears that all have gone, and then its input ends") {
  serve::ExecPlan plan = shared();
  plan.patience = 60s;
  SharedServer server(R"sh(sed 's/{"event":"\([a-z]*\)".*/\1/' >&2; echo end >&2)sh", plan);
  REQUIRE(server.service.start().ok());
  Visitor visitor(server.served);
  server.served.server.shut_down();
  server.service.leave();
  CHECK(server.until_no_programs());
  CHECK(visitor.run_to_end());
  REQUIRE(server.served.turn_until([&] { return server.notes.lines.size() == 3; }));
  CHECK(server.notes.lines == Lines{"[0] open", "[0] closed", "[0] end"});
  CHECK_FALSE(server.service.failure().has_value());
}

TEST_CASE("while its input is full nobody is read or let in") {
  SharedServer server("sleep 0.3; sed -u 's/.*/{\"type\":\"ping\"}/'", shared());
  REQUIRE(server.service.start().ok());
  Visitor one(server.served);
  const std::string block(30'000, 'x');
  for (int i = 0; i < 20; ++i) one.say(block);
  link::Client& client = *server.served.server.find(1);
  REQUIRE(server.served.turn_until([&] { return client.paused(link::Link::Wait::for_answers); }));
  Visitor late(server.served);
  CHECK(late.owner.opened);
  CHECK(server.notes.lines == Lines{"clients wait: the program does not read its input"});
  CHECK(server.served.turn_until([&] { return one.controls.size() == 22 && !late.controls.empty(); }));
}
