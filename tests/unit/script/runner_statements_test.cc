#include <doctest/doctest.h>

#include "unit/script/scripting.h"

using namespace wscope;
using namespace wscope::script;
using namespace std::chrono_literals;
using test::Bench;
using Done = std::vector<std::string>;

TEST_CASE("captures are kept with their types, and checked") {
  Bench bench(
      "connect ws://h/\nexpect json\ncapture id = .id\ncapture who = /who\":\"(\\w+)/\n"
      "check {{id}} == 1.0 and .who == \"{{who}}\"\nsend {\"id\":{{id|json}},\"who\":{{who|json}}}");
  bench.go().opened(1).text(1, R"({"id":1,"who":"bob"})");
  CHECK(bench.stage.noted == Done{"met json", "id=1", "who=bob"});
  CHECK(bench.stage.done[1] == R"(1 text {"id":1,"who":"bob"})");
  CHECK(bench.result() == "passed");
}

TEST_CASE("a check that does not hold says what it has looked at") {
  Bench bench("connect ws://h/\nexpect json\ncheck .id > 3");
  bench.go().opened(1).text(1, R"({"id":1})");
  CHECK(bench.result() == "11 dir/a.ws:3:1: this does not hold: .id is 1");
  Bench nothing("check .a is missing");
  nothing.go();
  CHECK(nothing.result() == "passed");
}

TEST_CASE("a capture of what is not there fails") {
  Bench bench("connect ws://h/\nexpect text\ncapture x = .a");
  bench.go().opened(1).text(1, "plain");
  CHECK(bench.result() == "11 dir/a.ws:3:1: what was matched is not JSON");
}

TEST_CASE("a connection's name says whose event is looked at") {
  Bench bench(
      "connect ws://a/ as a\nconnect ws://b/ as b\na: expect text\nb: expect text\na: capture x = text\n"
      "capture y = text\necho {{x}} {{y}}");
  bench.go().opened(1).opened(2).text(1, "of a").text(2, "of b");
  CHECK(bench.stage.done[2] == "say of a of b");
}

TEST_CASE("a block is repeated, and knows its round") {
  Bench bench("set a x\nrepeat 2\necho {{n}}\nrepeat 2\necho {{a}}{{n}}\nend\necho {{n}}\nend\nrepeat 0\nfail no\nend");
  bench.go();
  CHECK(bench.stage.done ==
        Done{"say 1", "say x1", "say x2", "say 1", "say 2", "say x1", "say x2", "say 2", "close all 1000"});
}

TEST_CASE("a loop without an end lets others come to their turn") {
  Bench bench("repeat 1000000000000\nset a 1\nend");
  bench.go();
  CHECK(bench.runner().deadline() == bench.now());
  bench.runner().interrupt(15, bench.now());
  bench.go();
  CHECK(bench.result() == "143 dir/a.ws: interrupted");
}

TEST_CASE("values that were given are variables, and are looked at when they are known") {
  Bench bench("wait {{time}}\necho {{who}}", {.within = 5s, .variables = {{"time", "2"}, {"who", "me"}}});
  bench.go().wait(2s);
  CHECK(bench.stage.done[0] == "say me");
  Bench wrong("wait {{time}}", {.within = 5s, .variables = {{"time", "soon"}}});
  wrong.go();
  CHECK(wrong.result() == "2 dir/a.ws:1:1: expected seconds, not \"soon\"");
}

TEST_CASE("fail and skip end a script") {
  Bench fails("fail because of {{a}}", {.within = 5s, .variables = {{"a", "that"}}});
  fails.go();
  CHECK(fails.result() == "11 dir/a.ws:1:1: because of that");
  Bench skips("skip not here\nfail no");
  skips.go();
  CHECK(skips.result() == "skipped not here");
  CHECK(skips.runner().result().exit_status == 0);
}

TEST_CASE("options are switched") {
  Bench bench("option autopong off\noption strict on\nconnect ws://h/\nexpect open\nwait 1");
  bench.go().opened(1).text(1, "left").wait(1s);
  CHECK(bench.stage.done[0] == "autopong off");
  CHECK(bench.result() == "11 dir/a.ws: a message is left at the end (option strict)");
}

TEST_CASE("a program has the variables in its environment, and ends well") {
  Bench bench("set who bob\nlisten 0\nexec date\necho behind it");
  bench.go();
  CHECK(bench.stage.done.back() == "start date who=bob");
  bench.runner().end_program("");
  bench.go();
  CHECK(bench.result() == "passed");
  Bench fails("exec false");
  fails.go();
  fails.runner().end_program("exit status 1");
  fails.go();
  CHECK(fails.result() == "11 dir/a.ws:1:1: exit status 1");
}

TEST_CASE("a program that is left is stopped") {
  Bench bench("exec sleep 100", {.within = 5s, .timeout = 1s, .variables = {}});
  bench.go().wait(1s);
  CHECK(bench.stage.done == Done{"start sleep 100", "stop", "close all 1001"});
}

TEST_CASE("a snapshot is compared, and written if that is wanted") {
  const std::string text = "connect ws://h/\nexpect json\nsnapshot a except .t";
  Bench missing(text);
  missing.go().opened(1).text(1, R"({"t":1,"x":2})");
  CHECK(missing.result() == "11 dir/a.ws:3:1: there is no dir/a.snap: --update writes it");
  Bench writes(text, {.within = 5s, .update = true, .variables = {}});
  writes.go().opened(1).text(1, R"({"t":1,"x":2})");
  CHECK(writes.result() == "passed");
  CHECK(writes.stage.files["dir/a.snap"] == "{\n  \"t\": \"*\",\n  \"x\": 2\n}\n");
  Bench equal(text);
  equal.stage.files = writes.stage.files;
  equal.go().opened(1).text(1, R"({"t":5, "x":2})");
  CHECK(equal.result() == "passed");
  Bench other(text);
  other.stage.files = writes.stage.files;
  other.go().opened(1).text(1, R"({"t":5, "x":3})");
  CHECK(other.result() == "11 dir/a.ws:3:1: the message is not as in dir/a.snap: --update writes it");
  CHECK(other.runner().result().failure->diff.find("+  \"x\": 3") != std::string::npos);
}
