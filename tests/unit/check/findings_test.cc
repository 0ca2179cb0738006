#include "check/findings.h"

#include <doctest/doctest.h>

using namespace wscope::check;

namespace {

Result told(const Case& one, std::string seen, Verdict verdict = Verdict::info) {
  Result result;
  result.about = &one;
  result.verdict = verdict;
  result.seen = std::move(seen);
  return result;
}

}  // namespace

TEST_CASE("what is measured is told on a few lines") {
  const Case message{nullptr, nullptr, "limit.message", {}};
  const Case frame{nullptr, nullptr, "limit.frame", {}};
  const Case idle{nullptr, nullptr, "limit.idle", {}};
  const Case rtt{nullptr, nullptr, "net.rtt", {}};
  const Case other{nullptr, nullptr, "hs.basic", {}};
  Findings findings;
  CHECK(findings.lines({}) == "  server   no extension\n");
  findings.add(told(rtt, "0.10/0.20/0.30 ms"));
  findings.add(told(frame, "same"));
  findings.add(told(message, "1 024 B"));
  findings.add(told(idle, "60.0 s", Verdict::skip));
  findings.add(told(other, "101"));
  Facts facts;
  facts.server = "x";
  facts.tls = "TLS 1.3";
  CHECK(findings.limits() == "message 1 024 B · frame same");
  CHECK(findings.lines(facts) ==
        "  limits   message 1 024 B · frame same\n"
        "  net      round trip 0.10/0.20/0.30 ms\n"
        "  server   \"Server: x\" · no extension · TLS 1.3\n");
  findings.add(told(idle, "60.0 s"));
  CHECK(findings.times() == "idle 60.0 s");
  facts.role = Role::client;
  CHECK(findings.lines(facts).find("server") == std::string::npos);
}

TEST_CASE("an extension is told in words") {
  Facts facts;
  facts.extension = "permessage-deflate; client_max_window_bits=15";
  facts.small_windows = true;
  CHECK(extension_words(facts) == "permessage-deflate, windows 9-15, context takeover both ways");
  facts.extension = "permessage-deflate; server_no_context_takeover";
  facts.small_windows = false;
  CHECK(extension_words(facts) == "permessage-deflate, windows 15, context takeover on ours");
  facts.extension += "; client_no_context_takeover";
  CHECK(extension_words(facts) == "permessage-deflate, windows 15, no context takeover");
  facts.extension = "x-odd\n";
  CHECK(extension_words(facts) == "x-odd\\x0a");
}
