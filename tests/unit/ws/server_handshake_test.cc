#include "ws/server_handshake.h"

#include <doctest/doctest.h>

using namespace wscope;
using namespace wscope::ws;

namespace {

http::RequestHead request() {
  return {"GET",
          "/chat",
          {},
          {{"Host", "example.com"},
           {"Upgrade", "websocket"},
           {"Connection", "Upgrade"},
           {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
           {"Sec-WebSocket-Version", "13"}}};
}

int status_of(const http::RequestHead& head) {
  UpgradeRequest upgrade;
  const auto refusal = check_request(head, upgrade);
  return refusal ? refusal->status : 101;
}

}  // namespace

TEST_CASE("a proper request is taken apart") {
  auto head = request();
  head.headers.add("Sec-WebSocket-Protocol", "chat, superchat");
  head.headers.add("Sec-WebSocket-Protocol", "third");
  head.headers.add("Sec-WebSocket-Extensions", "foo; a=1");
  head.headers.add("Sec-WebSocket-Extensions", "bar");
  UpgradeRequest upgrade;
  CHECK_FALSE(check_request(head, upgrade).has_value());
  CHECK(upgrade.key == "dGhlIHNhbXBsZSBub25jZQ==");
  CHECK(upgrade.subprotocols == std::vector<std::string>{"chat", "superchat", "third"});
  CHECK(upgrade.extensions == std::vector<ExtensionElement>{{"foo", {{"a", "1"}}}, {"bar", {}}});
}

TEST_CASE("a field that is not as it must be is refused with its status") {
  struct Row {
    std::string_view field, value;  // takes the place of the field of that name
    int status;
  };
  constexpr Row rows[] = {
      {"Connection", "keep-alive, UPGRADE", 101},
      {"Upgrade", "h2c, WebSocket", 101},
      {"Origin", "https://example.com", 101},
      {"Host", "[::1]:80", 101},
      {"Host", "a_b.example:8080", 101},
      {"Host", "", 101},
      {"Host", "exam ple.com", 400},
      {"Host", "example.com/a", 400},
      {"Host", "user@example.com", 400},
      {"Host", "example.com\x80", 400},
      {"Content-Length", "0", 101},
      {"Content-Length", "0, 0", 101},
      {"Sec-WebSocket-Extensions", "", 101},
      {"Connection", "close", 426},
      {"Connection", "", 400},
      {"Connection", "a b", 400},
      {"Upgrade", "h2c", 426},
      {"Upgrade", "websocket 2", 400},
      {"Sec-WebSocket-Version", "12", 426},
      {"Sec-WebSocket-Version", "13, 13", 426},
      {"Sec-WebSocket-Version", "", 400},
      {"Sec-WebSocket-Key", "", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZSE=", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ", 400},
      {"Content-Length", "1", 400},
      {"Content-Length", "00", 400},
      {"Transfer-Encoding", "chunked", 400},
      {"Sec-WebSocket-Protocol", "", 400},
      {"Sec-WebSocket-Protocol", "a;b", 400},
      {"Sec-WebSocket-Extensions", "foo;", 400},
      {"Sec-WebSocket-Extensions", ",", 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.field);
    CAPTURE(row.value);
    auto head = request();
    head.headers.remove(row.field);
    head.headers.add(std::string(row.field), std::string(row.value));
    CHECK(status_of(head) == row.status);
  }
}

TEST_CASE("a later HTTP/1 is as good as 1.1, and no other") {
  auto head = request();
  head.version = {1, 2};
  CHECK(status_of(head) == 101);
  CHECK(leaves_connection_open(head));
  head.version = {1, 0};
  CHECK(status_of(head) == 505);
  head.version = {2, 1};
  CHECK(status_of(head) == 505);
}

TEST_CASE("a field that is missing or repeated is refused with its status") {
  constexpr struct {
    std::string_view field;
    int missing, twice;
  } rows[] = {
      {"Host", 400, 400},
      {"Upgrade", 426, 101},
      {"Connection", 426, 101},
      {"Sec-WebSocket-Key", 400, 400},
      {"Sec-WebSocket-Version", 400, 426},
      {"Origin", 101, 400},
  };
  for (const auto& row : rows) {
    CAPTURE(row.field);
    auto head = request();
    const std::string value = head.headers.contains(row.field) ? *head.headers.find(row.field) : "x";
    head.headers.remove(row.field);
    CHECK(status_of(head) == row.missing);
    head.headers.add(std::string(row.field), value);
    head.headers.add(std::string(row.field), value);
    CHECK(status_of(head) == row.twice);
  }
  auto head = request();
  head.headers.add("Content-Length", "0");
  head.headers.add("Content-Length", "5");
  CHECK(status_of(head) == 400);
}

TEST_CASE("half a handshake is told what a proxy may have dropped, whatever version that speaks") {
  constexpr struct {
    bool upgrade, connection;  // whether they are there
    std::string_view lacks;
  } rows[] = {
      {false, true, "an Upgrade header"},
      {true, false, "a Connection header"},
      {false, false, "an Upgrade header and a Connection header"},
  };
  for (const auto& row : rows) {
    for (const std::uint8_t minor : {std::uint8_t{0}, std::uint8_t{1}}) {
      auto head = request();
      head.version = {1, minor};
      if (!row.upgrade) head.headers.remove("Upgrade");
      if (!row.connection) head.headers.remove("Connection");
      UpgradeRequest upgrade;
      const auto refusal = check_request(head, upgrade);
      REQUIRE(refusal.has_value());
      CHECK(refusal->status == 426);
      CHECK(refusal->detail == "this is a WebSocket endpoint, and the request lacks " + std::string(row.lacks) +
                                   ": a proxy on the way may have dropped what it was not told to pass on");
    }
  }
  // What nginx makes of it unless it is told otherwise.
  http::RequestHead nginx{"GET", "/", {1, 0}, {}};
  nginx.headers = {{"Host", "127.0.0.1:8080"},
                   {"Connection", "close"},
                   {"Sec-WebSocket-Version", "13"},
                   {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  UpgradeRequest upgrade;
  const auto refusal = check_request(nginx, upgrade);
  REQUIRE(refusal.has_value());
  CHECK(refusal->status == 426);
  CHECK(refusal->detail.find("an Upgrade header and \"upgrade\" in the Connection header: a proxy") !=
        std::string::npos);
  for (const char* alone :
       {"Sec-WebSocket-Key", "sec-websocket-version", "Sec-WebSocket-Protocol", "Sec-WebSocket-X"}) {
    CAPTURE(alone);
    const http::RequestHead half{"GET", "/", {}, {{"Host", "h"}, {alone, "13"}}};
    CHECK(asks_for_upgrade(half));
    CHECK(status_of(half) == 426);
  }
}

TEST_CASE("a request that asks for no upgrade is one of HTTP") {
  constexpr struct {
    std::string_view method, target;
    http::Version version;
    std::string_view name, value;
    int status;
  } rows[] = {
      {"GET", "/", {1, 1}, "Host", "h", 426},     {"HEAD", "/", {1, 1}, "Host", "h", 426},
      {"GET", "/", {1, 0}, "Host", "h", 426},     {"GET", "/", {1, 0}, "X", "y", 426},
      {"GET", "/", {1, 1}, "X", "y", 400},        {"GET", "/", {2, 0}, "Host", "h", 505},
      {"PRI", "*", {2, 0}, "Host", "h", 505},     {"GET", "http://h/", {1, 1}, "Host", "h", 426},
      {"PRI", "*", {2, 0}, "X", "y", 505},        {"GET", "*", {1, 1}, "Host", "h", 400},
      {"GET", "h:80", {1, 1}, "Host", "h", 400},  {"GET", "/#x", {1, 1}, "Host", "h", 400},
      {"OPTIONS", "*", {1, 1}, "Host", "h", 405}, {"CONNECT", "h:80", {1, 1}, "Host", "h", 405},
      {"POST", "/", {1, 1}, "Host", "h", 405},    {"get", "/", {1, 1}, "Host", "h", 405},
  };
  for (const auto& row : rows) {
    CAPTURE(row.method);
    CAPTURE(row.target);
    http::RequestHead head{std::string(row.method), std::string(row.target), row.version, {}};
    head.headers.add(std::string(row.name), std::string(row.value));
    CHECK_FALSE(asks_for_upgrade(head));
    CHECK(status_of(head) == row.status);
  }
  http::RequestHead head{"POST", "/", {}, {{"Host", "h"}, {"Content-Length", "2"}}};
  CHECK(status_of(head) == 405);
  head.method = "GET";
  CHECK(status_of(head) == 400);
  head.method = "POST";
  head.headers.add("Content-Length", "3");
  CHECK(status_of(head) == 400);
  head.headers.add("Host", "h");
  CHECK(status_of(head) == 400);
}

TEST_CASE("refusals say what would do, that of the method last") {
  UpgradeRequest upgrade;
  auto head = request();
  head.method = "get";
  auto refusal = check_request(head, upgrade);
  REQUIRE(refusal.has_value());
  CHECK(refusal->status == 405);
  CHECK(*refusal->headers.find("Allow") == "GET");
  head.headers.remove("Sec-WebSocket-Key");
  CHECK(status_of(head) == 400);
  head = request();
  head.method = "HEAD";
  CHECK(status_of(head) == 405);

  head = request();
  head.version = {1, 0};
  CHECK(status_of(head) == 505);

  head = request();
  head.headers.remove("Connection");
  refusal = check_request(head, upgrade);
  REQUIRE(refusal.has_value());
  CHECK(refusal->headers == http::Headers{{"Upgrade", "websocket"}, {"Connection", "Upgrade"}});

  head = request();
  head.headers.remove("Sec-WebSocket-Version");
  refusal = check_request(head, upgrade);
  REQUIRE(refusal.has_value());
  CHECK(refusal->headers == http::Headers{{"Sec-WebSocket-Version", "13"}});
  head.headers.add("Sec-WebSocket-Version", "8");
  refusal = check_request(head, upgrade);
  REQUIRE(refusal.has_value());
  CHECK(refusal->status == 426);
  CHECK(*refusal->headers.find("Sec-WebSocket-Version") == "13");
}

TEST_CASE("origins are let in that are named") {
  const auto status = [](const AcceptOptions& options, std::string_view origin) {
    auto head = request();
    if (!origin.empty()) head.headers.add("Origin", std::string(origin));
    const auto refusal = check_policy(head, {}, options);
    return refusal ? refusal->status : 101;
  };
  AcceptOptions options;
  CHECK(status(options, "https://anywhere") == 101);
  CHECK(status(options, "") == 101);
  options.origins = {"https://a", "https://b"};
  CHECK(status(options, "https://b") == 101);
  CHECK(status(options, "https://B") == 403);
  CHECK(status(options, "https://a.b") == 403);
  CHECK(status(options, "") == 403);
  options.origin_may_be_missing = true;
  CHECK(status(options, "") == 101);
  CHECK(status(options, "null") == 403);
}

TEST_CASE("subprotocols are chosen by the server's preference, and may be required") {
  CHECK(select_subprotocol({"a", "b"}, {"b", "a"}) == "a");
  CHECK(select_subprotocol({"a", "b"}, {"b"}) == "b");
  CHECK(select_subprotocol({"a"}, {"A"}).empty());
  CHECK(select_subprotocol({}, {"a"}).empty());
  CHECK(select_subprotocol({"a"}, {}).empty());

  AcceptOptions options;
  UpgradeRequest upgrade;
  options.subprotocol_required = true;
  CHECK_FALSE(check_policy(request(), upgrade, options).has_value());
  options.subprotocols = {"a"};
  REQUIRE(check_policy(request(), upgrade, options).has_value());
  CHECK(check_policy(request(), upgrade, options)->status == 400);
  upgrade.subprotocols = {"b", "a"};
  CHECK_FALSE(check_policy(request(), upgrade, options).has_value());
}

TEST_CASE("the response answers the key and says what was agreed") {
  UpgradeRequest upgrade;
  upgrade.key = "dGhlIHNhbXBsZSBub25jZQ==";
  const auto plain = make_response(upgrade, {}, {});
  CHECK(plain == http::ResponseHead{101,
                                    "Switching Protocols",
                                    {},
                                    {{"Upgrade", "websocket"},
                                     {"Connection", "Upgrade"},
                                     {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}}});
  Agreement agreement;
  agreement.subprotocol = "chat";
  agreement.extensions.elements = {{"foo", {{"a", "1"}}}};
  AcceptOptions options;
  options.headers = {{"Set-Cookie", "a=b"}, {"Set-Cookie", "c=d"}};
  const auto full = make_response(upgrade, agreement, options);
  CHECK(*full.headers.find("Sec-WebSocket-Protocol") == "chat");
  CHECK(*full.headers.find("Sec-WebSocket-Extensions") == "foo; a=1");
  CHECK(full.headers.count("Set-Cookie") == 2);
}

TEST_CASE("a header of the caller's own takes the place of the response's, or is left out") {
  UpgradeRequest upgrade;
  upgrade.key = "dGhlIHNhbXBsZSBub25jZQ==";
  AcceptOptions options;
  options.headers = {{"Connection", "keep-alive"}, {"connection", "Upgrade"}, {"Sec-WebSocket-Accept", "x"}};
  CHECK(make_response(upgrade, {}, options).headers ==
        http::Headers{{"Upgrade", "websocket"}, {"Connection", "keep-alive, Upgrade"}, {"Sec-WebSocket-Accept", "x"}});
  options.left_out = {"UPGRADE"};
  CHECK(make_response(upgrade, {}, options).headers ==
        http::Headers{{"Connection", "keep-alive, Upgrade"}, {"Sec-WebSocket-Accept", "x"}});
}

TEST_CASE("who may be answered with a page, and whether that is the last") {
  const struct {
    http::Headers headers;
    bool visit;
    bool open;
  } rows[] = {
      {{}, true, true},
      {{{"Upgrade", "h2c"}, {"Connection", "Upgrade, HTTP2-Settings"}}, true, true},
      {{{"Upgrade", "h2c, TLS/1.0"}}, true, true},
      {{{"Upgrade", "WebSocket"}}, false, true},
      {{{"Upgrade", "h2c"}, {"Upgrade", "websocket"}}, false, true},
      {{{"Upgrade", "?"}}, false, true},
      {{{"Sec-WebSocket-Key", "x"}, {"Connection", "close"}}, false, false},
      {{{"Connection", "keep-alive"}}, true, true},
      {{{"Connection", ""}}, true, true},
      {{{"Connection", "a, Close"}}, true, false},
      {{{"Connection", "?"}}, true, false},
  };
  for (const auto& row : rows) {
    http::RequestHead request{"GET", "/", {}, row.headers};
    CHECK(may_be_visit(request) == row.visit);
    CHECK(leaves_connection_open(request) == row.open);
    request.version = {1, 0};
    CHECK_FALSE(leaves_connection_open(request));
  }
}
