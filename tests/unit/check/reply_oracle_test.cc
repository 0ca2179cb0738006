// Of what a reply says.
#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using check::Result;
using check::Verdict;
using test::FakeServer;

namespace {

// The verdict on a 101 with these fields.
Verdict verdict_of(const std::string& fields, std::string_view program, bool deflate = true) {
  FakeServer server;
  server.settings.deflate = deflate;
  server.settings.known_subprotocol = "chat";
  server.answer = [fields](const std::string& request) { return test::upgrade(request, fields); };
  return server.run(program).verdict;
}

Verdict verdict_of_refusal(const std::string& head, std::string_view program) {
  FakeServer server;
  server.answer = [head](const std::string&) { return head + "\r\n"; };
  return server.run(program).verdict;
}

std::string extension(const std::string& value) { return "Sec-WebSocket-Extensions: " + value + "\r\n"; }

}  // namespace

TEST_CASE("the form of a 101") {
  CHECK(verdict_of("", "ask | open | reply status-line") == Verdict::pass);
  CHECK(verdict_of("", "ask | open | reply no-body") == Verdict::pass);
  CHECK(verdict_of("Content-Length: 0\r\n", "ask | open | reply no-body") == Verdict::fail);
  CHECK(verdict_of("", "ask | open | reply unasked") == Verdict::pass);
  CHECK(verdict_of("Sec-WebSocket-Protocol: chat\r\n", "ask | open | reply unasked") == Verdict::fail);
  CHECK(verdict_of("Sec-WebSocket-Accept: x\r\n", "ask | open | reply once") == Verdict::fail);
}

TEST_CASE("the refusal of a version names 13") {
  CHECK(verdict_of("", "ask | reply version") == Verdict::fail);
  CHECK(verdict_of_refusal("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n", "ask | reply version") ==
        Verdict::fail);
  CHECK(verdict_of_refusal("HTTP/1.1 400 No\r\nSec-WebSocket-Version: 8, 13\r\nContent-Length: 0\r\n",
                           "ask | reply version") == Verdict::pass);
}

TEST_CASE("subprotocols are chosen from what was offered") {
  const std::string offer = "set Sec-WebSocket-Protocol: a, {known} | ask | open | ";
  CHECK(verdict_of("Sec-WebSocket-Protocol: chat\r\n", offer + "reply offered") == Verdict::pass);
  CHECK(verdict_of("Sec-WebSocket-Protocol: other\r\n", offer + "reply offered") == Verdict::fail);
  CHECK(verdict_of("", offer + "reply offered") == Verdict::pass);
  CHECK(verdict_of("", offer + "reply known") == Verdict::fail);
  CHECK(verdict_of("Sec-WebSocket-Protocol: chat\r\n", offer + "reply known") == Verdict::pass);
  CHECK(verdict_of("Sec-WebSocket-Protocol: chat\r\n",
                   "set Sec-WebSocket-Protocol: {KNOWN} | ask | open | reply other-case") == Verdict::fail);
  CHECK(verdict_of("Sec-WebSocket-Protocol: a b\r\n", "ask | open | reply no-protocol") == Verdict::fail);
}

TEST_CASE("the parameters of permessage-deflate are within what was offered") {
  const auto smwb = [](const std::string& value) { return verdict_of(extension(value), "ask | open | reply smwb 10"); };
  CHECK(smwb("permessage-deflate; server_max_window_bits=10") == Verdict::pass);
  CHECK(smwb("permessage-deflate; server_max_window_bits=9") == Verdict::pass);
  CHECK(smwb("permessage-deflate; server_max_window_bits=11") == Verdict::fail);
  CHECK(smwb("permessage-deflate") == Verdict::fail);
  CHECK(smwb("permessage-deflate; server_max_window_bits=7") == Verdict::fail);
  CHECK(smwb("permessage-deflate; foo") == Verdict::fail);
  CHECK(smwb("x-other") == Verdict::fail);
  CHECK(verdict_of("", "ask | open | reply smwb 10") == Verdict::pass);  // declined
  CHECK(verdict_of(extension("permessage-deflate; client_max_window_bits=12"), "ask | open | reply cmwb 10") ==
        Verdict::warn);
  CHECK(verdict_of(extension("permessage-deflate"), "ask | open | reply cmwb 10") == Verdict::pass);
  CHECK(verdict_of(extension("permessage-deflate"), "ask | open | reply snct") == Verdict::fail);
  CHECK(verdict_of(extension("permessage-deflate; client_max_window_bits=15"), "ask | open | reply no-cmwb") ==
        Verdict::fail);
  CHECK(verdict_of(extension("permessage-deflate; client_max_window_bits"), "ask | open | reply subset") ==
        Verdict::fail);
}

TEST_CASE("a bad offer is declined") {
  CHECK(verdict_of("", "ask | reply declined") == Verdict::pass);
  CHECK(verdict_of(extension("permessage-deflate"), "ask | reply declined") == Verdict::fail);
  CHECK(verdict_of_refusal("HTTP/1.1 400 No\r\nContent-Length: 0\r\n", "ask | reply declined") == Verdict::warn);
  CHECK(verdict_of_refusal("HTTP/1.1 500 No\r\nContent-Length: 0\r\n", "ask | reply declined") == Verdict::fail);
  CHECK(verdict_of("", "ask | reply malformed") == Verdict::fail);
  CHECK(verdict_of("", "ask | reply malformed", false) == Verdict::warn);
  CHECK(verdict_of_refusal("HTTP/1.1 400 No\r\nContent-Length: 0\r\n", "ask | reply malformed") == Verdict::pass);
}

TEST_CASE("what a case about data needs is skipped without it") {
  CHECK(verdict_of("", "ask | open | reply agreed") == Verdict::skip);
  CHECK(verdict_of(extension("permessage-deflate"), "ask | open | reply agreed snct") == Verdict::skip);
  CHECK(verdict_of(extension("permessage-deflate; client_no_context_takeover"), "ask | open | reply takeover") ==
        Verdict::skip);
  CHECK(verdict_of(extension("permessage-deflate"), "ask | open | reply takeover") == Verdict::pass);
}

TEST_CASE("a foreign page that is let in is told") {
  FakeServer server;
  const Result result = server.run("set Origin: https://x | ask | reply origin any page can open this");
  CHECK(result.verdict == Verdict::info);
  CHECK(result.seen == "any page can open this");
  CHECK(verdict_of_refusal("HTTP/1.1 403 No\r\nContent-Length: 0\r\n", "ask | reply origin x") == Verdict::pass);
}
