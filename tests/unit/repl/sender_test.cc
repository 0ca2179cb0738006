#include "repl/sender.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "folder.h"
#include "unit/link/notes.h"
#include "unit/link/serving.h"

using namespace wscope;
using repl::Action;
using test::Connected;
using test::Strings;

namespace {

using namespace std::literals;

/// A sender and a client whose server is driven by hand.
struct Fixture : Connected {
  repl::Variables variables{loop.random};
  repl::Sender sender{loop.random, connections, journal.transcript(), variables};
  net::UniqueFd listener = test::listen_anywhere();
  net::UniqueFd hand;

  void open() {
    link::ConnectPlan command = to_port(net::local_address(listener.get()).port());
    command.compression.reset();
    const link::ConnectionNumber number = connections.connect(std::move(command));
    std::string request;
    REQUIRE(turn_until([&] {
      if (!hand.valid()) hand = net::accept_connection(listener.get()).fd;
      if (hand.valid()) request += test::hear(hand);
      return request.find("\r\n\r\n") != std::string::npos;
    }));
    const std::string name = "Sec-WebSocket-Key: ";
    test::say(hand, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                        ws::accept_value(request.substr(request.find(name) + name.size(), 24)) + "\r\n\r\n");
    REQUIRE(turn_until([&] { return connections.is_open(number); }));
  }
  void obey(Action action, std::string_view arguments) {
    const auto obeyed = sender.execute(action, arguments);
    CAPTURE(arguments);
    CHECK((obeyed ? "" : obeyed.error().message) == "");
  }
  std::string complaint(Action action, std::string_view arguments) {
    const auto obeyed = sender.execute(action, arguments);
    REQUIRE(!obeyed.ok());
    return obeyed.error().message;
  }
  /// What the server has heard until `size` bytes have come.
  std::string heard(std::size_t size) {
    std::string bytes;
    CHECK(turn_until([&] { return (bytes += test::hear(hand)).size() >= size; }));
    return bytes;
  }
  /// "81 hi": first byte and unmasked payload of frames.
  Strings frames(std::size_t count) {
    std::string bytes;
    std::vector<test::HeardFrame> frames;
    REQUIRE(turn_until([&] {
      bytes += test::hear(hand);
      frames = test::frames_in(bytes);
      return frames.size() >= count;
    }));
    Strings words;
    for (const auto& frame : frames) {
      words.push_back(std::string(frame.fin ? "" : "…") + std::string(ws::name(frame.opcode)) + " " + frame.payload);
    }
    return words;
  }
};

}  // namespace

TEST_CASE("commands that send are known") {
  int count = 0;
  for (const repl::SlashCommand& command : repl::slash_commands()) count += repl::Sender::sends(command.action) ? 1 : 0;
  CHECK(count == 10);
  CHECK(repl::Sender::sends(Action::send));
  CHECK(repl::Sender::sends(Action::resend));
  CHECK_FALSE(repl::Sender::sends(Action::connect));
  CHECK_FALSE(repl::Sender::sends(Action::quit));
}

TEST_CASE("there must be somebody to send to") {
  Fixture fixture;
  const auto sent = fixture.sender.send(ws::Opcode::text, "hi");
  REQUIRE(!sent.ok());
  CHECK(sent.error().message == "not connected");
  CHECK(sent.error().hint == "/connect URL");
  fixture.listen();
  CHECK(fixture.complaint(Action::ping, "") == "no client is connected");
  fixture.connections.connect(fixture.to_port(net::local_address(fixture.listener.get()).port()));
  CHECK(fixture.complaint(Action::send, "x").ends_with(" is not open"));
}

TEST_CASE("messages and control frames are sent") {
  Fixture fixture;
  fixture.open();
  const test::Folder folder;
  fixture.obey(Action::send, "/text");
  fixture.obey(Action::binary, "00ff");
  fixture.obey(Action::binary, "base64:aGk=");
  fixture.obey(Action::file, folder.file("a file", "from a file\n"));
  fixture.obey(Action::ping, "p");
  fixture.obey(Action::pong, "");
  fixture.obey(Action::fragment, "2 abcde");
  fixture.obey(Action::close, "4000 bye");
  CHECK(fixture.frames(10) == Strings{"text /text", "binary \x00\xff"s, "binary hi", "text from a file\n", "ping p",
                                      "pong ", "…text ab", "…continuation cd", "continuation e",
                                      "close \x0f\xa0"
                                      "bye"});
  CHECK(fixture.reports.lines[fixture.reports.lines.size() - 1].starts_with("frame 1"));
  CHECK(fixture.journal.describe(1).find("sent        5 messages") != std::string::npos);
  CHECK(fixture.complaint(Action::send, "too late") == "connection 1 is not open");
}

TEST_CASE("a frame is sent as it was asked for, legal or not, and so are raw bytes") {
  Fixture fixture;
  fixture.open();
  fixture.obey(Action::frame, "3 rsv=1 mask=no x");
  fixture.obey(Action::frame, "text mask=37fa213d hi");
  fixture.obey(Action::raw, "00ff");
  CHECK(fixture.heard(13) == "\x93\x01x"s + test::masked_frame(0x81, "hi") + "\x00\xff"s);
  CHECK(fixture.complaint(Action::frame, "16") == "\"16\" is no opcode");
  CHECK(fixture.complaint(Action::raw, "") == "wants bytes");
  CHECK(fixture.complaint(Action::raw, "@/nowhere/at/all").starts_with("/nowhere/at/all"));
}

