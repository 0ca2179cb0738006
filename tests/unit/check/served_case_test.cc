#include "check/served_case.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/socket.h>

#include "fake_client.h"
#include "unit/peer/owner.h"

using namespace wscope;
using namespace wscope::check;
using test::run_until;

namespace {

constexpr Row row{"x", "C M", "-", "a Ping", "a Pong", "asked | answer early | ping a | ponged a"};

struct Fixture final : ServedCaseOwner {
  Fixture() {
    int ends[2] = {-1, -1};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    REQUIRE(::fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    client.reset(ends[0]);
    connection.emplace(loop, net::UniqueFd(ends[1]), nullptr, *this);
    settings.role = Role::client;
  }

  void handle_request(ServedCase& one, const http::RequestHead& request) override {
    target = request.target;
    if (begins) one.begin(the_case, settings);
  }
  void handle_served(ServedCase&) override { served = true; }

  void say(std::string_view text) const { REQUIRE(::send(client.get(), text.data(), text.size(), 0) > 0); }

  link::Loop loop;
  Settings settings{};
  Case the_case{nullptr, &row, "x", std::string(row.program)};
  net::UniqueFd client;
  std::optional<ServedCase> connection{};
  std::string target{};
  bool begins = true;
  bool served = false;
};

}  // namespace

TEST_CASE("a client's connection has its case carried out") {
  Fixture fixture;
  fixture.say(test::request_of_client());
  REQUIRE(run_until(fixture.loop.poller, [&] { return !fixture.target.empty(); }));
  CHECK(fixture.target == "/case");
  fixture.say(test::client_frame(10, "a") + test::client_close(1000));
  REQUIRE(run_until(fixture.loop.poller, [&] { return fixture.served; }));
  REQUIRE(fixture.connection->has_result());
  CHECK(fixture.connection->result().verdict == Verdict::pass);
  CHECK(fixture.connection->heard().pongs().size() == 1);
  CHECK(!fixture.connection->may_go());
  fixture.connection->let_go();
  CHECK(fixture.connection->may_go());
}

TEST_CASE("a case may begin later than the request") {
  Fixture fixture;
  fixture.begins = false;
  fixture.say(test::request_of_client());
  REQUIRE(run_until(fixture.loop.poller, [&] { return !fixture.target.empty(); }));
  fixture.connection->begin_aside({nullptr, &row, "x", "asked | answer | close | closes"}, fixture.settings);
  fixture.say(test::client_close(1000));
  REQUIRE(run_until(fixture.loop.poller, [&] { return fixture.served; }));
  CHECK(!fixture.connection->has_result());
  CHECK(fixture.connection->may_go());
}

TEST_CASE("a connection that ends without a request has no case") {
  Fixture fixture;
  fixture.say("GET / HT");
  fixture.client.reset();
  REQUIRE(run_until(fixture.loop.poller, [&] { return fixture.served; }));
  CHECK(!fixture.connection->has_result());
  CHECK(fixture.connection->may_go());
}
