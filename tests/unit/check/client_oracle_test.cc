// What is judged of a client's request.
#include <doctest/doctest.h>

#include "fake_client.h"

using namespace wscope;
using check::Result;
using check::Verdict;
using test::FakeClient;
using test::request_of_client;

namespace {

Result judged(const std::string& word, const std::string& request) {
  FakeClient client;
  client.request = request;
  return client.run("asked | request " + word + " | answer | ignored");
}

Result with(const std::string& word, const std::string& fields) { return judged(word, request_of_client(fields)); }

// The request with this in place of that.
Result instead(const std::string& that, const std::string& with_this) {
  std::string request = request_of_client();
  return judged("basic", request.replace(request.find(that), that.size(), with_this));
}

}  // namespace

TEST_CASE("a request has all that an opening handshake needs") {
  CHECK(judged("basic", request_of_client()).verdict == Verdict::pass);
  CHECK(instead("Connection: Upgrade", "Connection: keep-alive, upgrade").verdict == Verdict::pass);
  CHECK(instead("GET", "POST").seen == "the method is POST");
  CHECK(instead("HTTP/1.1", "HTTP/1.0").seen == "HTTP/1.0");
  CHECK(instead("Host: here\r\n", "").seen == "0 Host fields");
  CHECK(instead("Upgrade: websocket", "Upgrade: h2c").seen == "no Upgrade: websocket");
  CHECK(instead("Connection: Upgrade", "Connection: close").seen == "no Connection: Upgrade");
  CHECK(instead("Version: 13", "Version: 8").seen == "no Sec-WebSocket-Version: 13");
  CHECK(instead("Host: here", "Host: here\r\nHost: there").verdict == Verdict::fail);
}

TEST_CASE("its lists have a grammar") {
  CHECK(with("grammar", "").verdict == Verdict::pass);
  CHECK(with("grammar", "Sec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Extensions: x; y=1\r\n").verdict ==
        Verdict::pass);
  CHECK(with("grammar", "Sec-WebSocket-Extensions: x;;\r\n").verdict == Verdict::fail);
  CHECK(with("grammar", "Sec-WebSocket-Protocol: a b\r\n").verdict == Verdict::fail);
  CHECK(with("grammar", "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: a\r\n").seen ==
        "the subprotocol a is offered twice");
}

TEST_CASE("its offer of permessage-deflate has defined parameters") {
  CHECK(with("pmd", "").verdict == Verdict::skip);
  CHECK(with("pmd", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n").verdict ==
        Verdict::pass);
  CHECK(with("pmd", "Sec-WebSocket-Extensions: permessage-deflate; foo\r\n").verdict == Verdict::fail);
  CHECK(with("pmd", "Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate; server_max_window_bits=7\r\n")
            .verdict == Verdict::fail);
}

TEST_CASE("a request has no body") {
  CHECK(with("no-body", "").verdict == Verdict::pass);
  CHECK(with("no-body", "Content-Length: 0\r\n").verdict == Verdict::info);
  CHECK(with("no-body", "Content-Length: 2\r\n").verdict == Verdict::fail);
  CHECK(with("no-body", "Transfer-Encoding: chunked\r\n").verdict == Verdict::fail);
}

TEST_CASE("a case that needs an offer is left out without it") {
  const std::string window = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
  const std::string protocol = "Sec-WebSocket-Protocol: chat\r\n";
  CHECK(with("deflate", "").verdict == Verdict::skip);
  CHECK(with("deflate", window).verdict == Verdict::pass);
  CHECK(with("no-window", window).verdict == Verdict::skip);
  CHECK(with("no-window", "Sec-WebSocket-Extensions: permessage-deflate\r\n").verdict == Verdict::pass);
  CHECK(with("protocols", "").verdict == Verdict::skip);
  CHECK(with("protocols", protocol).verdict == Verdict::pass);
  CHECK(with("no-protocols", protocol).verdict == Verdict::skip);
  CHECK(with("no-protocols", "").verdict == Verdict::pass);
}

TEST_CASE("what comes may not be a request, or nothing may come") {
  CHECK(judged("basic", "hello\r\n\r\n").verdict == Verdict::fail);
  CHECK(judged("basic", "END").verdict == Verdict::error);
  CHECK(judged("basic", "GET / HT").seen == "no request");
}

TEST_CASE("a name is asked for in TLS, an address is not") {
  const auto asked = [](const std::string& host, const std::string& name) {
    FakeClient client;
    client.request = request_of_client();
    client.request.replace(client.request.find("here"), 4, host);
    client.server_name = name;
    return client.run("asked | request server-name | answer | ignored");
  };
  CHECK(asked("localhost:443", "LocalHost").verdict == Verdict::pass);
  CHECK(asked("localhost:443", "").seen == "no server name in its TLS");
  CHECK(asked("localhost", "other").seen == "it asks for the server name other");
  CHECK(asked("127.0.0.1:443", "").verdict == Verdict::skip);
}

TEST_CASE("a client that connects again and again waits for longer each time, or for some time") {
  using std::chrono::milliseconds;
  const auto judged_for = [](std::vector<base::Duration> absences, bool gone = false) {
    FakeClient client;
    client.absences = std::move(absences);
    client.gone = gone;
    return client.run("asked | answer | settle 100 | rst | backoff");
  };
  constexpr milliseconds open(100);
  CHECK(judged_for({milliseconds(100), milliseconds(200) + open, milliseconds(400) + open}).verdict == Verdict::pass);
  const Result same = judged_for({milliseconds(1000), milliseconds(1010) + open, milliseconds(1000) + open});
  CHECK(same.verdict == Verdict::fail);
  CHECK(same.seen == "it connects again after 1.00, 1.01, 1.00 s");
  CHECK(judged_for({milliseconds(10)}, true).seen == "it connects again once, after 0.01 s");
  CHECK(judged_for({}, true).seen == "it does not connect again");
  CHECK(judged_for({}).verdict == Verdict::skip);  // in 20 s
}

TEST_CASE("who does not like a certificate asks for nothing") {
  FakeClient client;
  client.request = "END";
  CHECK(client.run("unasked").verdict == Verdict::pass);
  client.request = request_of_client();
  CHECK(client.run("unasked").seen == "it takes the certificate: its request comes");
  client.request = "";
  CHECK(client.run("unasked").verdict == Verdict::warn);
}
