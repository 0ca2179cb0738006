#include "cli/talk_arguments.h"

#include <doctest/doctest.h>

#include "unit/cli/arguments.h"

using namespace wscope;
using namespace std::chrono_literals;
using session::ConnectCommand;
using test::complaint;
using test::connect;
using test::served;

namespace {

bool matches(const talk::Match& match, std::string_view text) { return match.matches({base::as_bytes(text), false}); }

// The excerpt and the hint of a usage error.
std::string shown(const test::Arguments& arguments) {
  const auto command = cli::parse_command_line(arguments);
  if (command.ok()) return "nothing";
  return command.error().excerpt + " " + command.error().hint;
}

// The steps in their order: "-x text", "--expect match".
std::string steps(const ConnectCommand& command) {
  std::string all;
  for (const session::Step& step : command.steps) {
    const auto* send = std::get_if<session::SendStep>(&step);
    const bool fills_in = send != nullptr && send->says.payload && send->says.payload->has_names();
    all += send != nullptr ? "-x " + send->says.message.payload + (fills_in ? " filled in" : "")
                           : "--expect " + std::get<session::ExpectStep>(step).match.text();
    all += "; ";
  }
  return all;
}

}  // namespace

TEST_CASE("a MATCH is read as the command line has it") {
  CHECK(matches(connect({"--until", "^do.e$", "host"}).until.front(), "done"));
  CHECK(matches(connect({"--until=.id > 7", "host"}).until.front(), R"({"id":8})"));
  CHECK(matches(connect({"--until", "[a,b]", "host"}).until.front(), ","));
}

TEST_CASE("what is none is a usage error that shows where") {
  CHECK(complaint({"--until", "(", "host"}) == "--until: missing )");
  CHECK(shown({"--until", "a(", "host"}) == "  a(\n  ^ try wscope --help");
  CHECK(complaint({"--expect", ".a = 1", "host"}) == "--expect: expected and, or or a comparison");
  CHECK(shown({"--expect", ".a = 1", "host"}) == "  .a = 1\n     ^ == asks whether two values are equal");
  CHECK(shown({"--until", "(?=a)", "host"}).find("RE2") != std::string::npos);
  CHECK(complaint({"--until", "\xff", "host"}) == "--until: not UTF-8");
  CHECK(complaint({"--select", "/(/", "host"}) == "--select: missing )");
  CHECK(complaint({"--pick", "a..b", "host"}) == "--pick: expected a key: a name or a string");
  CHECK(complaint({"--lockstep=hex:1", "host"}) == "--lockstep: expected two hex digits, ?? or, at the end, *");
}

TEST_CASE("the value of --until-json is JSON, or else a string") {
  CHECK(matches(connect({"--until-json", "type=done", "host"}).until.front(), R"({"type":"done"})"));
  CHECK(matches(connect({"--until-json", ".id=1", "host"}).until.front(), R"({"id":1.0})"));
  CHECK(!matches(connect({"--until-json", "id=1", "host"}).until.front(), R"({"id":"1"})"));
  CHECK(matches(connect({"--until-json", "id=\"1\"", "host"}).until.front(), R"({"id":"1"})"));
  CHECK(matches(connect({"--until-json", "a[0].b=x=y", "host"}).until.front(), R"({"a":[{"b":"x=y"}]})"));
  CHECK(matches(connect({"--until-json", "a=", "host"}).until.front(), R"({"a":""})"));
  CHECK(complaint({"--until-json", "id", "host"}) == "--until-json wants PATH=VALUE, not \"id\"");
  CHECK(complaint({"--until-json", "a..b=1", "host"}) == "--until-json: expected a key: a name or a string");
  CHECK(connect({"--until-json", "a=1", "--until", "b", "host"}).until.size() == 2);
}

TEST_CASE("-x and --expect are steps in the order given") {
  const ConnectCommand command =
      connect({"-x", "{{a}}", "--expect", "(b)", "-xc {{1}}", "--expect=d", "--execute=e", "host"});
  CHECK(steps(command) == "-x {{a}}; --expect (b); -x c {{1}} filled in; --expect d; -x e; ");
  CHECK(command.first_messages.empty());
  CHECK(!command.reads_stdin);
  CHECK(connect({"--expect", "a", "--stdin", "host"}).reads_stdin);
  CHECK(!connect({"--expect", "a", "host"}).reads_stdin);
  CHECK(connect({"-x", "a", "host"}).steps.empty());
}

