#include "repl/look_back.h"

#include <doctest/doctest.h>

#include <string>

#include "folder.h"
#include "noted_host.h"
#include "unit/link/notes.h"
#include "unit/report/reports.h"

using namespace wscope;
using link::Use;
using repl::Action;
using test::Strings;
using wire::Direction;

namespace {

/// A transcript that is made by hand.
struct Fixture final : test::Connected {
  test::NotedHost host;
  repl::LookBack look_back{connections, journal, host};

  void came(std::string_view data, link::ConnectionNumber number = 1, ws::Opcode type = ws::Opcode::text) {
    journal.report(number, link::Received{{.type = type, .data = base::as_bytes(data)}});
  }
  void went(std::string_view data, link::ConnectionNumber number = 1) {
    journal.report(number, link::Sent{ws::Opcode::text, base::as_bytes(data)});
  }
  std::string said(Action action, std::string_view arguments) {
    const auto obeyed = look_back.execute(action, arguments);
    CHECK((obeyed ? "" : obeyed.error().message) == "");
    return host.take_said();
  }
  std::string complaint(Action action, std::string_view arguments) {
    const auto obeyed = look_back.execute(action, arguments);
    REQUIRE_FALSE(obeyed.ok());
    return obeyed.error().message;
  }
};

/// The lines, without their times.
Strings outline(std::string_view lines) {
  Strings found;
  while (!lines.empty()) {
    std::string line(lines.substr(0, lines.find('\n')));
    lines.remove_prefix(line.size() + 1);
    line.erase(line.find(':') - 2, 13);
    if (const std::size_t latency = line.find('+'); latency != std::string::npos) {
      line.erase(latency, line.find(" ms ") + 4 - latency);
    }
    found.push_back(std::move(line));
  }
  return found;
}

}  // namespace

TEST_CASE("the last message that came is shown, and paged only where it is longer than the screen") {
  Fixture fixture;
  CHECK(fixture.complaint(Action::last, "") == "no message has come");
  fixture.went("ours");
  CHECK(fixture.complaint(Action::last, "") == "no message has come");
  fixture.came("one\ntwo \x1b[31m");
  CHECK(fixture.said(Action::last, "") == "one\ntwo \\x1b[31m\n");
  const std::string long_one(3000, 'x');
  fixture.came(long_one);
  CHECK(fixture.said(Action::last, "").empty());
  CHECK(fixture.host.paged == Strings{long_one + "\n"});
  fixture.host.size.reset();
  CHECK(fixture.said(Action::last, "") == long_one + "\n");
}

TEST_CASE("entries that match are listed") {
  Fixture fixture;
  fixture.came("hello");
  fixture.went("hello there");
  fixture.came("bye");
  fixture.came("hello", 2);
  fixture.connections.set_use({Use::Kind::one, 1});
  const auto search = [&](std::string_view text) {
    const auto found = fixture.look_back.search(talk::Match::parse_argument(text).value());
    return found ? outline(fixture.host.take_said()) : Strings{found.error().message};
  };
  CHECK(search("hello") == Strings{"1 < text hello", "2 > text hello there"});
  CHECK(search("nope") == Strings{"nothing matches"});
  fixture.connections.set_use({Use::Kind::all, 0});
  CHECK(search("^hello$") == Strings{"1 [1] < text hello", "4 [2] < text hello"});
}

TEST_CASE("one entry is shown by its number, in other forms, too") {
  Fixture fixture;
  fixture.went("ours");
  fixture.came("{\"a\":1}");
  CHECK(fixture.said(Action::last, "#1") == "ours\n");
  CHECK(fixture.said(Action::last, "#2 json") == "{\n  \"a\": 1\n}\n");
  CHECK(fixture.said(Action::last, "#2 hex").starts_with("  0000  7b 22"));
  CHECK(fixture.said(Action::last, "#2 raw") == "{\"a\":1}\n");
  CHECK(fixture.complaint(Action::last, "#1 json") == "#1 is no JSON");
  CHECK(fixture.complaint(Action::last, "#1 xml") == "shows hex, json or raw");
  CHECK(fixture.complaint(Action::last, "#3") == "there is no #3");
  CHECK(fixture.complaint(Action::last, "#") == "wants the number of an entry");
  CHECK(fixture.complaint(Action::last, "x") == "wants a number, or # and one");
  CHECK(fixture.complaint(Action::last, "0") == "wants a number, or # and one");
}

