#include "check/way.h"

#include <doctest/doctest.h>

using namespace wscope;
using namespace wscope::check;

namespace {

constexpr Row must{"tls.test", "S Mt", "-", "a test", "that it works"};
constexpr Row should{"tls.test", "S St", "-", "a test", "that it works"};

Case with(const Row& row, std::string program) { return {nullptr, &row, "tls.test", std::move(program)}; }

const base::Error refused{base::ErrorKind::tls, "the other side does not like it"};

}  // namespace

TEST_CASE("the way is the first step of a program") {
  CHECK(way_of(with(must, "way alpn h2 http/1.1 | ask | open")) == "alpn h2 http/1.1");
  CHECK(way_of(with(must, "way plain")) == "plain");
  CHECK(way_of(with(must, "ask | open")).empty());
}

TEST_CASE("a way changes what a connection is made of") {
  link::ConnectPlan plan;
  tls::Offer offer;
  http::Url url{.secure = true, .host = "example.com", .target = "/", .credentials = {}};
  plan.tls.pins = {"sha256//x"};
  plan.tls.ca_file = "ca.pem";
  link::ConnectPlan old = plan;
  go_another_way("version 1.1", old, offer, url);
  CHECK(offer.only == tls::OldVersion::tls_1_1);
  CHECK(offer.protocols.empty());
  CHECK(old.tls.pins.empty());
  link::ConnectPlan trusting = plan;
  go_another_way("trust", trusting, offer, url);
  CHECK(trusting.tls.verify);
  CHECK(trusting.tls.pins.empty());
  CHECK(trusting.tls.ca_file.empty());
  link::ConnectPlan named = plan;
  go_another_way("name wscope.invalid", named, offer, url);
  CHECK(named.server_name == "wscope.invalid");
  CHECK_FALSE(named.tls.verify);
  go_another_way("alpn h2 http/1.1", plan, offer, url);
  CHECK(offer.protocols == std::vector<std::string>{"h2", "http/1.1"});
  CHECK(plan.tls.pins.size() == 1);
  go_another_way("family 6", plan, offer, url);
  CHECK(plan.route.ip_version == link::IpVersion::v6);
  CHECK(url.secure);
  go_another_way("plain", plan, offer, url);
  CHECK_FALSE(url.secure);
}

TEST_CASE("no connection may be what is wanted") {
  CHECK(judge_no_way(with(must, "way version 1.0"), refused)->verdict == Verdict::pass);
  const base::Error ours{base::ErrorKind::tls, "TLS: no protocols available"};
  CHECK(judge_no_way(with(must, "way version 1.0"), ours)->verdict == Verdict::skip);
  CHECK(judge_no_way(with(should, "way trust"), refused)->verdict == Verdict::warn);
  CHECK(judge_no_way(with(must, "way alpn http/1.1 | ask | open"), refused)->verdict == Verdict::fail);
  CHECK(judge_no_way(with(must, "way name x"), refused)->verdict == Verdict::info);
  CHECK_FALSE(judge_no_way(with(must, "ask | open"), refused));
  const base::Error none{base::ErrorKind::connect, "refused"};
  CHECK_FALSE(judge_no_way(with(must, "way version 1.0"), none));
  const base::Error proxy{base::ErrorKind::usage, "only on the straight way to the server"};
  CHECK(judge_no_way(with(must, "way version 1.0"), proxy)->verdict == Verdict::skip);
  CHECK(judge_no_way(with(must, "way family 6"), none)->seen == "does not: refused");
}

TEST_CASE("what was agreed on may be all there is to know") {
  const tls::CertificateView own{.subject = "CN=x",
                                 .issuer = {},
                                 .names = {"a.example"},
                                 .not_before = {},
                                 .not_after = "2027-01-31 12:00:00 UTC"};
  tls::Session session{.version = "TLSv1.3", .cipher = {}, .protocol = "http/1.1", .chain = {own}, .pin = {}};
  CHECK(judge_way(with(must, "way version 1.0"), &session)->verdict == Verdict::fail);
  CHECK(judge_way(with(should, "way trust"), &session)->seen == "for a.example, until 2027-01-31, 1 certificate");
  CHECK(judge_way(with(must, "way name x"), &session)->verdict == Verdict::info);
  CHECK_FALSE(judge_way(with(must, "way alpn h2 http/1.1 | ask"), &session));
  CHECK_FALSE(judge_way(with(must, "ask | open"), &session));
  CHECK_FALSE(judge_way(with(must, "way plain | ask"), nullptr));
  CHECK(words_of(session) == "TLS 1.3, ALPN http/1.1");
  session.protocol = "h2";
  CHECK(judge_way(with(should, "way alpn h2 http/1.1 | ask"), &session)->verdict == Verdict::skip);
  CHECK(judge_way(with(must, "way alpn http/1.1 | ask"), &session)->verdict == Verdict::fail);
  session.protocol.clear();
  CHECK(words_of(session) == "TLS 1.3, no ALPN");
}
