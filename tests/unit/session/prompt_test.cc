#include "session/prompt.h"

#include <doctest/doctest.h>

#include <string>

#include "unit/link/notes.h"

using namespace wscope;
using link::Use;

namespace {

struct Fixture final : test::Connected {
  session::Session session{{.at_eof = session::AtEof::hold}, loop.poller.now()};

  Fixture() {
    session.begun(0, "");
    session.opened(loop.poller.now());
  }
  [[nodiscard]] std::string prompt(bool expects = false) {
    return session::make_prompt(session, connections, expects, loop.poller.now()).text;
  }
};

}  // namespace

TEST_CASE("the prompt says what goes on") {
  Fixture fixture;
  CHECK(fixture.prompt() == "(not connected) > ");
  fixture.connections.connect(fixture.to_echo());
  CHECK(fixture.prompt() == "(connecting) > ");
  REQUIRE(fixture.turn_until([&] { return fixture.connections.is_open(1); }));
  CHECK(fixture.prompt() == "> ");
  CHECK(fixture.prompt(true) == "(expecting, Ctrl-C gives up) > ");
  fixture.connections.pause({Use::Kind::one, 1}, true);
  CHECK(fixture.prompt() == "(paused) > ");
  fixture.connections.find(1)->close(ws::close_code::normal);
  CHECK(session::is_closing(fixture.connections, 1));
  CHECK(fixture.prompt(true) == "(closing, Ctrl-C again ends) > ");
}

TEST_CASE("of several connections it names those that lines go to") {
  Fixture fixture;
  fixture.open_echo();
  fixture.open_echo();
  CHECK(fixture.prompt() == "[2] > ");
  CHECK(fixture.prompt(true) == "[2] (expecting, Ctrl-C gives up) > ");
  fixture.connections.set_use({Use::Kind::all, 0});
  CHECK(fixture.prompt() == "[all] > ");
  fixture.connections.pause({Use::Kind::all, 0}, true);
  CHECK(fixture.prompt() == "(paused) [all] > ");
}

TEST_CASE("a server without clients says so") {
  Fixture fixture;
  fixture.connections.set_use({Use::Kind::all, 0});
  CHECK(fixture.prompt() == "(not connected) > ");
  fixture.listen();
  CHECK(fixture.prompt() == "(no clients) > ");
}

TEST_CASE("at the end it says nothing more") {
  Fixture fixture;
  fixture.session.gone(0, std::nullopt, "", fixture.loop.poller.now());
  CHECK(fixture.prompt() == "> ");
  CHECK(!session::is_closing(fixture.connections, 1));
}
