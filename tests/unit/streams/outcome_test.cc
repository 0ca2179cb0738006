#include "streams/outcome.h"

#include <doctest/doctest.h>

#include <csignal>

using namespace wscope;
using base::ErrorKind;
using streams::Outcome;

TEST_CASE("each kind of failure has its exit status") {
  CHECK(streams::exit_status(ErrorKind::io) == 1);
  CHECK(streams::exit_status(ErrorKind::usage) == 2);
  CHECK(streams::exit_status(ErrorKind::dns) == 3);
  CHECK(streams::exit_status(ErrorKind::connect) == 4);
  CHECK(streams::exit_status(ErrorKind::tls) == 5);
  CHECK(streams::exit_status(ErrorKind::http) == 6);
  CHECK(streams::exit_status(ErrorKind::protocol) == 7);
  CHECK(streams::exit_status(ErrorKind::lost) == 8);
  CHECK(streams::exit_status(ErrorKind::closed) == 9);
  CHECK(streams::exit_status(ErrorKind::timeout) == 10);
  CHECK(streams::exit_status(ErrorKind::expectation) == 11);
  CHECK(streams::exit_status(ErrorKind::not_now) == 11);
}

TEST_CASE("a signal's exit status is that of a shell") {
  CHECK(streams::exit_status_of_signal(SIGINT) == 130);
  CHECK(streams::exit_status_of_signal(SIGTERM) == 143);
}

TEST_CASE("an outcome is success until something else is known") {
  const Outcome outcome;
  CHECK(!outcome.decided());
  CHECK(outcome.status() == 0);
  CHECK(!outcome.error());
}

TEST_CASE("an excerpt stands between what is wrong and the hint, line by line and safe") {
  base::Error error = base::usage_error("wrong", "right");
  error.excerpt = "  a\x1b\n  ^";
  CHECK(streams::describe(error) == "wscope: wrong\n  a\\x1b\n  ^\nhint: right\n");
}

TEST_CASE("the first word about the outcome counts") {
  Outcome failed;
  failed.fail({ErrorKind::http, "first"});
  failed.fail({ErrorKind::lost, "second"});
  failed.end(0);
  CHECK(failed.status() == 6);
  REQUIRE(failed.error().has_value());
  CHECK(failed.error()->message == "first");

  Outcome ended;
  ended.end(130);
  ended.fail({ErrorKind::lost, "later"});
  CHECK(ended.decided());
  CHECK(ended.status() == 130);
  CHECK(!ended.error());
}

TEST_CASE("an error is a line, with a hint two") {
  CHECK(streams::describe({ErrorKind::connect, "ws://h/: connection refused"}) ==
        "wscope: ws://h/: connection refused\n");
  CHECK(streams::describe({ErrorKind::usage, "no URL", "try wscope --help"}) ==
        "wscope: no URL\nhint: try wscope --help\n");
}

TEST_CASE("what a peer may have put into an error does not reach the terminal") {
  CHECK(streams::describe({ErrorKind::closed, "said \x1b[2J\nwscope: fake", "\a"}) ==
        "wscope: said \\x1b[2J\\x0awscope: fake\nhint: \\x07\n");
}
