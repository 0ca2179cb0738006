#include "check/progress.h"

#include <doctest/doctest.h>

#include <chrono>

#include <unistd.h>

#include "net/poller.h"

using namespace wscope;
using namespace wscope::check;

TEST_CASE("how far it is counts what is done, and of that what has failed") {
  auto cases = select_cases({.only = {"hs.basic", "hs.name-case", "frame.text-1"}}, Role::server, false);
  REQUIRE(cases.ok());
  const Settings settings;  // it does not echo, so that one is skipped
  Suite suite(*std::move(cases), settings, 0);
  CHECK(progress_in_words(suite) == "1 of 3 cases, 0 failed");
  Result failed;
  failed.verdict = Verdict::fail;
  suite.finished(*suite.next({}), failed, Heard(Role::server), {});
  CHECK(progress_in_words(suite) == "2 of 3 cases, 1 failed");
}

TEST_CASE("nothing is shown where nobody wants it") {
  net::Poller poller;
  streams::ErrorOutput errors(poller, STDERR_FILENO);
  Progress progress(errors, false);
  CHECK(!progress.deadline({}));
  progress.clear();
}
