#include "repl/rules.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "folder.h"
#include "interpreting.h"
#include "support/fake_time.h"

using namespace wscope;
using namespace std::chrono_literals;
using link::Use;
using test::Interpreting;
using test::Strings;

namespace {

/// A server, number 1 being its client, and the other end of that, number 2, so that both can be heard.
struct Pair {
  test::FakeTime time;
  Interpreting on{&time};

  Pair() {
    const std::uint16_t port = on.listen();
    on.connections.connect(on.to_port(port));
    REQUIRE(on.turn_until([&] { return on.connections.targets({Use::Kind::all, 0}).size() == 2; }));
    REQUIRE(on.connections.use() == Use{Use::Kind::one, 1});
  }
  /// What has been received once that many messages have come.
  Strings received(std::size_t count) {
    REQUIRE(on.turn_until_received(count));
    return on.received;
  }
};

}  // namespace

TEST_CASE("a message is answered by the first rule of its connection that matches") {
  Pair pair;
  pair.on.obey("/use 2");
  pair.on.obey("/reply ^ping (\\w+)$=pong {{1}} {{n}}");
  pair.on.obey("/reply ping=never mind");
  pair.on.obey("/use 1");
  pair.on.obey("ping x");
  CHECK(pair.received(2) == Strings{"2 ping x", "1 pong x 1"});
  pair.on.obey("ping");
  CHECK(pair.received(4).back() == "1 never mind");
  CHECK(pair.on.host.replies == Strings{"2 1", "2 2"});
  pair.on.obey("x");
  CHECK(pair.received(5).back() == "2 x");
}

TEST_CASE("rules of all connections answer behind those of one") {
  Pair pair;
  pair.on.obey("/use all");
  pair.on.obey("/reply .=all");
  pair.on.obey("/use 2");
  pair.on.obey("/reply a=one");
  CHECK(pair.on.said("/reply") == "  1  a=one\n  2  .=all  (of all)\n");
  pair.on.obey("/use 1");
  CHECK(pair.on.said("/reply") == "  1  .=all  (of all)\n");
  pair.on.obey("a");
  pair.received(2);
  CHECK(pair.on.received[1] == "1 one");
  pair.on.obey("/use all");
  CHECK(pair.on.said("/reply off") == "reply off\n");
  CHECK(pair.on.said("/reply") == "there are none\n");
  pair.on.obey("/use 2");
  CHECK(pair.on.said("/reply off 1") == "reply 1 off\n");
  CHECK(pair.on.said("/reply") == "there are none\n");
  CHECK(pair.on.complaint("/reply off 1") == "/reply: there is no number 1");
}

TEST_CASE("what cannot be answered is said") {
  Pair pair;
  pair.on.obey("/reply a=never");
  pair.on.obey("/use 2");
  pair.on.obey("/reply a={{.id}}");
  pair.on.obey("/use 1");
  pair.on.host.said.clear();
  pair.on.obey("a");
  pair.received(1);
  CHECK(pair.on.host.take_said() == "not answered: there is nothing for {{.id}}\n");
}

TEST_CASE("what is said again and again comes on time, on each connection that is meant") {
  Pair pair;
  pair.on.obey("/every 2 one {{n}}");
  pair.on.obey("/use all");
  pair.on.obey("/every 3 all");
  pair.time.pass(2s);
  CHECK(pair.received(1) == Strings{"2 one 1"});
  pair.time.pass(1s);
  pair.received(3);
  CHECK(std::count(pair.on.received.begin(), pair.on.received.end(), "1 all") == 1);
  CHECK(std::count(pair.on.received.begin(), pair.on.received.end(), "2 all") == 1);
  pair.on.obey("/use 1");
  CHECK(pair.on.said("/every") == "  1  2 one {{n}}\n  2  3 all  (of all)\n");
  CHECK(pair.on.said("/every off 2") == "every 2 off\n");
  CHECK(pair.on.said("/every") == "  1  2 one {{n}}\n");
  pair.time.pass(1s);
  CHECK(pair.received(4).back() == "2 one 2");
  CHECK(pair.on.said("/every off") == "every off\n");
  pair.time.pass(100s);
  pair.on.obey("last");
  CHECK(pair.received(5).back() == "2 last");
}

TEST_CASE("a connection that is made again keeps its rules") {
  Pair pair;
  pair.on.obey("/every 2 hi");
  pair.on.obey("/reconnect");
  REQUIRE(pair.on.turn_until([&] { return pair.on.opened == 2; }));
  pair.time.pass(2s);
  CHECK(pair.received(1) == Strings{"3 hi"});
}

TEST_CASE("what the command line says again and again are rules, too") {
  Interpreting on;
  on.obey("/connect --every 2.5 'a b' echo:");
  CHECK(on.said("/every") == "  1  2.5 a b\n");
}

TEST_CASE("a text is what an option's would be") {
  Pair pair;
  const test::Folder folder;
  const std::string path = folder.file("text", "from a file");
  pair.on.obey("/every 1 @" + path);
  pair.time.pass(1s);
  CHECK(pair.received(1) == Strings{"2 from a file"});
  CHECK(pair.on.complaint("/every 1 {{x}}") == "/every: {{x}} stands for nothing");
  CHECK(pair.on.complaint("/every 1 {{0}}") == "/every: there is no group 0");
  CHECK(pair.on.complaint("/every 0 x") == "/every: wants more than 0 seconds");
  CHECK(pair.on.complaint("/every x") == "/every: wants more than 0 seconds");
  CHECK(pair.on.complaint("/every 1") == "/every: wants a text");
  CHECK(pair.on.complaint("/every 1 \xff") == "/every: not UTF-8");
  CHECK(pair.on.complaint("/reply a") == "/reply: expected =TEXT behind the match");
  CHECK(pair.on.complaint("/reply (=x").starts_with("/reply: "));
  CHECK(Interpreting().complaint("/reply a=b") == "not connected");
}

TEST_CASE("lines are binary messages if they are to be, and so are rules") {
  Pair pair;
  pair.on.interpreter.send_lines_as(ws::Opcode::binary);
  pair.on.obey("/every 1 x");
  pair.time.pass(1s);
  CHECK(pair.received(1) == Strings{"2 x"});
  CHECK(pair.on.journal.transcript().entries().back().opcode == ws::Opcode::binary);
}
