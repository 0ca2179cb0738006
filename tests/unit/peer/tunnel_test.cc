#include "peer/tunnel.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

using namespace wscope;
using Progress = peer::Tunnel::Progress;
using namespace std::string_literals;

namespace {

const http::Credentials user = {"me", "secret"};
const std::string hinted_407 = ": --proxy http://USER:PASSWORD@HOST:PORT gives it credentials";

std::string take_output(peer::Tunnel& tunnel) {
  std::string output(base::as_text(tunnel.output()));
  tunnel.consume_output(output.size());
  return output;
}

/// How a tunnel ends with what the proxy says, in pieces of that size.
struct Outcome {
  Progress progress = Progress::going_on;
  std::string said;  ///< by us
  std::string left;  ///< of what the proxy said
};

Outcome converse(peer::Tunnel& tunnel, const std::string& answers, std::size_t piece) {
  Outcome outcome{.said = take_output(tunnel), .left = {}};
  for (std::size_t at = 0; at < answers.size(); at += piece) {
    const std::string part = answers.substr(at, piece);
    base::Bytes in = base::as_bytes(part);
    outcome.progress = tunnel.receive(in);
    outcome.said += take_output(tunnel);
    outcome.left = base::as_text(in);
    if (outcome.progress == Progress::going_on) CHECK(in.empty());
    if (outcome.progress != Progress::going_on) {
      if (at + piece < answers.size()) outcome.left += answers.substr(at + piece);
      break;
    }
  }
  return outcome;
}

using Make = std::function<std::unique_ptr<peer::Tunnel>()>;

Make http_to(std::string host, std::uint16_t port, std::optional<http::Credentials> credentials = {}) {
  return [=] { return std::make_unique<peer::HttpTunnel>(peer::TunnelTarget{host, port}, credentials); };
}
Make socks_to(std::string host, std::uint16_t port, std::optional<http::Credentials> credentials = {}) {
  return [=] { return std::make_unique<peer::SocksTunnel>(peer::TunnelTarget{host, port}, credentials); };
}

const std::size_t pieces[] = {1, 2, 3, 1000};

void check_done(const Make& make, const std::string& answers, const std::string& said) {
  for (const std::size_t piece : pieces) {
    CAPTURE(piece);
    const auto tunnel = make();
    const Outcome outcome = converse(*tunnel, answers + "tunnel", piece);
    CHECK(outcome.progress == Progress::done);
    CHECK(outcome.said == said);
    CHECK(outcome.left == "tunnel");
  }
}

void check_failed(const Make& make, const std::string& answers, const std::string& message,
                  const std::string& hint = "") {
  CAPTURE(answers);
  for (const std::size_t piece : pieces) {
    CAPTURE(piece);
    const auto tunnel = make();
    CHECK(converse(*tunnel, answers, piece).progress == Progress::failed);
    CHECK(tunnel->error().kind == base::ErrorKind::connect);
    CHECK(tunnel->error().message == message);
    CHECK(tunnel->error().hint == hint);
  }
}

// What a SOCKS client says first, and what it is told.
const std::string greeting = "\5\1\0"s;
const std::string greeting_with_password = "\5\2\0\2"s;
const std::string no_authentication = "\5\0"s;
const std::string by_password = "\5\2"s;
const std::string welcome = "\1\0"s;
const std::string succeeded = "\5\0\0\1\1\2\3\4\5\6"s;

std::string request(const std::string& address, const std::string& port) { return "\5\1\0"s + address + port; }

}  // namespace

TEST_CASE("a target is written as in a URL") {
  CHECK(peer::TunnelTarget{"a.example", 80}.text() == "a.example:80");
  CHECK(peer::TunnelTarget{"::1", 8080}.text() == "[::1]:8080");
}

