#include "link/guard.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "serving.h"
#include "unit/report/reports.h"

using namespace wscope;
using test::Served;
using Scope = link::GuardOptions::Scope;

namespace {

constexpr std::string_view none = "(none)";

/// Headers and where the client is; `none`: there is no such field.
struct Asks {
  std::string_view host, origin;
  bool from_here = true;
  bool upgrade = true;
  std::string_view site = none;
  std::string_view target = "/";
};

int judged(const link::GuardOptions& options, const Asks& asks) {
  http::RequestHead head{"GET", std::string(asks.target), {}, {}};
  if (asks.host != none) head.headers.add("Host", std::string(asks.host));
  if (asks.origin != none) head.headers.add("Origin", std::string(asks.origin));
  if (asks.site != none) head.headers.add("Sec-Fetch-Site", std::string(asks.site));
  const auto refusal = link::judge_visit(options, {&head, asks.upgrade, asks.from_here});
  if (!refusal) return 0;
  CHECK_FALSE(refusal->whom.empty());
  CHECK_FALSE(refusal->why.empty());
  return refusal->status;
}

link::GuardOptions full(std::vector<std::string> origins = {}, std::vector<std::string> names = {},
                        bool secure = false) {
  return {Scope::full, std::move(origins), std::move(names), secure};
}

std::string words(const link::GuardOptions& options, http::Headers headers, bool upgrade = true) {
  const http::RequestHead head{"GET", "/", {}, std::move(headers)};
  const auto refusal = link::judge_visit(options, {&head, upgrade, true});
  return refusal ? refusal->whom + ": " + refusal->why : "";
}

/// A server that is guarded, and what it reports.
struct Guarded {
  explicit Guarded(link::Server::Options options, const report::Reporting& reporting = {})
      : reports(loop.poller, reporting, test::Reports::Scope::many),
        served(loop, std::move(options), notes, &*reports) {
    notes.server = &served.server;
  }

  link::Loop loop;
  test::Notes notes;
  test::Reports reports;
  Served served;
};

}  // namespace

TEST_CASE("upgrade without an Origin: a program is let in, whatever host it asks") {
  for (const std::string_view host : {"127.0.0.1:8080", "localhost", "app.example", "rebind.evil", "[::1]:1"}) {
    CAPTURE(host);
    for (const bool here : {true, false}) {
      CHECK(judged(full(), {host, none, here}) == 0);
      for (const std::string_view site : {"cross-site", "same-origin", "none", ""}) {
        CHECK(judged(full(), {host, none, here, true, site}) == 403);
      }
      CHECK(judged(full({"https://a.example"}), {host, none, here}) == 403);
      CHECK(judged(full({"https://a.example", "none"}), {host, none, here}) == 0);
      CHECK(judged(full({"none"}), {host, none, here, true, "cross-site"}) == 403);
    }
  }
}

TEST_CASE("upgrade with an Origin and a list: it is in the list, whatever host it asks") {
  const link::GuardOptions options =
      full({"https://a.example", "http://b.example:8080", "null", "chrome-extension://abc", "none"});
  constexpr struct {
    std::string_view origin;
    int status;
  } rows[] = {
      {"https://a.example", 0},
      {"HTTPS://A.example.:443/", 0},
      {"http://a.example", 403},
      {"https://a.example:8443", 403},
      {"https://a.example.evil", 403},
      {"https://x.a.example", 403},
      {"https://a.example/x", 403},
      {"https://u@a.example", 403},
      {"https://a.example, https://a.example", 403},
      {"http://b.example:8080", 0},
      {"http://b.example", 403},
      {"null", 0},
      {"NULL", 403},
      {"chrome-extension://abc", 0},
      {"chrome-extension://abc/", 403},
      {"chrome-extension://abd", 403},
      {"", 403},
      {"none", 403},
      {"*", 403},
      // Not even our own are, if they are not in it.
      {"http://127.0.0.1:8080", 403},
      {"http://localhost", 403},
  };
  for (const auto& row : rows) {
    CAPTURE(row.origin);
    for (const std::string_view host : {"127.0.0.1:8080", "app.example", "rebind.evil"}) {
      CHECK(judged(options, {host, row.origin}) == row.status);
      CHECK(judged(options, {host, row.origin, false, true, "cross-site"}) == row.status);
    }
  }
  CHECK(judged(full({"https://a.example, https://b.example"}), {"h", "https://a.example, https://b.example"}) ==
        0);  // the same text
}