TEST_CASE("a name that stands for nothing is an error before anything is opened") {
  CHECK(complaint({"--expect", "a", "-x", "b{{1}}", "host"}) == "--execute: there is no group 1");
  CHECK(shown({"--expect", "a", "-x", "b{{1}}", "host"}) == "  b{{1}}\n   ^ try wscope --help");
  CHECK(complaint({"--expect", "(?P<n>a)", "-x", "{{m}}", "host"}) == "--execute: {{m}} stands for nothing");
  CHECK(steps(connect({"--expect", "(?P<n>a)", "--expect", "b", "-x", "{{n}}", "host"})).ends_with("filled in; "));
}

TEST_CASE("an --expect-timeout is for what waits") {
  CHECK(connect({"--expect", "a", "--expect-timeout", "2.5", "host"}).expect_timeout == 2500ms);
  CHECK(connect({"--lockstep", "--expect-timeout", "2", "host"}).expect_timeout == 2s);
  CHECK(complaint({"--expect-timeout", "2", "host"}) ==
        "--expect-timeout is about --expect and --lockstep: give one of these");
}

TEST_CASE("--lockstep waits for any message, or for one") {
  CHECK(!connect({"host"}).lockstep);
  CHECK(!connect({"--lockstep", "host"}).lockstep->match);
  CHECK(connect({"--lockstep=^ok", "host"}).lockstep->match->text() == "^ok");
  CHECK(complaint({"--lockstep", "-x", "a", "host"}) ==
        "--lockstep is about the lines of stdin: with --execute or --expect, add --stdin");
  CHECK(complaint({"--lockstep", "--no-stdin", "host"}) == "--no-stdin excludes --lockstep");
}

TEST_CASE("rules of --reply are split behind their match") {
  const ConnectCommand command = connect({"--reply", "^2$=3", "--reply", ".id={{.id|json}} {{0}}", "host"});
  REQUIRE(command.replies.size() == 2);
  CHECK(command.replies[0].match.text() == "^2$");
  CHECK(command.replies[0].says.message.payload == "3");
  CHECK(command.replies[1].says.payload->has_names());
  CHECK(connect({"--reply", "a=00ff", "--in", "hex", "host"}).replies[0].says.message ==
        wire::StoredInstruction{ws::Opcode::binary, std::string("\0\xff", 2)});
  CHECK(connect({"-b", "--reply", "a=b", "host"}).replies[0].says.message.opcode == ws::Opcode::binary);
  const ConnectCommand json =
      connect({"--reply", R"((.)={"type":"text","data":"\u0041{{1}}"})", "--in", "json", "host"});
  CHECK(json.replies[0].says.message.payload == "A{{1}}");
  CHECK(json.replies[0].says.payload->has_names());
  CHECK(served({"listen", "--reply", "a=b", "8080"}).replies.size() == 1);
  CHECK(complaint({"--reply", "a", "host"}) == "--reply: expected =TEXT behind the match");
  CHECK(complaint({"--reply", "a =b", "host"}) == "--reply: a blank stands before this =");
  CHECK(complaint({"--reply", "a={{1}}", "host"}) == "--reply: there is no group 1");
  CHECK(shown({"--reply", "a={{x", "host"}) == "  a={{x\n       ^ \\{{ stands for {{");
}

TEST_CASE("what is printed may be selected and picked") {
  const ConnectCommand command = connect({"--select", ".a", "--pick", "b[]", "host"});
  CHECK(command.selection.select->text() == ".a");
  CHECK(command.selection.pick->text() == ".b[]");
  CHECK(served({"listen", "--select", "x", "--pick", ".", "8080"}).selection.pick.has_value());
  CHECK(complaint({"--pick", "a", "--json", "host"}) == "--pick excludes --json: an event has all of a message");
  CHECK(complaint({"listen", "--pick", "a", "--out", "json", "8080"}) ==
        "--pick excludes --json: an event has all of a message");
  CHECK(complaint({"--only", "host"}) == "--only prints what --count, --until or --expect asks for: give one of these");
  CHECK(connect({"--only", "-1", "host"}).only);
}
