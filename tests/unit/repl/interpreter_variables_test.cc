// Lines with names that stand for values.
#include <string>
#include <utility>

#include "folder.h"
#include "interpreting.h"

using namespace wscope;
using test::holds;
using test::Interpreting;
using test::Strings;

namespace {

/// On an echo server, with names that are filled in.
struct Fixture {
  Interpreting on;

  Fixture() {
    on.open_echo();
    CHECK(on.said("/vars on") == "vars on\n");
  }
  /// What the server has got for a line.
  std::string sent(const std::string& line) {
    const std::size_t before = on.received.size();
    on.obey(line);
    REQUIRE(on.turn_until_received(before + 1));
    return on.received.back().substr(2);
  }
};

}  // namespace

TEST_CASE("names are filled in where something is sent") {
  Fixture fixture;
  const test::Folder folder;
  fixture.on.obey("/set path " + folder.file("x", "content"));
  fixture.on.obey("/set name a b");
  fixture.on.obey("/set hex 6162");
  using Row = std::pair<const char*, const char*>;
  for (const Row& row :
       {Row("hi {{name}}", "hi a b"), Row("/send {{name}}!", "a b!"), Row("/send -e {{name}}\\t", "a b\t"),
        Row("/file {{path}}", "content"), Row("/binary {{hex}}", "ab"), Row("/binary hex:{{hex}}", "ab"),
        Row("/binary base64:{{hex|base64}}", "6162"), Row("/fragment 1 {{name}}", "a b"),
        Row("/frame text {{name}}", "a b"), Row("/frame binary @{{path}}", "content")}) {
    CAPTURE(row.first);
    CHECK(fixture.sent(row.first) == row.second);
  }
  fixture.on.obey("/vars off");
  CHECK(fixture.sent("{{name}}") == "{{name}}");
}

TEST_CASE("a value is never a part of a command") {
  Fixture fixture;
  for (const char* value : {"/quit", "-e \\n", "@/etc/hostname", "fin=0 x", "hex:00", "{{value}}"}) {
    CAPTURE(value);
    fixture.on.obey("/set text x");
    fixture.on.obey("/vars off");
    fixture.on.obey(std::string("/set value ") + value);
    fixture.on.obey("/vars on");
    CHECK(fixture.sent("{{value}}") == value);
    CHECK(fixture.sent("/send {{value}}") == value);
    CHECK(fixture.sent("/frame text {{value}}") == value);
  }
  fixture.on.obey("/set value @/etc/hostname");
  CHECK(holds(fixture.on.complaint("/binary {{value}}"), "wants pairs of hexadecimal digits"));
  CHECK(fixture.on.host.quits == 0);
}

TEST_CASE("names are filled in in what connects, in matches and in other values") {
  Fixture fixture;
  fixture.on.obey("/set where echo:");
  fixture.on.obey("/set x hello");
  fixture.on.obey("/set y {{x}}!");
  CHECK(fixture.on.said("/set") == "  where = echo:\n  x = hello\n  y = hello!\n");
  CHECK(fixture.sent("{{y}}") == "hello!");
  fixture.on.obey("/expect ^{{x}}.$");
  CHECK(fixture.on.host.outcomes == Strings{"1 #2"});
  CHECK(holds(fixture.on.said("/search {{x}}"), "1 > "));
  fixture.on.obey("/connect {{where}}");
  REQUIRE(fixture.on.turn_until([&] { return fixture.on.connections.is_open(2); }));
  fixture.on.obey("/set x");
  CHECK(fixture.on.complaint("/set x") == "/set: there is no x");
  CHECK(fixture.on.complaint("/set 1 x") == "/set: 1 is no name of a variable: letters, digits and _");
}

TEST_CASE("what stands for nothing is known before the line is obeyed, unless others could give it") {
  Fixture fixture;
  const auto unknown = [&](std::string_view line) {
    const auto error = fixture.on.interpreter.find_unknown_name(line);
    return error ? error->message : "";
  };
  CHECK(unknown("hi {{x}}") == "{{x}} stands for nothing");
  CHECK(unknown("/send {{x}}") == "/send: {{x}} stands for nothing");
  CHECK(unknown("/expect {{x}}") == "/expect: {{x}} stands for nothing");
  CHECK(unknown("/filter {{0}}") == "/filter: there is no group 0");
  CHECK(unknown("/alias x {{x}}").empty());
  CHECK(unknown("/resend {{x}}").empty());
  CHECK(unknown("/nonsense {{x}}").empty());
  CHECK(fixture.on.complaint("{{x}}") == "{{x}} stands for nothing");
  fixture.on.obey("/expect (?P<x>z)");
  CHECK(unknown("{{x}}").empty());
  fixture.on.obey("{{x}}");
  fixture.on.interpreter.give_up();
  fixture.on.obey("/vars off");
  CHECK(unknown("{{x}}").empty());
}

TEST_CASE("parts of what was expected are kept, and else of the last message") {
  Fixture fixture;
  CHECK(fixture.on.complaint("/capture x = text") == "there is no message");
  fixture.sent(R"({"id":7,"name":"a\nb"})");
  CHECK(fixture.on.said("/capture id = .id") == "  id = 7\n");
  CHECK(fixture.on.said("/capture name = .name") == "  name = \"a\\nb\"\n");
  CHECK(fixture.sent("{{id}} {{name}} {{name|json}}") == "7 a\nb \"a\\nb\"");
  fixture.sent("one");
  fixture.on.obey("/expect (o)ne");
  fixture.sent("two {{1}}");
  CHECK(fixture.on.said("/capture x = text") == "  x = one\n");
  CHECK(fixture.on.said("/capture x = /n(.)/") == "  x = e\n");
  CHECK(fixture.on.said("/capture x = status") == "  x = 101\n");
  CHECK(fixture.on.said("/capture x = header upgrade") == "  x = websocket\n");
  CHECK(fixture.on.complaint("/capture x = header nope") == "there is no header field nope");
  CHECK(fixture.on.complaint("/capture x = code") == "there is no code of a Close");
  CHECK(fixture.on.complaint("/capture x = rtt") == "there is no Pong that answers a Ping");
  fixture.on.obey("/ping");
  REQUIRE(fixture.on.turn_until([&] {
    return fixture.on.journal.transcript().entries().back().latency.has_value() &&
           fixture.on.journal.transcript().entries().back().opcode == ws::Opcode::pong;
  }));
  CHECK(holds(fixture.on.said("/capture x = rtt"), "  x = "));
  CHECK(holds(fixture.on.complaint("/capture"), "/capture: expected the name of a variable"));
  CHECK(holds(fixture.on.complaint("/capture x = text y"), "/capture: this is no part of it"));
  CHECK(fixture.on.complaint("/capture uuid = text") == "/capture: {{uuid}} stands for something else");
}
