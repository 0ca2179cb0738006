#include "check/survey.h"

#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using namespace wscope::check;

namespace {

struct Asked {
  CheckPlan plan{};
  http::Url url = http::parse_url("ws://server:81/x").value();
  Facts facts{};
  Settings settings = settings_of(plan, url);
};

struct Answered {
  explicit Answered(const std::string& text) { heard.receive(base::as_bytes(text), {}); }
  Heard heard{Role::server};
};

Result with(Verdict verdict) {
  Result result;
  result.verdict = verdict;
  return result;
}

}  // namespace

TEST_CASE("the plain request is that of the plan") {
  CheckPlan plan;
  plan.request.headers.add("X", "y");
  plan.request.subprotocols = {"chat"};
  plan.say = {"hello"};
  const Settings settings = settings_of(plan, http::parse_url("wss://server/x?y").value());
  CHECK(settings.request.target == "/x?y");
  CHECK(*settings.request.headers.find("Host") == "server");
  CHECK(*settings.request.headers.find("X") == "y");
  CHECK(settings.known_subprotocol == "chat");
  CHECK(settings.secure);
}

TEST_CASE("one question follows the other, and the answers are kept") {
  Asked asked;
  Survey survey(asked.plan, asked.url, asked.settings, asked.facts);
  const Answered open("HTTP/1.1 101 OK\r\nServer: x\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
  std::string questions;
  while (const Case* question = survey.next()) {
    questions += question->id + ' ';
    if (question->id == "echo") CHECK(survey.settings_for().case_timeout == std::chrono::seconds(1));
    const bool passes = question->id != "origin";
    const Answered refused("HTTP/1.1 426 No\r\nSec-WebSocket-Version: 13, 8\r\nContent-Length: 0\r\n\r\n");
    CHECK(survey
              .finished(with(passes ? Verdict::pass : Verdict::fail),
                        question->id == "version" ? refused.heard : open.heard)
              .ok());
  }
  CHECK(questions == "open echo deflate window origin version ");
  CHECK(asked.settings.echo);
  CHECK(asked.settings.deflate);
  CHECK(asked.settings.any_origin);
  CHECK(asked.settings.told_versions == "13, 8");
  CHECK(asked.facts.server == "x");
  CHECK(asked.facts.extension == "permessage-deflate");
  CHECK(asked.facts.small_windows);
}

TEST_CASE("whether it echoes is not asked if it is known") {
  Asked asked;
  asked.plan.echo = Echo::yes;
  asked.settings = settings_of(asked.plan, asked.url);
  Survey survey(asked.plan, asked.url, asked.settings, asked.facts);
  CHECK(survey.finished(with(Verdict::pass), Answered("HTTP/1.1 101 OK\r\n\r\n").heard).ok());
  CHECK(survey.next()->id == "deflate");
  CHECK(asked.settings.echo);
}

TEST_CASE("a refusal of the plain handshake ends it all, in the words of connect") {
  Asked asked;
  Survey survey(asked.plan, asked.url, asked.settings, asked.facts);
  const auto known =
      survey.finished(with(Verdict::fail), Answered("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno").heard);
  REQUIRE(!known.ok());
  CHECK(known.error().kind == base::ErrorKind::http);
  CHECK(known.error().message.find("403 Forbidden") != std::string::npos);
}
