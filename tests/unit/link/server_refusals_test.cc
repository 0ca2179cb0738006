// Whom a server does not let in, for those who want to know of each.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "link/server.h"
#include "notes.h"
#include "serving.h"

using namespace wscope;
using test::Served;
using test::Visitor;
using Lines = std::vector<std::string>;

TEST_CASE("each refusal is told to those who want to know of each") {
  link::Loop loop;
  test::Notes notes;
  test::NotedReports reports;
  reports.wants.refusals = true;
  link::Admission admission;
  admission.path = "/chat";
  admission.max_clients = 1;
  link::Server::Options options = {.admission = admission};
  options.guard = {link::GuardOptions::Scope::full, {"https://here"}, {}, false};
  Served served(loop, options, notes, &reports);
  notes.server = &served.server;
  ws::ConnectOptions request;
  const auto status = [&](const std::string& target) { return Visitor(served, target, request).answer.status; };
  CHECK(status("/chat") == 403);
  CHECK(status("/chat") == 403);
  request.origin = "https://here";
  CHECK(status("/other") == 404);
  const Visitor one(served, "/chat", request);
  CHECK(status("/chat") == 503);
  CHECK(served.answer_to("garbage\r\n\r\n").find("HTTP/1.1 400") == 0);
  CHECK(served.answer_to("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").find("HTTP/1.1 405") == 0);
  CHECK(served.answer_to("GET /chat HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").find("HTTP/1.1 200") == 0);
  Lines refusals;
  for (const std::string& line : reports.lines) {
    CHECK(line.find("warn") != 0);
    if (line.find("refused ") == 0) refusals.push_back(line.substr(line.rfind(": ") + 2));
  }
  REQUIRE(refusals.size() == 6);
  CHECK(refusals[2] == "404 Not Found");
  CHECK(refusals[3] == "503 there are too many clients");
  CHECK(refusals[4].find("400 ") == 0);
  CHECK(refusals[5] == "405 Method Not Allowed");
}