TEST_CASE("the last entries are listed, of the connection in use or of all") {
  Fixture fixture;
  CHECK(fixture.complaint(Action::last, "3") == "nothing was said");
  fixture.went("one");
  fixture.came("two");
  fixture.came("other", 2);
  fixture.connections.set_use({Use::Kind::one, 1});
  CHECK(outline(fixture.said(Action::last, "9")) == Strings{"1 > text one", "2 < text two"});
  CHECK(outline(fixture.said(Action::last, "1")) == Strings{"2 < text two"});
  fixture.connections.set_use({Use::Kind::all, 0});
  CHECK(outline(fixture.said(Action::last, "2")) == Strings{"2 [1] < text two", "3 [2] < text other"});
  fixture.connections.set_use({});
  CHECK(outline(fixture.said(Action::last, "9")).size() == 3);
}

TEST_CASE("the last message that came is saved") {
  Fixture fixture;
  const test::Folder folder;
  CHECK(fixture.complaint(Action::save, folder.path_of("f")) == "no message has come");
  fixture.came("one\ntwo \x1b[31m");
  CHECK(fixture.said(Action::save, folder.path_of("f")) == "13 bytes in " + folder.path_of("f") + "\n");
  CHECK(folder.content_of("f") == "one\ntwo \x1b[31m");
  fixture.came(std::string("\x00\xff", 2), 1, ws::Opcode::binary);
  fixture.went("ours");
  fixture.said(Action::save, folder.path_of("f"));
  CHECK(folder.content_of("f") == std::string("\x00\xff", 2));
  CHECK(fixture.complaint(Action::save, "") == "wants a file");
  CHECK(fixture.complaint(Action::save, "/nowhere/at/all").starts_with("/nowhere/at/all"));
  fixture.came(std::string(report::Transcript::longest_whole + 1, 'x'));
  CHECK(fixture.complaint(Action::save, folder.path_of("f")) == "of #4 only the beginning is kept");
}

