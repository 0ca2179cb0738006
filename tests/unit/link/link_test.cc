#include "link/link.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "link/loop.h"
#include "unit/peer/owner.h"
#include "unit/report/reports.h"

using namespace wscope;
using link::Link;
using ws::Role;
using Lines = std::vector<std::string>;

namespace {

using namespace std::literals;

/// A link whose other end is a test.
struct Fixture {
  explicit Fixture(Role role = Role::server) {
    ws::Options options;
    options.role = role;
    auto ends = test::socket_pair();
    hand = std::move(ends.second);
    link.emplace(loop.context(), std::move(ends.first), std::move(options), 7, owner);
  }

  void open() {
    test::say(hand, test::upgrade_request);
    REQUIRE(test::run_until(loop.poller, [&] { return owner.opened; }));
    CHECK(test::hear(hand).substr(0, 12) == "HTTP/1.1 101");
  }
  std::string sent(const wire::Instruction& instruction) {
    CHECK(link->send(instruction, random) == ws::Status::ok);
    link->peer().flush();
    return test::hear(hand);
  }

  link::Loop loop;
  test::FixedRandom random;
  test::Owner owner;
  net::UniqueFd hand;
  std::optional<Link> link;
};

report::Reporting all_as_events() {
  report::Reporting reporting;
  reporting.format = streams::OutputFormat::json;
  reporting.sent = true;
  reporting.frames = true;
  return reporting;
}

}  // namespace

TEST_CASE("whatever is told to be sent is sent") {
  Fixture fixture;
  CHECK(fixture.link->number() == 7);
  CHECK(!fixture.link->is_open());
  fixture.open();
  CHECK(fixture.link->is_open());
  const base::Bytes hello = base::as_bytes("hello");
  CHECK(fixture.sent(ws::Piece{.payload = hello}) == test::frame(0x81, "hello"));
  CHECK(fixture.sent(wire::SendFragments{hello, 2}) ==
        test::frame(0x01, "he") + test::frame(0x00, "ll") + test::frame(0x80, "o"));
  CHECK(fixture.sent(wire::SendFragments{hello, 5}) == test::frame(0x81, "hello"));
  CHECK(fixture.sent(wire::SendFragments{{}, 1}) == test::frame(0x81, ""));
  CHECK(fixture.sent(wire::SendPing{hello}) == test::frame(0x89, "hello"));
  CHECK(fixture.sent(wire::SendPong{hello}) == test::frame(0x8a, "hello"));
  CHECK(fixture.sent(wire::SendBytes{hello}) == "hello");
  CHECK(fixture.sent(wire::SendClose{ws::close_code::normal, "bye"}) == test::frame(0x88,
                                                                                    "\x03\xe8"
                                                                                    "bye"));
  CHECK(fixture.link->send(ws::Piece{.payload = hello}, fixture.random) == ws::Status::wrong_state);
  CHECK(fixture.link->send(wire::SendFragments{hello, 2}, fixture.random) == ws::Status::wrong_state);
}

TEST_CASE("a frame is masked as its role has to, or as it is told") {
  wire::Header header{.opcode = 1, .length = 2};
  const base::Bytes hi = base::as_bytes("hi");
  Fixture server;
  server.open();
  Fixture client(Role::client);
  http::Url url;
  url.host = "a";
  url.target = "/";
  REQUIRE(client.link->connection().connect(url, {}) == ws::Status::ok);
  const auto frame_of = [&](Fixture& from, const wire::SendFrame& frame) {
    const std::string bytes = from.sent(frame);
    return bytes.substr(bytes.starts_with("GET") ? bytes.find("\r\n\r\n") + 4 : 0);
  };
  CHECK(frame_of(server, {header, true, hi}) == test::frame(0x81, "hi"));
  header.mask = ws::MaskKey{};
  CHECK(frame_of(server, {header, true, hi}) == test::frame(0x81, "hi"));
  CHECK(frame_of(server, {header, false, hi}) == "\x81\x82\0\0\0\0hi"s);
  CHECK(client.link->send(wire::SendFrame{header, true, hi}, client.random) == ws::Status::wrong_state);
}

TEST_CASE("data that is sent is reported once, in whatever pieces it goes, and what is not sent is not") {
  Fixture fixture;
  test::Reports reports(fixture.loop.poller, all_as_events());
  fixture.link->show_wire(*reports);
  CHECK(fixture.link->shows_wire());
  fixture.open();
  static_cast<void>(reports.out());
  const base::Bytes hello = base::as_bytes("hello");
  CHECK(fixture.link->send({.payload = hello}) == ws::Status::ok);
  CHECK(test::outline(reports.out()) == Lines{"frame 7 out", "text 7 out"});
  CHECK(fixture.link->send(wire::SendFragments{hello, 3}, fixture.random) == ws::Status::ok);
  CHECK(test::outline(reports.out()) == Lines{"frame 7 out", "frame 7 out", "text 7 out"});
  fixture.link->close(ws::close_code::normal);
  CHECK(test::outline(reports.out()) == Lines{"frame 7 out", "close 7 out"});
  CHECK(fixture.link->send({.payload = hello}) == ws::Status::wrong_state);
  CHECK(reports.out().empty());
}

TEST_CASE("it is read again once nothing is left of why it was not") {
  Fixture fixture;
  fixture.open();
  fixture.link->pause(Link::Wait::for_answers, true);
  fixture.link->pause(Link::Wait::for_printing, true);
  test::say(fixture.hand, test::text_frame("hi"));
  fixture.link->pause(Link::Wait::for_answers, false);
  CHECK(test::comes_to_rest(fixture.loop.poller));
  CHECK(fixture.owner.received.empty());
  fixture.link->pause(Link::Wait::for_printing, false);
  CHECK(test::run_until(fixture.loop.poller, [&] { return !fixture.owner.received.empty(); }));
}

TEST_CASE("it tells whether more of a message has come") {
  Fixture fixture;
  fixture.open();
  const auto has_come = [&](const std::string& frame) {
    test::say(fixture.hand, frame);
    REQUIRE(test::comes_to_rest(fixture.loop.poller));
    return fixture.link->more_has_come();
  };
  CHECK(!fixture.link->more_has_come());
  CHECK(has_come(test::masked_frame(0x01, "be")));
  CHECK(!fixture.link->more_has_come());
  CHECK(!has_come(test::masked_frame(0x89, "ping")));
  CHECK(has_come(test::masked_frame(0x00, "gin")));
  CHECK(!has_come(test::masked_frame(0x80, "")));
  CHECK(!fixture.link->more_has_come());
}
