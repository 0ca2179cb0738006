#include "serve/exec_request.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "exec_programs.h"
#include "serve/exec_message_service.h"

using namespace wscope;
using test::Visitor;

TEST_CASE("a program knows of the request what the server does") {
  test::ProgramServer server("");
  serve::ExecPlan plan = test::ProgramServer::with_script({}, "cat; env");
  serve::ExecOptions options{.launch = serve::find_launch(plan).value()};
  options.secure = true;
  options.subprotocols = {"chat", "other"};
  serve::ExecMessageService service(server.loop, plan, options, server.notes);
  link::Server::Options accepting;
  accepting.admission.subprotocols = options.subprotocols;
  test::Served served(server.loop, accepting, service, &server.notes);
  served.each_turn = [&] {
    while (server.signals.take()) service.look_at_programs();
  };
  server.loop.poller.set_deadline(server.loop.poller.add(server.signals.fd(), {.readable = true}, server.wakes),
                                  std::nullopt);
  ws::ConnectOptions asking;
  asking.subprotocols = {"new", "other", "chat"};
  Visitor visitor(served, "/a?b", asking);
  visitor.say("\n");
  const std::string text = visitor.next().text;
  const std::vector<std::string> lines{"WSCOPE_CONN=1", "WSCOPE_SUBPROTOCOL=chat", "HTTPS=on", "QUERY_STRING=b",
                                       "REMOTE_ADDR=" + served.url.host};
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK(text.find("\n" + line + "\n") != std::string::npos);
  }
  CHECK(text.find("\nSERVER_PORT=" + std::to_string(served.url.port) + "\n") != std::string::npos);
  const std::size_t unique = text.find("\nUNIQUE_ID=");
  REQUIRE(unique != std::string::npos);
  CHECK(text.find('\n', unique + 1) == unique + 11 + 32);
}