TEST_CASE("an entry goes to the clipboard, if it is not too long") {
  Fixture fixture;
  CHECK(fixture.complaint(Action::copy, "") == "no message has come");
  fixture.came("\xff");
  fixture.went("ours");
  CHECK(fixture.said(Action::copy, "") == "#1: 1 byte for the clipboard\n");
  CHECK(fixture.said(Action::copy, "2") == "#2: 4 bytes for the clipboard\n");
  CHECK(fixture.host.copied == Strings{"\xff", "ours"});
  fixture.came(std::string(75'777, 'x'));
  CHECK(fixture.complaint(Action::copy, "") == "#3 has 75777 bytes: terminals take up to 74 KiB");
}

TEST_CASE("two entries are compared") {
  Fixture fixture;
  fixture.came("{\"a\":1}");
  fixture.came("{\"a\":2}");
  CHECK(fixture.said(Action::diff, "1 #2").find("-  \"a\": 1\n+  \"a\": 2\n") != std::string::npos);
  CHECK(fixture.said(Action::diff, "1 1") == "#1 and #1 are the same\n");
  CHECK(fixture.complaint(Action::diff, "1") == "wants the numbers of two entries");
  CHECK(fixture.complaint(Action::diff, "1 2 3") == "wants the numbers of two entries");
  CHECK(fixture.complaint(Action::diff, "1 9") == "there is no #9");
}

TEST_CASE("the handshake is shown of the connection in use, or of the last attempt that failed") {
  Fixture fixture;
  CHECK(fixture.look_back.show_handshake().error().message == "there was none");
  const auto attempt = [&](link::ConnectionNumber number, const std::string& url) {
    fixture.journal.report(number, link::Connecting{url, "127.0.0.1:80"});
    fixture.journal.report(number,
                           link::HeadSeen{Direction::out, {"GET / HTTP/1.1\r\nAuthorization: Basic x\r\n\r\n"}});
    fixture.journal.report(number, link::HeadSeen{Direction::in, {"HTTP/1.1 403 No\r\n\r\n"}});
  };
  attempt(1, "ws://one/");
  fixture.journal.forget(1);
  CHECK(fixture.look_back.show_handshake().ok());
  const std::string failed = fixture.host.take_said();
  CHECK(failed.starts_with("failed: ws://one/, 127.0.0.1:80\n  > GET / HTTP/1.1\n  > Authorization: ***\n"));
  CHECK(failed.find("  < HTTP/1.1 403 No\n") != std::string::npos);
  attempt(2, "ws://two/");
  view::OpenView open;
  open.url = "ws://two/";
  open.peer = "127.0.0.1:80";
  fixture.journal.report(2, link::Opened{open});
  fixture.connections.set_use({Use::Kind::one, 2});
  CHECK(fixture.look_back.show_handshake().ok());
  CHECK(fixture.host.take_said().starts_with("ws://two/, 127.0.0.1:80\n  > GET"));
  fixture.journal.forget(2);
  CHECK(fixture.look_back.show_handshake().ok());
  CHECK(fixture.host.take_said().starts_with("failed: ws://one/"));
  fixture.journal.report(3, link::Connecting{"ws://three/", "127.0.0.1:81"});
  fixture.journal.forget(3);
  CHECK(fixture.look_back.show_handshake().ok());
  CHECK(fixture.host.take_said() == "failed: ws://three/, 127.0.0.1:81\n  there was no handshake\n");
}

TEST_CASE("what was said, and what comes, is recorded in a new file until it is enough") {
  Fixture fixture;
  const test::Folder folder;
  const std::string path = folder.path_of("f");
  CHECK(fixture.complaint(Action::log, "") == "wants a file, or off");
  CHECK(fixture.complaint(Action::log, "off") == "there is no recording");
  fixture.journal.report(1, link::Connecting{"ws://host/", "127.0.0.1:80"});
  fixture.connections.set_use({Use::Kind::one, 1});
  fixture.went("one");
  CHECK(fixture.said(Action::log, path) == "1 entry in " + path + ", and what comes\n");
  fixture.came("two");
  CHECK(fixture.said(Action::log, "off") == "no more in " + path + "\n");
  fixture.came("three");
  CHECK(test::outline(folder.content_of("f")) == Strings{"recording 0", "text 1 out", "text 1 in"});
  CHECK(folder.content_of("f").find(R"("url":"ws://host/"})") != std::string::npos);
  CHECK(fixture.complaint(Action::log, path) == path + ": file exists");
}

TEST_CASE("a recording that cannot be written ends with a word") {
  Fixture fixture;
  if (::access("/dev/full", W_OK) != 0) return;  // only Linux has full disks
  const test::Folder folder;
  CHECK(fixture.complaint(Action::log, "/dev/full") == "/dev/full: file exists");
  CHECK(fixture.complaint(Action::log, folder.path()) == folder.path() + ": file exists");
}

TEST_CASE("a message that is sent in pieces is recorded as one") {
  Fixture fixture;
  const test::Folder folder;
  const std::string path = folder.path_of("log");
  fixture.said(Action::log, path);
  const auto piece = [&](ws::Opcode type, std::string_view data, bool finished) {
    fixture.journal.report(1, link::Sent{type, base::as_bytes(data), finished});
  };
  piece(ws::Opcode::text, "one ", false);
  fixture.came("between");
  piece(ws::Opcode::continuation, "and ", false);
  piece(ws::Opcode::continuation, "two", true);
  piece(ws::Opcode::text, "three", true);
  fixture.said(Action::log, "off");
  const std::string recording = folder.content_of("log");
  CHECK(recording.find(R"("data":"one and two")") != std::string::npos);
  CHECK(recording.find(R"("data":"one ")") == std::string::npos);
  CHECK(recording.find(R"("data":"three")") != std::string::npos);
}