TEST_CASE("upgrade with an Origin and no list, from elsewhere: it is our page, under a name that is ours") {
  constexpr struct {
    std::string_view host, origin;
    int status;
  } rows[] = {
      {"192.0.2.1:8080", "http://192.0.2.1:8080", 0},
      {"192.0.2.1", "http://192.0.2.1", 0},
      {"192.0.2.1:80", "http://192.0.2.1", 0},
      {"192.0.2.1", "http://192.0.2.1:80", 0},
      {"192.0.2.1:443", "https://192.0.2.1", 0},
      {"192.0.2.1", "https://192.0.2.1", 0},  // a proxy in front speaks TLS
      {"192.0.2.1:80", "https://192.0.2.1", 403},
      {"192.0.2.1:443", "http://192.0.2.1", 403},
      {"192.0.2.1:8080", "http://192.0.2.1", 403},
      {"192.0.2.1:8080", "http://192.0.2.1:8081", 403},
      {"192.0.2.1:8080", "http://192.0.2.2:8080", 403},
      {"[2001:db8::1]:8080", "http://[2001:db8:0::1]:8080", 0},
      {"[::ffff:192.0.2.1]", "http://192.0.2.1", 0},
      {"box:8080", "http://box:8080", 0},
      {"BOX.:8080", "http://box:8080", 0},
      {"localhost:8080", "http://localhost:8080", 0},
      {"app.localhost:8080", "http://app.localhost:8080", 0},
      {"app.example", "https://app.example", 0},  // among the names
      {"APP.example:8080", "http://app.EXAMPLE.:8080", 0},
      {"x.app.example", "https://x.app.example", 403},
      {"rebind.evil", "http://rebind.evil", 403},  // rebound
      {"rebind.evil:8080", "http://rebind.evil:8080", 403},
      {"127.1", "http://127.1", 403},  // a name
      {"127.0.0.1.evil.example", "http://127.0.0.1.evil.example", 403},
      {"localhost.evil.example", "http://localhost.evil.example", 403},
      {"192.0.2.1", "ws://192.0.2.1", 403},
      {"192.0.2.1", "null", 403},
      {"192.0.2.1", "", 403},
      {"192.0.2.1", "file://", 403},
      {"192.0.2.1", "chrome-extension://abc", 403},
      {"192.0.2.1", "http://192.0.2.1/x", 403},
      {"192.0.2.1", "http://u@192.0.2.1", 403},
      {"192.0.2.1", "http://192.0.2.1, http://192.0.2.1", 403},
      {"192.0.2.1:8080", "https://evil.example", 403},
      {"192.0.2.1:8080", "http://localhost:8080", 403},
      {"192.0.2.1:8080", "http://127.0.0.1:8080", 403},
  };
  for (const auto& row : rows) {
    CAPTURE(row.host);
    CAPTURE(row.origin);
    CHECK(judged(full({}, {"app.example"}), {row.host, row.origin, false}) == row.status);
    CHECK(judged(full({}, {"app.example"}), {row.host, row.origin, false, true, "same-origin"}) == row.status);
  }
}

TEST_CASE("upgrade with an Origin and no list, from this machine: a page of this machine's is let in, too") {
  for (const std::string_view origin :
       {"http://localhost:3000", "https://localhost", "http://app.localhost:5173", "http://127.0.0.1",
        "http://127.9.9.9:1", "https://[::1]:8443", "http://[::ffff:127.0.0.1]"}) {
    CAPTURE(origin);
    for (const std::string_view host : {"127.0.0.1:8080", "localhost:8080", "rebind.evil"}) {
      for (const bool secure : {false, true}) CHECK(judged(full({}, {}, secure), {host, origin}) == 0);
      CHECK(judged(full(), {host, origin, false}) == 403);
    }
  }
  for (const std::string_view origin :
       {"http://192.0.2.1", "http://box", "http://evil.example", "null", "file://", "http://127.1", "http://[::2]",
        "http://localhost.evil.example", "ws://localhost", "http://0.0.0.0"}) {
    CAPTURE(origin);
    CHECK(judged(full(), {"127.0.0.1:8080", origin}) == 403);
  }
}

TEST_CASE("a server that speaks TLS has no pages of http") {
  CHECK(judged(full({}, {}, true), {"192.0.2.1:8080", "http://192.0.2.1:8080", false}) == 403);
  CHECK(judged(full({}, {}, true), {"192.0.2.1:8080", "https://192.0.2.1:8080", false}) == 0);
  CHECK(judged(full({"http://a.example"}, {}, true), {"192.0.2.1:8080", "http://a.example", false}) == 0);
}