TEST_CASE("a Close in raw bytes is none of ours: what is sent otherwise goes on") {
  Fixture fixture;
  fixture.open();
  fixture.obey(Action::raw, "8800");
  CHECK(fixture.connections.is_open(1));
  fixture.obey(Action::send, "hi");
  CHECK(fixture.frames(2) == Strings{"close ", "text hi"});
}

TEST_CASE("a Close that the protocol forbids tells how to send it all the same") {
  Fixture fixture;
  fixture.open();
  const auto closed = fixture.sender.execute(Action::close, "1006");
  REQUIRE(!closed.ok());
  CHECK(closed.error().hint == "/frame close hex:03ee sends it all the same");
  fixture.obey(Action::close, "");
  CHECK(fixture.frames(1) == Strings{"close \x03\xe8"});
}

TEST_CASE("what is not text is not sent as text") {
  Fixture fixture;
  fixture.open();
  const test::Folder folder;
  const std::string path = folder.file("f", "\xff");
  const auto sent = fixture.sender.execute(Action::file, path);
  REQUIRE(!sent.ok());
  CHECK(sent.error().message == path + ": not UTF-8");
  CHECK(sent.error().hint == "/binary @" + path + " sends it as it is");
  CHECK(fixture.complaint(Action::fragment, "1 \xff") == "not UTF-8");
  CHECK(fixture.complaint(Action::send, "\xff") != "");
  CHECK(fixture.complaint(Action::file, "") == "wants a file");
}

TEST_CASE("an empty text has one fragment") {
  Fixture fixture;
  fixture.open();
  fixture.obey(Action::fragment, "3");
  CHECK(fixture.frames(1) == Strings{"text "});
}

TEST_CASE("a text may have escapes, if that is said") {
  Fixture fixture;
  fixture.open();
  fixture.obey(Action::send, "-e a\\tb\\u20ac");
  fixture.obey(Action::send, "a\\tb");
  fixture.obey(Action::send, "-ex");
  CHECK(fixture.complaint(Action::send, "-e \\q") == "has \\q, which stands for nothing");
  CHECK(fixture.complaint(Action::send, "-e \\xff") != "");
  CHECK(fixture.frames(3) == Strings{"text a\tb€", "text a\\tb", "text -ex"});
}

TEST_CASE("what is in the transcript is sent again, or the last message that was sent") {
  Fixture fixture;
  fixture.open();
  CHECK(fixture.complaint(Action::resend, "") == "nothing was sent");
  fixture.obey(Action::send, "one");
  fixture.obey(Action::binary, "02");
  fixture.obey(Action::ping, "p");
  fixture.obey(Action::resend, "");
  CHECK(fixture.complaint(Action::resend, "9") == "there is no #9");
  CHECK(fixture.complaint(Action::resend, "x") == "wants the number of an entry");
  fixture.obey(Action::resend, "1");
  fixture.obey(Action::resend, "#3");
  CHECK(fixture.frames(6) == Strings{"text one", "binary \x02", "ping p", "binary \x02", "text one", "ping p"});
}

TEST_CASE("a large message is sent again, too") {
  Fixture fixture;
  fixture.open();
  const test::Folder folder;
  const std::size_t size = std::size_t{9} << 20;
  const std::string path = folder.file("large", std::string(size, 'x'));
  for (const auto& [action, arguments] : {std::pair(Action::file, path), std::pair(Action::resend, std::string())}) {
    fixture.obey(action, arguments);
    std::size_t heard = 0;
    CHECK(fixture.turn_until([&] { return (heard += test::hear(fixture.hand).size()) >= size; }));
  }
}

TEST_CASE("fragments that cannot wait to be sent are not begun") {
  Fixture fixture;
  fixture.open();
  CHECK(fixture.complaint(Action::fragment, "1 " + std::string(std::size_t{6} << 20, 'x')) ==
        "more fragments than can wait to be sent, so none was");
  fixture.obey(Action::send, "hi");
  CHECK(fixture.frames(1) == Strings{"text hi"});
  const std::string text(100'000, 'x');
  fixture.obey(Action::fragment, "1 " + text);
  CHECK(fixture.frames(text.size()).size() == text.size());
}

TEST_CASE("what one of several cannot be sent, the others are") {
  Connected connected;
  repl::Variables variables(connected.loop.random);
  repl::Sender sender(connected.loop.random, connected.connections, connected.journal.transcript(), variables);
  for (int i = 0; i < 2; ++i) connected.open_echo();
  connected.connections.set_use({link::Use::Kind::all, 0});
  REQUIRE(connected.connections.find(1)->connection().send(
              {.opcode = ws::Opcode::text, .payload = base::as_bytes("a"), .finished = false}) == ws::Status::ok);
  CHECK_FALSE(sender.send(ws::Opcode::text, "b").ok());
  REQUIRE(connected.turn_until_received(1));
  CHECK(connected.received == Strings{"2 b"});
  CHECK(connected.journal.describe(1).find("sent        0 messages") != std::string::npos);
  CHECK(connected.journal.describe(2).find("sent        1 message,") != std::string::npos);
}

TEST_CASE("all that are in use are sent to, and what one may not have is told") {
  Connected connected;
  repl::Variables variables(connected.loop.random);
  repl::Sender sender(connected.loop.random, connected.connections, connected.journal.transcript(), variables);
  for (int i = 0; i < 2; ++i) connected.open_echo();
  connected.connections.set_use({link::Use::Kind::all, 0});
  CHECK(sender.send(ws::Opcode::text, "to all").ok());
  REQUIRE(connected.turn_until_received(2));
  std::sort(connected.received.begin(), connected.received.end());
  CHECK(connected.received == Strings{"1 to all", "2 to all"});
}
