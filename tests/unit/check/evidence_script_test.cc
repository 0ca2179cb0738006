#include "check/evidence_script.h"

#include <doctest/doctest.h>

#include "fake_server.h"

using namespace wscope;
using namespace wscope::check;

namespace {

// What a case leaves behind that nobody has answered.
std::string statements(const std::string& program, Settings settings = test::FakeServer().settings,
                       const std::string& answer = "HTTP/1.1 101 OK\r\n\r\n") {
  static const Group group{"x", "X", {}};
  static const Row row{"x.y", "S M", "5.5", "a frame", "failed, 1002"};
  const Case one{&group, &row, "x.y", program};
  settings.keeps_steps = true;
  base::SystemRandom random;
  CaseMachine machine(one, settings, random, {});
  const auto write = [&machine] {
    while (!machine.output({}).empty()) machine.consume_output(machine.output({}).size(), {});
  };
  write();
  machine.receive(base::as_bytes(answer), {});
  write();
  return statements_of(machine, {.url = "ws://a/", .way = {"-k", "--unix-socket", "/a b"}}).value_or("-");
}

const std::string connected = "connect {{url}} --no-compress -k --unix-socket '/a b'\nexpect open within 3\n";

}  // namespace

TEST_CASE("frames are told in the words of scripts") {
  CHECK(statements("frame 3 fin=0 rsv=2 hello | failed 1002") ==
        connected + "frame 3 fin=0 rsv=2 hello\nexpect close 1002 within 3\n");
  CHECK(statements("text mask=no a=b | closed") == connected + "frame 1 mask=no hex:613d62\nexpect close within 3\n");
  CHECK(statements("binary mask=00000000 len=9 form=16 x | failed 1002 1009") ==
        connected +
            "frame 2 mask=00000000 len=9 width=16 x\nexpect close within 3\ncapture answer = code\n"
            "check {{answer}} == 1002 or {{answer}} == 1009\n");
  CHECK(statements("close 3999 | closes") ==
        connected +
            "frame 8 hex:0f9f\nexpect close within 3\ncapture answer = code\n"
            "check {{answer}} == 1000 or {{answer}} == 1005 or {{answer}} == 3999\n");
}

TEST_CASE("what was sent is waited for if it comes back") {
  Settings settings = test::FakeServer().settings;
  CHECK(statements("text a | handled", settings) == connected +
                                                        "frame 1 a\nping are you there\nall within 3\n"
                                                        "  expect pong \"are you there\"\nend\n");
  settings.echo = true;
  settings.say = {"login"};
  CHECK(statements("text a | binary hex:ff00 | echoed", settings) ==
        connected +
            "send login\nframe 1 a\nframe 2 hex:ff00\nall within 3\n  expect text \"a\"\n"
            "  expect binary hex:ff00\nend\n");
}

TEST_CASE("many frames, and what goes byte by byte, are told as bytes") {
  const std::string many = statements("repeated 20 ping a | ponged a");
  CHECK(many.find("\nraw 8981") != std::string::npos);
  CHECK(many.ends_with("\nexpect pong \"a\" within 3\n"));
  const std::string bytes = statements("bytewise 2 | ping a | ponged a");
  CHECK(bytes.starts_with(connected + "raw 89\nwait 0.002\nraw 81\nwait 0.002\n"));
  CHECK(bytes.ends_with("\nwait 0.002\nexpect pong \"a\" within 3\n"));
  CHECK(statements("bytewise 2 | ask | open") == "-");
  CHECK(statements("raw 8900 | gap 250 | fin | settle 300") ==
        connected + "raw 8900\nwait 0.25\nhalf-close\nwait 0.3\n");
}

TEST_CASE("an answer to the request is waited for") {
  CHECK(statements("drop Upgrade | ask | refused") ==
        "connect {{url}} --no-compress -H 'Upgrade:' -k --unix-socket '/a b'\nexpect refused within 3\n"
        "capture answer = status\ncheck ({{answer}} >= 400 and {{answer}} < 500)\n");
  CHECK(statements("drop Host | ask | refused 400 505").ends_with("check {{answer}} == 400 or {{answer}} == 505\n"));
  CHECK(statements("method POST | ask | not-opened") == "-");
  CHECK(statements("ask | told") == "-");
}

TEST_CASE("a connection that was torn is followed by another one") {
  const std::string torn = statements("ping a | rst | lives");
  CHECK(
      torn.ends_with("frame 9 a\nabort\nconnect {{url}} --no-compress -k --unix-socket '/a b'\n"
                     "expect open within 3\n"));
  CHECK(statements("fin | lives") == "-");
}

TEST_CASE("what has no words is done by the check itself") {
  static const Group group{"x", "X", {}};
  static const Row row{"x.y", "S M", "5.5", "a frame", "failed, 1002"};
  const Case one{&group, &row, "x.y", ""};
  Result result;
  result.about = &one;
  result.seen = "101";
  const Provenance provenance{.url = "ws://a/?b=1&c", .way = {"-k"}, .manner = {"--say", "it's"}, .seed = 5};
  CHECK(check_statement(result, provenance)
            .ends_with("\nexec wscope check \"$url\" --level should --retries 0 --only x.y --seed 5 -k --say "
                       "'it'\\''s'\n"));
  result.found_in = "x.z";
  CHECK(check_statement(result, provenance).find(" --only x.z,x.y ") != std::string::npos);
  CHECK(script_head(result, provenance) ==
        "# x.y (5.5, MUST): a frame\n# expected: failed, 1002\n# seen: 101\n"
        "# wscope run --url 'ws://a/?b=1&c' x.y.ws\n");
}
