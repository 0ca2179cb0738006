#include "app/admission.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace wscope;

namespace {

http::RequestHead request(std::string target, http::Headers headers = {}) {
  headers.add("Host", "h");
  return {"GET", std::move(target), {}, std::move(headers)};
}

http::Headers with(std::string authorization) { return {{"Authorization", std::move(authorization)}}; }

/// 0: let in.
int refusal(const cli::Admission& admission, const http::RequestHead& head) {
  const auto answer = app::refuse(admission, head);
  return answer ? answer->status : 0;
}

// "user:pass:word"
const std::string right = "Basic dXNlcjpwYXNzOndvcmQ=";

cli::Admission guarded() {
  cli::Admission admission;
  admission.credentials = http::Credentials{"user", "pass:word"};
  return admission;
}

}  // namespace

TEST_CASE("everybody is let in unless something is asked for") {
  CHECK(refusal({}, request("/")) == 0);
  CHECK(refusal({}, request("/any?thing", with("Basic !"))) == 0);
}

TEST_CASE("another path is not found, a query does not matter") {
  cli::Admission admission;
  admission.path = "/chat";
  CHECK(refusal(admission, request("/chat")) == 0);
  CHECK(refusal(admission, request("/chat?room=1")) == 0);
  CHECK(refusal(admission, request("/chat?/")) == 0);
  for (const std::string other : {"/", "/chat/", "/cha", "/Chat", "/chat/room", "", "*", "/x?/chat"}) {
    CAPTURE(other);
    CHECK(refusal(admission, request(other)) == 404);
  }
}

TEST_CASE("who has the right credentials is let in") {
  CHECK(refusal(guarded(), request("/", with(right))) == 0);
  CHECK(refusal(guarded(), request("/", {{"Host", "h"}, {"aUTHORIZATION", right}})) == 0);
}

TEST_CASE("who has not is asked for them") {
  const http::Headers several[] = {
      {},
      with(""),
      with("Basic"),
      with("Bearer dXNlcjpwYXNzOndvcmQ="),
      with("Basic not base64"),
      with("Basic dXNlcg=="),                  // user
      with("Basic dXNlcjpwYXNzOndvcks="),      // user:pass:worK
      with("Basic dXNlcjpwYXNzOndvcg=="),      // user:pass:wor
      with("Basic VXNlcjpwYXNzOndvcmQ="),      // User:pass:word
      with("Basic dXNlcnA6YXNzOndvcmQ="),      // userp:ass:word
      with("Basic dXNlcjpwYXNzOndvcmQhIQ=="),  // user:pass:word!!
      {{"Authorization", "Basic dXNlcjo="}, {"Authorization", right}},
  };
  for (const http::Headers& headers : several) {
    const std::string* value = headers.find("Authorization");
    CAPTURE((value != nullptr ? *value : "none"));
    const auto answer = app::refuse(guarded(), request("/", headers));
    REQUIRE(answer.has_value());
    CHECK(answer->status == 401);
    const std::string* challenge = answer->headers.find("WWW-Authenticate");
    REQUIRE(challenge != nullptr);
    CHECK(challenge->find("Basic realm=\"wscope\"") == 0);
    CHECK(!answer->body.empty());
  }
}

TEST_CASE("what is not there needs no credentials") {
  cli::Admission admission = guarded();
  admission.path = "/chat";
  CHECK(refusal(admission, request("/", with(right))) == 404);
  CHECK(refusal(admission, request("/")) == 404);
  CHECK(refusal(admission, request("/chat")) == 401);
  CHECK(refusal(admission, request("/chat", with(right))) == 0);
}

TEST_CASE("a browser that asks for a page gets one that opens a WebSocket to the same address") {
  const auto answer = app::answer_browser({}, request("/chat", {{"Connection", "keep-alive"}}));
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  REQUIRE(answer->headers.find("Content-Type") != nullptr);
  CHECK(*answer->headers.find("Content-Type") == "text/html; charset=utf-8");
  for (const std::string part : {"<!DOCTYPE html>", "location.href", "new WebSocket(", "arraybuffer", "socket.send("}) {
    CAPTURE(part);
    CHECK(answer->body.find(part) != std::string::npos);
  }
}

TEST_CASE("what a peer says goes onto the page as text") {
  const std::string body = app::answer_browser({}, request("/"))->body;
  CHECK(body.find("textContent") != std::string::npos);
  CHECK(body.find("innerHTML") == std::string::npos);
}

TEST_CASE("a page is for those who are let in") {
  cli::Admission admission = guarded();
  admission.path = "/chat";
  const auto status = [&](const http::RequestHead& head) {
    const auto answer = app::answer_browser(admission, head);
    return answer ? answer->status : 0;
  };
  CHECK(status(request("/")) == 404);
  CHECK(status(request("/chat")) == 401);
  CHECK(status(request("/chat", with(right))) == 200);
}

TEST_CASE("what is not a request for a page gets none") {
  for (const std::string method : {"POST", "HEAD", "get"}) {
    CAPTURE(method);
    CHECK(!app::answer_browser({}, {method, "/", {}, {{"Host", "h"}}}));
  }
  CHECK(!app::answer_browser({}, request("/", {{"Upgrade", "websocket"}})));
  CHECK(!app::answer_browser({}, request("/", {{"upgrade", ""}})));
}

TEST_CASE("a browser says which host it asks, but for one of the last century") {
  const auto gets_page = [](http::Version version, http::Headers headers) {
    return app::answer_browser({}, {"GET", "/", version, std::move(headers)}).has_value();
  };
  CHECK(gets_page({1, 1}, {{"Host", "h"}}));
  CHECK(!gets_page({1, 1}, {}));
  CHECK(!gets_page({1, 1}, {{"Host", "h"}, {"Host", "i"}}));
  CHECK(gets_page({1, 0}, {}));
}
