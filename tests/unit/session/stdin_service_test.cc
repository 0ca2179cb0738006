#include "session/stdin_service.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "unit/link/serving.h"
#include "unit/report/reports.h"

using namespace wscope;
using streams::InputFormat;
using streams::OutputFormat;
using test::Visitor;
using Lines = std::vector<std::string>;

namespace {

struct Wanted {
  InputFormat in = InputFormat::lines;
  streams::MessageType type = streams::MessageType::text;
  report::Reporting reporting{};
  link::SlowClient slow = link::SlowClient::close;
  link::SizeLimits limits{};
  bool whole = true;  // messages of clients
};

/// A server in a pipe whose other end is the test's.
struct Piped {
  explicit Piped(const Wanted& wanted = {})
      : reports(loop.poller, wanted.reporting, test::Reports::Scope::many),
        service(loop, command, {.format = wanted.in, .type = wanted.type, .whole = true}, *reports),
        served(loop, {.whole = wanted.whole, .slow = wanted.slow, .limits = wanted.limits}, service, &*reports) {
    served.each_turn = [this] { service.send_input(); };
  }

  void type(std::string_view text) const {
    REQUIRE(net::write_some(pipe.write_end.get(), base::as_bytes(text)).bytes == text.size());
  }
  /// Whether there is input that was not read yet.
  [[nodiscard]] bool unread() const {
    pollfd polled{pipe.read_end.get(), POLLIN, 0};
    return ::poll(&polled, 1, 0) == 1;
  }
  /// Types `line` over and over until it is not read on or `done()`; how often.
  template <typename Done>
  std::size_t type_until(std::string_view line, Done&& done) {
    std::size_t typed = 0;
    for (; !done() && !unread(); ++typed) {
      REQUIRE(typed < 1000);
      type(line);
      settle();
    }
    return typed;
  }
  void settle() {
    for (int rounds = 0; rounds < 3; ++rounds) {
      service.send_input();
      test::settle(loop.poller);
    }
  }
  bool comes_to_rest() {
    settle();
    return test::comes_to_rest(loop.poller);
  }