TEST_CASE("an HTTP proxy is asked to connect, and what follows its answer is left alone") {
  const std::string asked = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n";
  for (const char* answer :
       {"HTTP/1.1 200 Connection established\r\n\r\n", "HTTP/1.0 200 OK\r\nVia: x\r\n\r\n",
        "HTTP/1.1 204\x20\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 299 x\r\n\r\n"}) {
    CAPTURE(answer);
    check_done(http_to("a.example", 443), answer, asked);
  }
  check_done(http_to("::1", 80), "HTTP/1.1 200 OK\r\n\r\n", "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
}

TEST_CASE("an HTTP proxy that says nothing but that it is about to has failed") {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  std::string some;
  while (some.size() < 60'000) some += interim;
  check_done(http_to("a", 1), some + "HTTP/1.1 200 OK\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
  while (some.size() < 70'000) some += interim;
  check_failed(http_to("a", 1), some, "its interim responses (1xx) have no end");
}

TEST_CASE("an HTTP proxy is given credentials at once, however long they are") {
  check_done(http_to("a", 1, user), "HTTP/1.1 200 OK\r\n\r\n",
             "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
  const auto tunnel = http_to("a", 1, http::Credentials{"me", std::string(100'000, 'x')})();
  CHECK(tunnel->output().size() > 100'000);
  CHECK(take_output(*tunnel).ends_with("\r\n\r\n"));
}

TEST_CASE("an HTTP proxy that refuses is quoted") {
  const Make make = http_to("a", 1);
  check_failed(make, "HTTP/1.1 403 Forbidden\r\n\r\n", "HTTP 403 Forbidden");
  check_failed(make, "HTTP/1.1 502 \r\n\r\n", "HTTP 502");
  check_failed(make, "HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n", "HTTP 302 Found");
  check_failed(make, "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n", "HTTP 407 Who",
               "it wants Basic" + hinted_407);
  check_failed(make, "HTTP/1.1 407 Who\r\nProxy-Authenticate: Negotiate, NTLM\r\n\r\n", "HTTP 407 Who",
               "it wants Negotiate, NTLM; Basic is all that wscope gives a proxy");
  check_failed(make, "\x16\x03\x01", "it does not answer in HTTP: this is a TLS record, not HTTP",
               "got a TLS record: try --proxy https://HOST:PORT");
  check_failed(http_to("a", 1, user), "HTTP/1.1 407 Who\r\n\r\n", "HTTP 407 Who",
               "it wants credentials, and does not take these");
}

TEST_CASE("what is no HTTP is no answer") {
  const auto fails = [](const std::string& answers) {
    for (const std::size_t piece : pieces) {
      const auto tunnel = http_to("a", 1)();
      CHECK(converse(*tunnel, answers, piece).progress == Progress::failed);
      CHECK(tunnel->error().message.starts_with("it does not answer in HTTP: "));
      const bool tls = answers.starts_with('\x15') || answers.starts_with('\x16');
      CHECK(tunnel->error().hint == (tls ? "got a TLS record: try --proxy https://HOST:PORT" : "is it an HTTP proxy?"));
    }
  };
  fails("SSH-2.0-x\r\n");
  fails("\x15\x03\x03");
  fails("\5\xff"s);
  fails("HTTP/1.1 200 OK\r\nA : b\r\n\r\n");
}

TEST_CASE("an HTTP proxy whose answer has too long a head has failed") {
  for (const char* start : {"HTTP/1.1 200 OK\r\nA: ", "HTTP/1.1 200 "}) {
    check_failed(http_to("a", 1), start + std::string(70'000, 'x'), "it answers with a head of more than 65536 bytes");
  }
}

TEST_CASE("a SOCKS proxy is asked for a name") {
  check_done(socks_to("a.example", 8080), no_authentication + succeeded,
             greeting + request("\3\x09"s + "a.example", "\x1f\x90"));
  const std::string longest(255, 'x');
  check_done(socks_to(longest, 80), no_authentication + succeeded, greeting + request("\3\xff" + longest, "\0\x50"s));
  check_failed(socks_to(longest + 'x', 80), no_authentication, "a host's name has at most 255 bytes with SOCKS");
}

TEST_CASE("a SOCKS proxy is asked for an address") {
  check_done(socks_to("127.0.0.1", 256), no_authentication + succeeded, greeting + request("\1\x7f\0\0\1"s, "\1\0"s));
  check_done(socks_to("1:2::ff", 65535), no_authentication + succeeded,
             greeting + request("\4\0\1\0\2\0\0\0\0\0\0\0\0\0\0\0\xff"s, "\xff\xff"));
}

TEST_CASE("a SOCKS proxy is given user and password if it wants them") {
  const std::string asked = request("\3\1a"s, "\0\1"s);
  check_done(socks_to("a", 1, user), no_authentication + succeeded, greeting_with_password + asked);
  check_done(socks_to("a", 1, user), by_password + welcome + succeeded,
             greeting_with_password + "\1\2me\6secret" + asked);
  check_done(socks_to("a", 1, user), by_password + "\5\0"s + succeeded,  // not the version it should be
             greeting_with_password + "\1\2me\6secret" + asked);
  const std::string longest(255, 'x');
  check_done(socks_to("a", 1, http::Credentials{longest, ""}), by_password + welcome + succeeded,
             greeting_with_password + "\1\xff" + longest + "\0"s + asked);
}

TEST_CASE("a SOCKS proxy that does not let us in") {
  check_failed(socks_to("a", 1, user), by_password + "\1\1"s, "it refuses the user or the password");
  check_failed(socks_to("a", 1), "\5\xff"s, "it accepts no way of ours to log in",
               "--proxy socks5://USER:PASSWORD@HOST:PORT gives it credentials");
  check_failed(socks_to("a", 1), by_password, "it accepts no way of ours to log in",
               "--proxy socks5://USER:PASSWORD@HOST:PORT gives it credentials");
  check_failed(socks_to("a", 1, user), "\5\xff"s, "it accepts no way of ours to log in");
  const std::string too_long(256, 'x');
  const std::string words = "user and password have at most 255 bytes with SOCKS";
  check_failed(socks_to("a", 1, http::Credentials{too_long, ""}), by_password, words);
  check_failed(socks_to("a", 1, http::Credentials{"", too_long}), by_password, words);
}

TEST_CASE("a SOCKS proxy's reply may hold any kind of address") {
  const std::string asked = greeting + request("\3\1a"s, "\0\1"s);
  check_done(socks_to("a", 1), no_authentication + "\5\0\0\4"s + std::string(18, 'x'), asked);
  check_done(socks_to("a", 1), no_authentication + "\5\0\0\3\4name12"s, asked);
  check_done(socks_to("a", 1),
             no_authentication +
                 "\5\0\0\3\0"
                 "12"s,
             asked);
  check_done(socks_to("a", 1), no_authentication + "\5\0\0\3\xff"s + std::string(257, 'x'), asked);
}

TEST_CASE("what a SOCKS proxy could not do is said in words, also if it says no more than that") {
  const char* words[] = {"general failure",        "connection not allowed by its rules",
                         "network is unreachable", "host is unreachable",
                         "connection refused",     "time to live expired",
                         "command not supported",  "address type not supported"};
  for (std::size_t code = 1; code <= 8; ++code) {
    const std::string refusal = "\5"s + static_cast<char>(code);
    check_failed(socks_to("a", 1), no_authentication + refusal, words[code - 1]);
    check_failed(socks_to("a", 1), no_authentication + refusal + "\0\1\0\0\0\0\0\0"s, words[code - 1]);
  }
  check_failed(socks_to("a", 1), no_authentication + "\5\x09", "failure that SOCKS has no word for");
}

TEST_CASE("what is no SOCKS is no answer") {
  const std::string words = "it does not answer in SOCKS 5";
  const std::string hint = "is it a SOCKS proxy?";
  check_failed(socks_to("a", 1), "HTTP/1.1 400 Bad Request\r\n\r\n", words, hint);
  check_failed(socks_to("a", 1), "\4\x5a"s, words, hint);
  check_failed(socks_to("a", 1), no_authentication + "\4\0\0\1\1\2\3\4\5\6"s, words, hint);
  check_failed(socks_to("a", 1), no_authentication + "\5\0\0\2\1\2\3\4\5\6"s, words, hint);
}

TEST_CASE("what is said on the way through a proxy can be told") {
  peer::HttpTunnel http({"a", 1}, user);
  auto words = http.take_words();
  REQUIRE(words.size() == 1);
  CHECK(words[0].ours);
  CHECK(words[0].head);
  CHECK(words[0].text.starts_with("CONNECT a:1 HTTP/1.1\r\n"));
  CHECK(http.take_words().empty());
  const std::string answer = "HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 200 Yes\r\nVia: x\r\n\r\n";
  base::Bytes in = base::as_bytes(answer);
  CHECK(http.receive(in) == Progress::done);
  words = http.take_words();
  REQUIRE(words.size() == 2);
  CHECK_FALSE(words[1].ours);
  CHECK(words[1].text == "HTTP/1.1 200 Yes\r\nVia: x\r\n\r\n");

  peer::SocksTunnel socks({"a", 1}, user);
  const std::string answers = by_password + welcome + succeeded;
  in = base::as_bytes(answers);
  CHECK(socks.receive(in) == Progress::done);
  words = socks.take_words();
  REQUIRE(words.size() == 3);
  CHECK(words[0].text == "user and password");
  CHECK(words[1].text == "SOCKS 5: connect to a:1");
  CHECK(words[2].text == "connected");
  CHECK_FALSE(words[2].ours);
}