TEST_CASE("a page is for who asks for us by a name that is ours, whatever else is said") {
  constexpr struct {
    std::string_view host;
    int status;
  } rows[] = {
      {"127.0.0.1:8080", 0},
      {"192.0.2.1", 0},
      {"[2001:db8::1]:8080", 0},
      {"localhost", 0},
      {"x.localhost:1", 0},
      {"box", 0},
      {"app.example", 0},
      {"APP.EXAMPLE.:9", 0},
      {"x.app.example", 403},
      {"rebind.evil:8080", 403},
      {"127.1", 403},
      {"0x7f.1", 403},
      {"127.0.0.01", 403},
      {"localhost.evil.example", 403},
      {none, 400},
      {"", 400},
      {"a b", 400},
      {"u@localhost", 400},
      {"[::1%eth0]", 400},
      {"localhost:", 400},
      {"b\xc3\xbc"
       "cher",
       400},
  };
  for (const auto& row : rows) {
    CAPTURE(row.host);
    for (const std::string_view origin : {none, std::string_view("https://evil.example")}) {
      for (const bool here : {true, false}) {
        CHECK(judged(full({}, {"app.example"}), {row.host, origin, here, false}) == row.status);
        CHECK(judged(full({"https://a.example"}, {"app.example"}), {row.host, origin, here, false}) == row.status);
      }
    }
    CHECK(judged(full({}, {"*"}), {row.host, none, false, false}) == (row.status == 403 ? 0 : row.status));
    CHECK(judged(full({"*"}), {row.host, none, false, false}) == 0);
    // Nor is it clear to an upgrade whom it asks.
    CHECK(judged(full(), {row.host, none}) == (row.status == 400 ? 400 : 0));
  }
}

TEST_CASE("any host can be made ours, and the guard be turned off") {
  CHECK(judged(full({}, {"*"}), {"rebind.evil", "http://rebind.evil", false}) == 0);
  CHECK(judged(full({}, {"*"}), {"rebind.evil", "http://other.evil", false}) == 403);
  for (const link::GuardOptions& options : {full({"*"}), full({"https://a.example", "*"}), link::GuardOptions{}}) {
    for (const std::string_view origin : {none, std::string_view("https://evil.example"), std::string_view("null")}) {
      CHECK(judged(options, {"rebind.evil", origin, false, true, "cross-site"}) == 0);
      CHECK(judged(options, {"u@rebind.evil", origin, false}) == 0);
    }
  }
}

TEST_CASE("a list alone leaves pages to everybody") {
  const link::GuardOptions options{Scope::origins, {"https://a.example"}, {}, false};
  CHECK(judged(options, {"rebind.evil", "https://a.example"}) == 0);
  CHECK(judged(options, {"u@rebind.evil", "https://a.example"}) == 0);
  CHECK(judged(options, {"localhost", "http://localhost"}) == 403);
  CHECK(judged(options, {"localhost", none}) == 403);
  CHECK(judged(options, {"rebind.evil", none, false, false}) == 0);
  CHECK(judged({Scope::origins, {}, {}, false}, {"rebind.evil", "https://evil.example"}) == 0);
}

TEST_CASE("a target that is a URL says whom it asks, not Host") {
  const Asks rebound{"127.0.0.1", none, true, false, none, "http://rebind.evil/"};
  CHECK(judged(full(), rebound) == 403);
  CHECK(judged(full(), {"rebind.evil", none, true, false, none, "http://127.0.0.1/"}) == 0);
  CHECK(judged(full(), {"rebind.evil", none, true, false, none, "http://u@127.0.0.1/"}) == 400);
  CHECK(judged(full(), {none, none, true, false, none, "http://127.0.0.1/"}) == 400);
  CHECK(judged(full(), {"x", "http://192.0.2.1:80", false, true, none, "http://192.0.2.1/"}) == 0);
  CHECK(judged(full(), {"192.0.2.1", "http://192.0.2.1", false, true, none, "http://192.0.2.2/"}) == 403);
}

TEST_CASE("two hosts are none, two origins are a list") {
  CHECK(words(full(), {{"Host", "localhost"}, {"Host", "localhost"}}).find("not exactly one") != std::string::npos);
  CHECK_FALSE(
      words(full(), {{"Host", "localhost"}, {"Origin", "http://localhost"}, {"Origin", "http://localhost"}}).empty());
}

TEST_CASE("what a proxy adds is not looked at") {
  CHECK_FALSE(words(full(), {{"Host", "192.0.2.1"},
                             {"Origin", "https://app.example"},
                             {"X-Forwarded-Host", "app.example"},
                             {"X-Forwarded-Proto", "https"},
                             {"Forwarded", "host=app.example;proto=https"},
                             {"X-Real-IP", "127.0.0.1"},
                             {"X-Forwarded-For", "127.0.0.1"}})
                  .empty());
}

TEST_CASE("a refusal says who it was, and what lets them in") {
  CHECK(words(full(), {{"Host", "h"}, {"Origin", "https://evil.example"}}) ==
        "https://evil.example: a web page of another site (allow it with --origin)");
  CHECK(words(full(), {{"Host", "h"}, {"Origin", "null"}}) ==
        "null: a file or a sandboxed frame (--origin null lets in every site's)");
  CHECK(words(full(), {{"Host", "Rebind.evil:80"}}, false) ==
        "host rebind.evil: not our name (allow it with --allow-host)");
  CHECK(words(full(), {{"Host", "rebind.evil"}, {"Origin", "http://rebind.evil"}}) ==
        "host rebind.evil: not our name (allow it with --allow-host)");
  CHECK(words(full({"null"}), {{"Host", "h"}}) ==
        "a client without an Origin: it is not in the list (allow it with --origin none)");
}

