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
  CHECK(instead("Sec-WebSocket-Key", "X-Key").seen == "no Sec-WebSocket-Key, or more than one");
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