  net::Pipe pipe = test::blocking_pipe();
  test::Replaced stdin_{STDIN_FILENO, pipe.read_end};
  link::Loop loop;
  session::ServeCommand command{};
  test::Reports reports;
  session::StdinService service;
  test::Served served;
};

report::Reporting format(OutputFormat wanted) {
  report::Reporting reporting;
  reporting.format = wanted;
  return reporting;
}

const std::string line = std::string(50'000, 'x') + "\n";

}  // namespace

TEST_CASE("what comes from stdin goes to every client") {
  Piped server;
  Visitor one(server.served);
  Visitor two(server.served);
  server.type("hello\n\nlast");
  server.pipe.write_end.reset();
  for (Visitor* client : {&one, &two}) {
    for (const char* wanted : {"hello", "", "last"}) {
      const auto& heard = client->next();
      CHECK(heard.text == wanted);
      CHECK(heard.type == ws::Opcode::text);
    }
  }
  CHECK(server.comes_to_rest());
  CHECK(one.connection().state() == ws::State::open);  // the end of stdin is no end
  CHECK(!server.service.error());
}

TEST_CASE("a long line is a message too, also to clients whose messages are not waited for") {
  const std::string text(6'000'000, 'x');
  const std::string line_of_text = text + "\n";
  for (const bool whole : {true, false}) {
    CAPTURE(whole);
    Piped server({.whole = whole});
    Visitor client(server.served);
    std::string_view left = line_of_text;
    CHECK(server.served.turn_until([&] {
      const std::size_t size = std::min<std::size_t>(left.size(), 65'536);
      if (size > 0 && !server.unread()) {
        server.type(left.substr(0, size));
        left.remove_prefix(size);
      }
      return !client.messages.empty() || client.owner.ends > 0;
    }));
    REQUIRE(!client.messages.empty());
    CHECK((client.messages.back().text == text));
  }
}

TEST_CASE("bytes are sent if that is wanted") {
  Piped server({.in = InputFormat::hex, .type = streams::MessageType::binary});
  Visitor client(server.served);
  server.type("00ff\n");
  CHECK(client.next().type == ws::Opcode::binary);
  CHECK(client.messages.back().text == std::string("\0\xff", 2));
}

TEST_CASE("stdin waits for the first client, and for the next one when the last has gone") {
  Piped server;
  server.type("first\n");
  CHECK(server.comes_to_rest());
  CHECK(server.unread());
  const net::UniqueFd half_open = server.served.connect_and_say("GET");
  CHECK(server.comes_to_rest());
  CHECK(server.unread());
  {
    Visitor client(server.served);
    CHECK(client.next().text == "first");
    CHECK(client.close());
  }
  CHECK(server.served.turn_until([&] { return server.served.server.clients().size() == 1; }));
  server.type("second\n");
  CHECK(server.comes_to_rest());
  CHECK(server.unread());
  Visitor client(server.served);
  CHECK(client.next().text == "second");
}

TEST_CASE("what clients say is printed") {
  Piped server;
  Visitor one(server.served);
  Visitor two(server.served);
  one.say("from one");
  std::string out;
  CHECK(server.served.turn_until([&] { return (out += server.reports.out()) == "from one\n"; }));
  two.say("from two");
  CHECK(server.served.turn_until([&] { return (out += server.reports.out()) == "from one\nfrom two\n"; }));
}

TEST_CASE("as an event it is printed once") {
  Piped server({.reporting = format(OutputFormat::json)});
  Visitor client(server.served);
  client.say("hello");
  std::string out;
  CHECK(server.served.turn_until([&] { return (out += server.reports.out()).find("hello") != std::string::npos; }));
  CHECK(server.comes_to_rest());
  CHECK(test::outline(out + server.reports.out()) == Lines{"open 1", "text 1 in"});
}

TEST_CASE("an object may be meant for all clients, for some or for one") {
  Piped server({.in = InputFormat::json});
  Visitor one(server.served);
  Visitor two(server.served);
  server.type(
      "{\"type\":\"text\",\"data\":\"to one\",\"conn\":1}\n"
      "{\"type\":\"binary\",\"base64\":\"/w==\",\"conn\":2}\n"
      "{\"type\":\"text\",\"data\":\"to nobody\",\"conn\":3}\n"
      "{\"type\":\"text\",\"data\":\"but two\",\"except\":2}\n"
      "{\"type\":\"text\",\"data\":\"to two\",\"conn\":[2,3]}\n"
      "{\"type\":\"text\",\"data\":\"to all\"}\n");
  CHECK(one.next().text == "to one");
  CHECK(one.next().text == "but two");
  CHECK(one.next().text == "to all");
  const auto& heard = two.next();
  CHECK(heard.text == "\xff");
  CHECK(heard.type == ws::Opcode::binary);
  CHECK(two.next().text == "to two");
  CHECK(two.next().text == "to all");
  CHECK(!server.service.error());
}

TEST_CASE("pings, pongs and closes are sent as well") {
  Piped server({.in = InputFormat::json});
  Visitor one(server.served);
  Visitor two(server.served);
  const net::UniqueFd half_open = server.served.connect_and_say("GET");
  server.type(
      "{\"type\":\"ping\",\"data\":\"all\"}\n"
      "{\"type\":\"ping\",\"data\":\"one\",\"conn\":1}\n"
      "{\"type\":\"pong\"}\n"
      "{\"type\":\"close\",\"code\":4000,\"reason\":\"bye\",\"conn\":1}\n"
      "{\"type\":\"text\",\"data\":\"who is left\"}\n"
      "{\"type\":\"close\"}\n");
  CHECK(one.run_to_end());
  CHECK(two.run_to_end());
  CHECK(one.controls == Lines{"ping all", "ping one", "pong unasked", "close 4000 bye"});
  CHECK(two.controls == Lines{"ping all", "pong unasked", "close 1005 "});
  CHECK(one.messages.empty());
  CHECK(two.messages.size() == 1);
  CHECK(test::hear(half_open).empty());
}

TEST_CASE("input that is wrong is told, what came before it is sent and nothing after it") {
  Piped server;
  Visitor client(server.served);
  server.type("one\n\xff\nthree\n");
  CHECK(server.served.turn_until([&] { return server.service.error().has_value(); }));
  CHECK(server.service.error()->message == "standard input: line 2 is not UTF-8");
  CHECK(client.next().text == "one");
  server.type("four\n");
  client.say("still here");
  CHECK(server.comes_to_rest());
  CHECK(client.messages.size() == 1);
  CHECK(server.unread());
  CHECK(client.connection().state() == ws::State::open);
}

TEST_CASE("stdin is read as fast as the only client takes it") {
  Piped server;
  const net::UniqueFd client = server.served.connect_by_hand();
  const std::size_t typed = server.type_until(line, [] { return false; });
  CHECK(server.comes_to_rest());
  CHECK(server.served.server.clients().at(1)->is_open());
  CHECK(server.reports.err().empty());
  const std::size_t wanted = typed * test::frame(0x81, line.substr(1)).size();
  std::size_t heard = 0;
  CHECK(server.served.turn_until([&] { return (heard += test::hear(client).size()) == wanted; }));
  CHECK(!server.unread());
}

TEST_CASE("stdin waits while stdout has no room for what is sent") {
  Wanted wanted;
  wanted.reporting = format(OutputFormat::json);
  wanted.reporting.sent = true;
  Piped server(wanted);
  const Visitor client(server.served);
  const auto& queue = server.reports->output().queue();
  server.type_until(line, [&] { return queue.size() > 1'000'000; });
  CHECK(queue.size() < 1'000'000);
  CHECK(server.unread());
}

TEST_CASE("a client that is slower than another one does not stop it") {
  for (const link::SlowClient slow : {link::SlowClient::close, link::SlowClient::drop}) {
    Piped server({.slow = slow});
    const net::UniqueFd lazy = server.served.connect_by_hand();
    Visitor busy(server.served);
    std::string said;
    const std::size_t typed = server.type_until(line, [&] { return !(said = server.reports.err()).empty(); });
    CHECK(said.find("wscope: client 1: reads too slowly: ") == 0);
    CHECK(server.served.turn_until([&] { return busy.messages.size() == typed; }));
    CHECK(server.served.server.clients().at(1)->is_open() == (slow == link::SlowClient::drop));
  }
}

TEST_CASE("a slow client is treated as such also where messages are meant for it alone") {
  Wanted wanted;
  wanted.in = InputFormat::json;
  wanted.limits.message = 100'000;  // so that little may wait
  Piped server(wanted);
  const net::UniqueFd lazy = server.served.connect_by_hand();
  const Visitor busy(server.served);
  const std::string object = R"({"type":"text","conn":1,"data":")" + std::string(50'000, 'x') + "\"}\n";
  std::string said;
  std::size_t typed = 0;
  server.type_until(object, [&] { return !(said = server.reports.err()).empty() || ++typed > 400; });
  CHECK(said == "wscope: client 1: reads too slowly: closed\n");
}
