#include "check/tally.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fake_server.h"

using namespace wscope;
using namespace wscope::check;

namespace {

const std::vector<Case>& cases() {
  static const std::vector<Case> all = all_cases();
  return all;
}

const Case& of(std::string_view id) {
  return *std::find_if(cases().begin(), cases().end(), [id](const Case& one) { return one.id == id; });
}

// The verdict on the case `id` when `other` was answered so.
Result after(std::string_view id, std::string_view other, std::string_view answer, bool ends = false) {
  Heard heard(Role::server);
  heard.receive(base::as_bytes(answer), {});
  if (ends) heard.receive_end(false, {});
  Tally tally;
  tally.add(of(other), heard);
  return tally.judge(of(id), {});
}

}  // namespace

TEST_CASE("every 426 says what to upgrade to") {
  const Result bad = after("hs.426-upgrade", "hs.version-14", "HTTP/1.1 426 No\r\nContent-Length: 0\r\n\r\n");
  CHECK(bad.verdict == Verdict::fail);
  CHECK(bad.seen == "hs.version-14: 426 without Upgrade: websocket");
  CHECK(after("hs.426-upgrade", "hs.version-14", "HTTP/1.1 426 No\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n")
            .verdict == Verdict::pass);
}

TEST_CASE("refusals are HTTP, and end") {
  CHECK(after("hs.refusal-form", "hs.key-none", "no\r\n\r\n").verdict == Verdict::warn);
  CHECK(after("hs.refusal-form", "hs.key-none", "HTTP/1.1 400 No\r\n\r\n").verdict == Verdict::warn);
  CHECK(after("hs.refusal-form", "hs.key-none", "HTTP/1.1 400 No\r\n\r\n", true).verdict == Verdict::pass);
  CHECK(after("hs.refusal-form", "hs.method-head", "HTTP/1.1 405 No\r\nContent-Length: 9\r\n\r\n").verdict ==
        Verdict::pass);
}

TEST_CASE("a server that crashes answers 500") {
  CHECK(after("hs.crash-5xx", "hs.key-none", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").verdict == Verdict::warn);
  CHECK(after("hs.crash-5xx", "hs.key-none", "HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n").verdict == Verdict::pass);
}

TEST_CASE("a stack trace is a finding") {
  const Result leak = after("sec.leak", "hs.key-none",
                            "HTTP/1.1 500 No\r\nContent-Length: 33\r\n\r\nTraceback (most recent call last)");
  CHECK(leak.verdict == Verdict::info);
  CHECK(leak.finding);
}

TEST_CASE("an invariant is broken by the first who breaks it") {
  Heard heard(Role::server);
  heard.receive(base::as_bytes("HTTP/1.1 101 OK\r\n\r\n"), {});
  heard.receive(base::as_bytes(test::frame(3, "x")), {});
  Tally tally;
  tally.add(of("hs.basic"), heard);
  const Result broken = tally.judge(of("inv.opcode"), {});
  CHECK(broken.verdict == Verdict::fail);
  CHECK(broken.seen == "hs.basic: the opcode 0x3");
  CHECK(tally.judge(of("inv.mask"), {}).verdict == Verdict::pass);
}

TEST_CASE("a secret in a URL's query is told") {
  Settings settings;
  settings.request.target = "/ws?Token=x";
  CHECK(Tally().judge(of("sec.auth-in-query"), settings).finding);
  settings.request.target = "/token?x=1";
  CHECK(!Tally().judge(of("sec.auth-in-query"), settings).finding);
}