// --- in a server

TEST_CASE("who fails several tests is told of the first") {
  link::Admission admission;
  admission.path = "/chat";
  admission.credentials = http::Credentials{"user", "word"};
  link::Server::Options options{.admission = admission};
  options.guard.scope = link::GuardOptions::Scope::full;
  Guarded fixture(options);
  const auto status = [&](std::string_view method, std::string_view target, std::string_view rest) {
    const std::string answer = fixture.served.answer_to(std::string(method) + " " + std::string(target) +
                                                        " HTTP/1.1\r\n" + std::string(rest) + "\r\n");
    return answer.substr(0, answer.find("\r\n"));
  };
  const std::string handshake =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string elsewhere = "Host: h\r\nOrigin: https://evil.example\r\n";
  const std::string rebound = "Host: rebind.evil\r\n";
  CHECK(status("GET", "/", elsewhere + "Upgrade: websocket\r\n") == "HTTP/1.1 426 Upgrade Required");
  CHECK(status("POST", "/", elsewhere + "Content-Length: 1\r\nContent-Length: 2\r\n") == "HTTP/1.1 400 Bad Request");
  CHECK(status("POST", "/", elsewhere + handshake) == "HTTP/1.1 403 Forbidden");
  CHECK(status("GET", "/", elsewhere + handshake) == "HTTP/1.1 403 Forbidden");
  CHECK(status("POST", "/", "Host: h\r\n" + handshake) == "HTTP/1.1 405 Method Not Allowed");
  CHECK(status("GET", "/", "Host: h\r\n" + handshake) == "HTTP/1.1 404 Not Found");
  CHECK(status("GET", "/chat", "Host: h\r\n" + handshake) == "HTTP/1.1 401 Unauthorized");
  CHECK(status("OPTIONS", "/", rebound) == "HTTP/1.1 403 Forbidden");
  CHECK(status("GET", "/", rebound) == "HTTP/1.1 403 Forbidden");
  CHECK(status("GET", "/", "Host: r bind\r\n") == "HTTP/1.1 400 Bad Request");
  CHECK(status("OPTIONS", "/", "Host: h\r\n") == "HTTP/1.1 405 Method Not Allowed");
  CHECK(status("HEAD", "/", "Host: h\r\n") == "HTTP/1.1 404 Not Found");
  CHECK(status("HEAD", "/chat", "Host: h\r\n") == "HTTP/1.1 401 Unauthorized");
  CHECK(status("HEAD", "/chat", "Host: h\r\nAuthorization: basic   dXNlcjp3b3Jk\r\n") == "HTTP/1.1 200 OK");
}

TEST_CASE("a page that is not let in is told of once, each time as an event") {
  link::Server::Options options;
  options.guard.scope = link::GuardOptions::Scope::full;
  const std::string foreign =
      std::string(test::upgrade_request)
          .insert(std::string(test::upgrade_request).find("\r\n") + 2, "Origin: https://evil.example\r\n");
  const std::string words = "https://evil.example: a web page of another site (allow it with --origin)";
  {
    Guarded fixture(options, report::Reporting{});
    for (int i = 0; i < 3; ++i) {
      const std::string answer = fixture.served.answer_to(foreign);
      CHECK(answer.find("HTTP/1.1 403 Forbidden\r\n") == 0);
      CHECK(answer.find("evil") == std::string::npos);
      CHECK(answer.find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
    }
    CHECK(fixture.reports.err() == "wscope: refused " + words + "\n");
    CHECK(fixture.reports.out().empty());
    CHECK(fixture.served.run_until_empty());
    CHECK(fixture.notes.lines.empty());
  }
  Guarded fixture(options, {.format = streams::OutputFormat::json, .verbosity = report::Verbosity::quiet});
  for (int i = 0; i < 2; ++i) CHECK(fixture.served.answer_to(foreign).find("HTTP/1.1 403 ") == 0);
  CHECK(fixture.reports.err().empty());
  const std::string out = fixture.reports.out();
  CHECK(std::count(out.begin(), out.end(), '\n') == 2);
  CHECK(out.find("\"event\":\"refused\"") != std::string::npos);
  CHECK(out.find("\"status\":403,\"origin\":\"https://evil.example\",\"host\":\"") != std::string::npos);
  CHECK(out.find("\"message\":\"refused " + words + "\"") != std::string::npos);
}
