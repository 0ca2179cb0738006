#include "check/case_connection.h"

#include <doctest/doctest.h>

#include "check/survey.h"
#include "link/embedded_echo.h"
#include "unit/peer/owner.h"

using namespace wscope;
using namespace wscope::check;
using test::run_until;

namespace {

constexpr Row row{"x", "S M", "-", "a Ping", "a Pong", "ping a | ponged a"};

struct Fixture final : CaseOwner {
  void handle_case_over(CaseConnection&, const Result& over, const Heard&) override { result = over; }
  void handle_no_connection(CaseConnection&, const base::Error& why) override { error = why; }

  Result run(const http::Url& url) {
    settings = settings_of(plan, url);
    CaseConnection connection(loop, plan, url, true, *this);
    connection.write_down();
    connection.start(one, settings);
    REQUIRE(connection.current() == &one);
    REQUIRE(run_until(loop.poller, [&] { return result || error; }));
    CHECK(connection.current() == nullptr);
    transcript = connection.take_transcript();
    return result.value_or(Result{});
  }

  link::Loop loop;
  CheckPlan plan{};
  Settings settings{};
  Case one{nullptr, &row, "x", std::string(row.program)};
  std::optional<Result> result{};
  std::optional<base::Error> error{};
  std::string transcript{};
};

}  // namespace

TEST_CASE("a case is carried out over a socket, and written down") {
  Fixture fixture;
  link::EmbeddedEcho echo(fixture.loop, {}, {});
  REQUIRE(echo.listen());
  CHECK(fixture.run(echo.url()).verdict == Verdict::pass);
  CHECK(fixture.transcript.find("< PONG fin len=1") != std::string::npos);
}

TEST_CASE("where nobody listens there is no connection") {
  Fixture fixture;
  const auto url = http::parse_url("ws://127.0.0.1:1/");
  static_cast<void>(fixture.run(*url));
  REQUIRE(fixture.error);
  CHECK(fixture.error->kind == base::ErrorKind::connect);
}
