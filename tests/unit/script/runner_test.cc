#include "script/runner.h"

#include <doctest/doctest.h>

#include "unit/script/scripting.h"

using namespace wscope;
using namespace wscope::script;
using namespace std::chrono_literals;
using test::Bench;
using Done = std::vector<std::string>;

TEST_CASE("a conversation goes step by step") {
  Bench bench("connect ws://h/\nsend a\nexpect text \"b\"\nsend {{0}}c\nclose 1000 bye\nexpect close 1000");
  bench.go();
  CHECK(bench.stage.done == Done{"connect ws://h/"});
  bench.opened(1);
  CHECK(bench.stage.done.back() == "1 text a");
  bench.text(1, "x").text(1, "b");
  CHECK(bench.stage.done == Done{"connect ws://h/", "1 text a", "1 text bc", "1 close 1000 bye"});
  bench.hear(1, {.kind = Kind::close, .payload = "bye", .code = 1000}).end(1);
  CHECK(bench.stage.done.back() == "close all 1000");
  CHECK(bench.result() == "passed");
  CHECK(bench.stage.noted == Done{"met text \"b\"", "met close 1000"});
}

TEST_CASE("what comes before it is expected waits") {
  Bench bench("connect ws://h/\nexpect open\nwait 3\nexpect text \"a\"\nexpect text \"b\"");
  bench.go().opened(1).text(1, "a").text(1, "b").wait(2s);
  CHECK(bench.result() == "goes on");
  CHECK(bench.runner().deadline() == bench.now() + 1s);
  bench.wait(1s);
  CHECK(bench.result() == "passed");
}

TEST_CASE("an expectation that is not met fails the script where it stands") {
  Bench bench("connect ws://h/\n  expect json .a == 1   within 2");
  bench.go().opened(1).text(1, "{}").wait(1999ms);
  CHECK(bench.result() == "goes on");
  bench.wait(1ms);
  CHECK(bench.result() == "11 dir/a.ws:2:15: no match in 2.0 s; 1 message came");
  const Failure& failure = *bench.runner().result().failure;
  CHECK(failure.excerpt == "  expect json .a == 1   within 2\n              ^^");
  CHECK(failure.expected == "json .a == 1");
  CHECK(failure.events.back().ends_with("text  {}     .a is missing"));
  CHECK(bench.stage.done.back() == "close all 1000");
  CHECK(bench.stage.noted == Done{"not met json .a == 1"});
}

TEST_CASE("the usual time of an expectation is an option, and can be changed") {
  Bench bench("option within 0.5\nconnect ws://h/\nexpect text", {.within = 60s, .variables = {}});
  bench.go().wait(500ms);
  CHECK(bench.result().starts_with("11 dir/a.ws:3:8: no match in 0.50 s"));
}

TEST_CASE("an end that nobody has expected fails the script with its code") {
  Bench refused("connect ws://h/\nsend x");
  refused.go().hear(1, {.kind = Kind::refused, .code = 403}).end(1);
  CHECK(refused.result() == "6 dir/a.ws:2:1: upgrade refused: HTTP 403");
  Bench closed("connect ws://h/\nexpect open");
  closed.go().opened(1);
  CHECK(closed.result() == "passed");
  Bench late("connect ws://h/\nexpect open\nwait 1");
  late.go().opened(1).hear(1, {.kind = Kind::close, .code = 4403}).end(1).wait(1s);
  CHECK(late.result() == "9 dir/a.ws: closed by the peer: 4403");
  Bench expected("connect ws://h/\nexpect close 4403");
  expected.go().opened(1).hear(1, {.kind = Kind::close, .code = 4403}).end(1);
  CHECK(expected.result() == "passed");
  Bench ordinary("connect ws://h/\nexpect open\nwait 1");
  ordinary.go().opened(1).hear(1, {.kind = Kind::close, .code = 1000}).end(1).wait(1s);
  CHECK(ordinary.result() == "passed");
  Bench under("connect ws://h/\nexpect text");
  under.go().opened(1).hear(1, {.kind = Kind::lost, .payload = "lost"}).end(1);
  CHECK(under.result() == "11 dir/a.ws:2:8: no match, and nothing more can come; no message came");
}

TEST_CASE("who sends on what is over fails") {
  Bench bench("connect ws://h/\nexpect close\nsend x");
  bench.go().opened(1);
  bench.stage.open[1] = false;
  bench.hear(1, {.kind = Kind::close, .code = 1000});
  CHECK(bench.result() == "goes on");
  bench.end(1);
  CHECK(bench.result() == "11 dir/a.ws:3:1: the connection is over");
  Bench refuses("connect ws://h/\nsend x");
  refuses.stage.cannot_send = "cannot be sent";
  refuses.go().opened(1);
  CHECK(refuses.result() == "11 dir/a.ws:2:1: cannot be sent");
}

