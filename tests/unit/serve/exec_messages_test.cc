#include "serve/exec_messages.h"

#include <doctest/doctest.h>

#include <chrono>

#include "exec_programs.h"
#include "serve/exec_message_service.h"

using namespace wscope;
using namespace std::chrono_literals;
using test::Visitor;
using Lines = std::vector<std::string>;
using MessageServer = test::ProgramServerWith<serve::ExecMessageService>;

TEST_CASE("an answer has the type of its message, or that of all") {
  MessageServer server("cat");
  Visitor visitor(server.served);
  CHECK(visitor.connection().send_binary(base::as_bytes(std::string_view("\xff"))) == ws::Status::ok);
  CHECK(visitor.next().type == ws::Opcode::binary);
  visitor.say("");
  CHECK(visitor.next().type == ws::Opcode::text);
  CHECK(visitor.messages.back().text.empty());
}

TEST_CASE("all answers may be binary") {
  serve::ExecPlan plan;
  plan.type = streams::MessageType::binary;
  MessageServer server("cat", plan);
  Visitor visitor(server.served);
  visitor.say("x");
  CHECK(visitor.next().type == ws::Opcode::binary);
}

TEST_CASE("messages that come at once are answered one after the other") {
  MessageServer server("read -r n; sleep 0.0$n; echo $n");
  Visitor visitor(server.served);
  for (const char* const n : {"5\n", "1\n", "3\n"}) visitor.say(n);
  for (const char* const n : {"5\n", "1\n", "3\n"}) CHECK(visitor.next().text == n);
}

TEST_CASE("a message in fragments is one") {
  MessageServer server("cat");
  Visitor visitor(server.served);
  CHECK(visitor.connection().send_text("a", false) == ws::Status::ok);
  visitor.peer->flush();
  REQUIRE(server.served.turn_until([&] { return !visitor.served.server.clients().empty(); }));
  CHECK(visitor.connection().send_continuation(base::as_bytes(std::string_view("b")), true) == ws::Status::ok);
  CHECK(visitor.next().text == "ab");
}

TEST_CASE("what comes of a message behind the end of its process is dropped") {
  MessageServer hasty("echo $$");
  Visitor other(hasty.served);
  const std::string block(200'000, 'x');
  CHECK(other.connection().send_text(block, false) == ws::Status::ok);
  const std::string first = other.next().text;
  CHECK(other.connection().send_continuation(base::as_bytes(block), true) == ws::Status::ok);
  other.say("next");
  CHECK(other.next().text != first);
  CHECK(hasty.notes.processes.size() == 2);
}

TEST_CASE("a process that fails gives no answer, and a line") {
  MessageServer server("read -r n; echo half; exit $n");
  Visitor visitor(server.served);
  visitor.say("4\n");
  visitor.say("0\n");
  CHECK(visitor.next().text == "half\n");
  CHECK(visitor.messages.size() == 1);
  CHECK(server.notes.lines == Lines{"a message has no answer: exit status 4"});
}

TEST_CASE("answers that are no text close the connection") {
  MessageServer server(R"(printf 'a\303')");
  Visitor visitor(server.served);
  visitor.say("x");
  REQUIRE(visitor.run_to_end());
  REQUIRE(visitor.controls.size() == 1);
  CHECK(visitor.controls[0].find("1011 output is not UTF-8") != std::string::npos);
  CHECK(server.notes.lines == Lines{"output is not UTF-8: byte c3 at offset 1, where it ends"});
}

TEST_CASE("who leaves ends the process, and what waits never begins") {
  serve::ExecPlan plan;
  plan.patience = 200ms;
  MessageServer server("exec sleep 100", plan);
  Visitor visitor(server.served);
  visitor.say("1");
  REQUIRE(server.served.turn_until([&] { return server.notes.processes.size() == 1; }));
  CHECK(visitor.close());
  CHECK(server.until_no_programs());
  CHECK(server.notes.processes.size() == 1);
  CHECK(server.notes.lines.empty());
}

TEST_CASE("lines of stderr wait for room") {
  MessageServer server("sleep 0.1; echo one >&2; echo two >&2; cat");
  Visitor visitor(server.served);
  visitor.say("x");
  REQUIRE(server.served.turn_until([&] { return server.notes.processes.size() == 1; }));
  server.notes.room = false;
  REQUIRE(server.served.turn_until([&] { return !server.notes.lines.empty(); }));
  CHECK(visitor.messages.empty());  // there may be more lines
  server.notes.room = true;
  CHECK(visitor.next().text == "x");
  visitor.say("y");
  CHECK(visitor.next().text == "y");
  CHECK(server.notes.lines == Lines{"[1] one", "[1] two", "[1] one", "[1] two"});
}
