#include "link/admission.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base/base64.h"
#include "tls/digest.h"

using namespace wscope;

namespace {

http::RequestHead request(std::string target, http::Headers headers = {}) {
  headers.add("Host", "h");
  return {"GET", std::move(target), {}, std::move(headers)};
}

http::Headers with(std::string authorization) { return {{"Authorization", std::move(authorization)}}; }

/// 0: let in.
int refusal(const link::Admission& admission, const http::RequestHead& head) {
  const auto answer = link::refuse(admission, head);
  return answer ? answer->status : 0;
}

// "user:pass:word"
const std::string right = "Basic dXNlcjpwYXNzOndvcmQ=";

link::Admission guarded() {
  link::Admission admission;
  admission.credentials = http::Credentials{"user", "pass:word"};
  return admission;
}

}  // namespace

TEST_CASE("everybody is let in unless something is asked for") {
  CHECK(refusal({}, request("/")) == 0);
  CHECK(refusal({}, request("/any?thing", with("Basic !"))) == 0);
}

TEST_CASE("another path is not found, a query does not matter") {
  link::Admission admission;
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
    const auto answer = link::refuse(guarded(), request("/", headers));
    REQUIRE(answer.has_value());
    CHECK(answer->status == 401);
    const std::string* challenge = answer->headers.find("WWW-Authenticate");
    REQUIRE(challenge != nullptr);
    CHECK(challenge->find("Basic realm=\"wscope\"") == 0);
    CHECK(!answer->body.empty());
  }
}

TEST_CASE("what is not there needs no credentials") {
  link::Admission admission = guarded();
  admission.path = "/chat";
  CHECK(refusal(admission, request("/", with(right))) == 404);
  CHECK(refusal(admission, request("/")) == 404);
  CHECK(refusal(admission, request("/chat")) == 401);
  CHECK(refusal(admission, request("/chat", with(right))) == 0);
}

TEST_CASE("a browser that asks for a page gets one that opens a WebSocket to the same address") {
  const link::Answer answer = link::answer_plain({}, request("/chat", {{"Connection", "keep-alive"}}));
  CHECK(answer.status == 200);
  REQUIRE(answer.headers.find("Content-Type") != nullptr);
  CHECK(*answer.headers.find("Content-Type") == "text/html; charset=utf-8");
  for (const std::string part : {"<!DOCTYPE html>", "location.href", "new WebSocket(", "arraybuffer", "socket.send("}) {
    CAPTURE(part);
    CHECK(answer.body.find(part) != std::string::npos);
  }
}

TEST_CASE("what a peer says goes onto the page as text") {
  const std::string body = link::answer_plain({}, request("/")).body;
  CHECK(body.find("textContent") != std::string::npos);
  CHECK(body.find("innerHTML") == std::string::npos);
}

TEST_CASE("a page is for those who are let in") {
  link::Admission admission = guarded();
  admission.path = "/chat";
  const auto status = [&](const http::RequestHead& head) { return link::answer_plain(admission, head).status; };
  CHECK(status(request("/")) == 404);
  CHECK(status(request("/chat")) == 401);
  CHECK(status(request("/chat", with(right))) == 200);
}

TEST_CASE("a page is for GET and HEAD") {
  const link::Answer page = link::answer_plain({}, request("/"));
  const link::Answer head = link::answer_plain({}, {"HEAD", "/", {}, {{"Host", "h"}}});
  CHECK(head.status == 200);
  CHECK(head.body == page.body);  // which is not sent, but counted
  CHECK(head.headers == page.headers);
  for (const std::string method : {"POST", "OPTIONS", "get", "head"}) {
    CAPTURE(method);
    const link::Answer other = link::answer_plain(guarded(), {method, "/", {}, {{"Host", "h"}}});
    CHECK(other.status == 405);
    CHECK(*other.headers.find("Allow") == "GET, HEAD");
    CHECK_FALSE(other.headers.contains("Access-Control-Allow-Origin"));
  }
}

TEST_CASE("a browser obeys nothing but what is on the page, and shows it nowhere else") {
  const link::Answer page = link::answer_plain({}, request("/"));
  const auto field = [&](const char* name) {
    const std::string* value = page.headers.find(name);
    return value != nullptr ? *value : "";
  };
  CHECK(field("X-Content-Type-Options") == "nosniff");
  CHECK(field("Cross-Origin-Resource-Policy") == "same-origin");
  CHECK(field("Referrer-Policy") == "no-referrer");
  CHECK_FALSE(page.headers.contains("Access-Control-Allow-Origin"));
  const auto between = [&](const std::string& begin, const std::string& end) {
    const std::size_t from = page.body.find(begin) + begin.size();
    CHECK(page.body.find(begin, from) == std::string::npos);
    const std::string inside = page.body.substr(from, page.body.find(end, from) - from);
    return "'sha256-" + base::base64_encode(tls::sha256(base::as_bytes(inside))) + "'";
  };
  CHECK(field("Content-Security-Policy") ==
        "default-src 'none'; script-src " + between("<script>", "</script>") + "; style-src " +
            between("<style>", "</style>") +
            "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

TEST_CASE("what is refused is plain text, and repeats nothing of the request") {
  link::Admission admission = guarded();
  admission.path = "/chat";
  for (const auto& answer :
       {link::refuse(admission, request("/<script>")), link::refuse(admission, request("/chat"))}) {
    REQUIRE(answer.has_value());
    CHECK(*answer->headers.find("Content-Type") == "text/plain; charset=utf-8");
    CHECK(*answer->headers.find("X-Content-Type-Options") == "nosniff");
    CHECK(answer->body.find("script") == std::string::npos);
    CHECK(answer->body.ends_with('\n'));
  }
}

TEST_CASE("the path of a target that is a URL is that of the URL") {
  link::Admission admission;
  admission.path = "/chat";
  CHECK(refusal(admission, request("http://h/chat?room=1")) == 0);
  CHECK(refusal(admission, request("http://h/other")) == 404);
  CHECK(refusal(admission, request("http://h")) == 404);
  admission.path = "/";
  CHECK(refusal(admission, request("http://h")) == 0);
}

TEST_CASE("where there are files, an offer of another protocol keeps nobody from them") {
  const http::RequestHead offer = request("/", {{"Upgrade", "h2c"}, {"Connection", "Upgrade"}});
  CHECK_FALSE(link::is_visit(link::Paths::all, offer));
  CHECK(link::is_visit(link::Paths::of_upgrades, offer));
  for (const link::Paths paths : {link::Paths::all, link::Paths::of_upgrades}) {
    CHECK(link::is_visit(paths, request("/")));
    CHECK_FALSE(link::is_visit(paths, request("/", {{"Upgrade", "websocket"}})));
    CHECK_FALSE(link::is_visit(paths, request("/", {{"Sec-WebSocket-Version", "13"}})));
  }
}

TEST_CASE("where there are files, the one path is about upgrades alone") {
  link::Admission admission = guarded();
  admission.path = "/chat";
  const auto status = [&](link::Paths paths, const http::RequestHead& head) {
    const auto refused = link::refuse_visit(admission, paths, head);
    return refused ? refused->status : 200;
  };
  CHECK(status(link::Paths::all, request("/", with(right))) == 404);
  CHECK(status(link::Paths::of_upgrades, request("/", with(right))) == 200);
  CHECK(status(link::Paths::of_upgrades, request("/")) == 401);
  CHECK(status(link::Paths::of_upgrades, {"POST", "/", {}, {{"Host", "h"}}}) == 405);
}