TEST_CASE("one unnamed connection at a time") {
  Bench bench("connect ws://a/\nexpect close\nconnect ws://b/\nexpect text");
  bench.go().opened(1).hear(1, {.kind = Kind::close, .code = 1000}).end(1).opened(2).text(2, "x");
  CHECK(bench.result() == "passed");
  Bench open("connect ws://a/\nexpect open\nconnect ws://b/");
  open.go().opened(1);
  CHECK(open.result().ends_with("the connection before is open still: give each a name (as NAME)"));
  Bench bad("connect ws://a/\nexpect open\nwait 1\nconnect ws://b/");
  bad.go().opened(1).hear(1, {.kind = Kind::lost, .payload = "lost"}).end(1).wait(1s);
  CHECK(bad.result() == "8 dir/a.ws:4:1: lost");
}

TEST_CASE("several parties, each with events of its own") {
  Bench bench(
      "connect ws://a/ as a\nconnect ws://b/ as b\na: send 1\nall\nb: expect text \"1\"\na: expect text\nend\n"
      "b: send {{0}}");
  bench.go().opened(2).opened(1).text(1, "x").text(2, "2").text(2, "1");
  CHECK(bench.stage.done == Done{"connect ws://a/", "connect ws://b/", "1 text 1", "2 text 1", "close all 1000"});
  CHECK(bench.result() == "passed");
}

TEST_CASE("a listener lets its clients in one by one") {
  Bench bench("listen 0\nconnect {{server.url}}{{server.port}} as c\naccept as s\ns: expect text \"hi\"");
  bench.go();
  CHECK(bench.stage.done == Done{"listen 0", "connect ws://127.0.0.1:4711/4711"});
  bench.stage.waiting.push_back(7);
  bench.go().opened(7).opened(1).text(7, "hi");
  CHECK(bench.result() == "passed");
  Bench nobody("listen 0\naccept within 3");
  nobody.go().wait(3s);
  CHECK(nobody.result() == "11 dir/a.ws:2:1: no client came in 3.0 s");
}

TEST_CASE("a whole script has its time") {
  Bench bench("connect ws://h/\nsend x", {.within = 5s, .timeout = 10s, .variables = {}});
  bench.go();
  CHECK(bench.runner().deadline() == bench.now() + 10s);
  bench.wait(1h);
  CHECK(bench.result() == "10 dir/a.ws:2:1: not over in 10 s (--timeout)");
}

TEST_CASE("a signal ends it at once, or as soon as all is closed") {
  Bench bench("connect ws://h/\nexpect text");
  bench.go();
  bench.stage.nothing_left = false;
  bench.runner().interrupt(2, bench.now());
  bench.go();
  CHECK(!bench.over());
  CHECK(bench.runner().deadline() == bench.now() + 1s);
  bench.runner().interrupt(2, bench.now());
  CHECK(bench.result() == "130 dir/a.ws:2:1: interrupted");
}

TEST_CASE("what is left open is closed, for as long as that takes, but not longer after a failure") {
  Bench passes("connect ws://h/\nexpect open");
  passes.stage.nothing_left = false;
  passes.go().opened(1).wait(1h);
  CHECK(!passes.over());
  CHECK(!passes.runner().deadline());
  passes.hear(1, {.kind = Kind::lost});
  passes.stage.nothing_left = true;
  passes.go();
  CHECK(passes.result() == "passed");
  Bench fails("fail no");
  fails.stage.nothing_left = false;
  fails.go();
  CHECK(!fails.over());
  fails.wait(1s);
  CHECK(fails.result() == "11 dir/a.ws:1:1: no");
}

TEST_CASE("a connection of which too much waits is not read until it is looked at") {
  Bench bench("connect ws://h/\nexpect open\nwait 1\nexpect text \"end\"");
  bench.go().opened(1).text(1, std::string(Inbox::most, 'x')).text(1, "end");
  CHECK(bench.stage.done.back() == "1 held");
  bench.wait(1s);
  CHECK(bench.stage.done == Done{"connect ws://h/", "1 held", "1 read again", "close all 1000"});
}

TEST_CASE("sections are passed, failed and not reached") {
  Bench bench("connect ws://h/\n## one\nexpect open\n## two\nwait 2\nexpect text within 1\n## three\nwait 1");
  bench.go().opened(1).wait(2s).wait(1s);
  const auto& sections = bench.runner().result().sections;
  REQUIRE(sections.size() == 4);
  CHECK(sections[0].name == "dir/a.ws");
  CHECK(sections[1].verdict == Verdict::passed);
  CHECK(sections[2].verdict == Verdict::failed);
  CHECK(sections[2].elapsed == 3s);
  CHECK(sections[3].verdict == Verdict::skipped);
}

TEST_CASE("a connection that nobody waited for is waited for at the end") {
  Bench bench("connect ws://h/");
  bench.go();
  CHECK(bench.result() == "goes on");
  bench.hear(1, {.kind = Kind::error, .payload = "refused", .error = base::ErrorKind::connect}).end(1);
  CHECK(bench.result() == "4 dir/a.ws: refused");
}

TEST_CASE("who sends to one that reads nothing does not wait for ever") {
  Bench bench("connect ws://h/\nexpect open\nsend x");
  bench.go().hear(1, {.kind = Kind::open, .code = 101});
  CHECK(bench.result() == "goes on");
  bench.wait(5s);
  CHECK(bench.result() == "11 dir/a.ws:3:1: the other side has read nothing for 5.0 s");
}
