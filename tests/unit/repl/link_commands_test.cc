#include "repl/link_commands.h"

#include <doctest/doctest.h>

#include <string>

#include "noted_host.h"
#include "unit/link/notes.h"

using namespace wscope;
using link::Use;
using repl::Action;
using test::Strings;

namespace {

struct Fixture final : test::Connected {
  test::NotedHost host;

  std::string said(Action action, std::string_view arguments = "") {
    const auto obeyed = repl::change_link(action, arguments, connections, host);
    CHECK((obeyed ? "" : obeyed.error().message) == "");
    return host.take_said();
  }
  std::string complaint(Action action, std::string_view arguments = "") {
    const auto obeyed = repl::change_link(action, arguments, connections, host);
    REQUIRE_FALSE(obeyed.ok());
    return obeyed.error().message;
  }
  void send(link::ConnectionNumber number, std::string_view text) {
    REQUIRE(connections.find(number)->send({.payload = base::as_bytes(text)}) == ws::Status::ok);
    connections.find(number)->peer().flush();
  }
};

}  // namespace

TEST_CASE("what is not connected cannot be changed") {
  Fixture fixture;
  for (const Action action : {Action::reconnect, Action::pause, Action::compress}) {
    CHECK(repl::changes_link(action));
    CHECK(fixture.complaint(action) == "not connected");
  }
  fixture.listen();
  CHECK(fixture.complaint(Action::pause) == "no client is connected");
  CHECK(fixture.complaint(Action::reconnect) == "a client's connection is its own");
}

TEST_CASE("nothing is read from what is paused, until it goes on") {
  Fixture fixture;
  fixture.open_echo();
  CHECK(fixture.said(Action::pause) == "paused: nothing is read until /pause\n");
  fixture.send(1, "one");
  test::settle(fixture.loop.poller);
  CHECK(fixture.received.empty());
  CHECK(fixture.said(Action::pause) == "reading goes on\n");
  CHECK(fixture.turn_until_received(1));
}

TEST_CASE("what is paused can be closed") {
  Fixture fixture;
  fixture.open_echo();
  fixture.said(Action::pause);
  CHECK(fixture.connections.close(1));
  CHECK(fixture.turn_until([&] { return fixture.ended == Strings{"1"}; }));
  fixture.open_echo();
  fixture.said(Action::pause);
  fixture.connections.close_all(ws::close_code::normal);
  CHECK(fixture.turn_until([&] { return fixture.ended == Strings{"1", "2"}; }));
}

TEST_CASE("an open connection is closed and made again, with its number") {
  Fixture fixture;
  fixture.open_echo();
  CHECK(fixture.said(Action::reconnect) == "connection 1 is made again once it is closed\n");
  CHECK(fixture.connections.comes_back(1));
  CHECK(fixture.turn_until([&] { return fixture.opened == 2; }));
  CHECK(fixture.ended == Strings{"1"});
  CHECK(fixture.connections.is_open(1));
  CHECK(fixture.connections.use() == Use{Use::Kind::one, 1});
  CHECK_FALSE(fixture.connections.comes_back(1));
  fixture.send(1, "again");
  CHECK(fixture.turn_until_received(1));
}

TEST_CASE("so is one that is over, the last one if nothing is in use") {
  Fixture fixture;
  for (link::ConnectionNumber number = 1; number <= 2; ++number) {
    fixture.open_echo();
    fixture.connections.close(number);
    REQUIRE(fixture.turn_until([&] { return fixture.connections.empty(); }));
    fixture.connections.forget_use();
  }
  fixture.connections.clean_up();
  CHECK(fixture.said(Action::reconnect) == "connection 2 is made again\n");
  CHECK(fixture.turn_until([&] { return fixture.connections.is_open(2); }));
  CHECK_FALSE(fixture.connections.is_open(1));
}

TEST_CASE("what is to be over does not come back") {
  Fixture fixture;
  fixture.open_echo();
  fixture.said(Action::reconnect);
  fixture.connections.close_all(ws::close_code::normal);
  CHECK(fixture.turn_until([&] { return fixture.connections.empty(); }));
  fixture.connections.clean_up();
  CHECK(fixture.connections.empty());
}

TEST_CASE("what is sent is compressed, or not, where that was agreed on") {
  Fixture fixture;
  fixture.open_echo();
  const auto wire_bytes = [&] {
    const std::string status = fixture.journal.describe(1);
    const std::size_t at = status.find("on the wire ");
    return at == std::string::npos ? std::string() : status.substr(at + 12, status.find(' ', at + 12) - at - 12);
  };
  const std::string text(10'000, 'x');
  CHECK(fixture.said(Action::compress, "off") == "compress off\n");
  fixture.send(1, text);
  CHECK(wire_bytes() == "10000");
  CHECK(fixture.said(Action::compress) == "compress on\n");
  fixture.send(1, text);
  CHECK(std::stoul(wire_bytes()) < 11'000);
  CHECK(fixture.complaint(Action::compress, "maybe") == "wants on or off, not \"maybe\"");
  link::ConnectPlan plain = Fixture::to_echo();
  plain.compression.reset();
  const link::ConnectionNumber number = fixture.connections.connect(plain);
  REQUIRE(fixture.turn_until([&] { return fixture.connections.is_open(number); }));
  CHECK(fixture.complaint(Action::compress, "on") == "compression was not agreed on");
}
