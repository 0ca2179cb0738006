#include "check/suite.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace wscope;
using namespace wscope::check;
using std::chrono::milliseconds;

namespace {

std::vector<Case> selected(const Selection& selection, bool secure = false) {
  auto cases = select_cases(selection, Role::server, secure);
  REQUIRE(cases.ok());
  return std::move(cases).value();
}

bool has(const std::vector<Case>& cases, std::string_view id) {
  return std::any_of(cases.begin(), cases.end(), [id](const Case& one) { return one.id == id; });
}

Result with(Verdict verdict, const std::string& seen = "") {
  Result result;
  result.verdict = verdict;
  result.seen = seen;
  return result;
}

const Result& result_of(const Suite& suite, std::string_view id) {
  for (const auto& result : suite.results()) {
    if (result && result->about->id == id) return *result;
  }
  FAIL("no result");
  return *suite.results().front();
}

const Heard nothing(Role::server);

}  // namespace

TEST_CASE("cases are selected by what is harmless, by patterns and by sections") {
  const auto usual = selected({});
  CHECK(has(usual, "hs.basic"));
  CHECK(!has(usual, "hs.slow-head"));
  CHECK(!has(usual, "ctl.ping-flood"));
  CHECK(!has(usual, "frame.masked"));
  CHECK(has(usual, "close.half"));
  CHECK(!has(selected({}, true), "close.half"));
  CHECK(has(selected({.slow = true}), "hs.slow-head"));
  CHECK(has(selected({.aggressive = true}), "ctl.ping-flood"));
  const auto keys = selected({.only = {"hs.key-*"}, .skip = {"hs.key-1?"}});
  CHECK(has(keys, "hs.key-none"));
  CHECK(!has(keys, "hs.key-15"));
  CHECK(!has(keys, "hs.basic"));
  CHECK(has(selected({.sections = {"6455/5.5"}}), "ctl.ping-126"));
}

TEST_CASE("what fits no case is a usage error") {
  for (const Selection& wrong : {Selection{.only = {"hs.nothing"}}, Selection{.skip = {"x*"}},
                                 Selection{.sections = {"9999"}}, Selection{.only = {"hs.basic"}, .skip = {"hs.*"}}}) {
    const auto cases = select_cases(wrong, Role::server, false);
    REQUIRE(!cases.ok());
    CHECK(cases.error().kind == base::ErrorKind::usage);
  }
}

TEST_CASE("what cannot be judged is skipped with its reason") {
  const Settings settings;
  Suite suite(selected({.only = {"frame.text-1", "pmdx.plain"}}), settings, 1);
  CHECK(!suite.next({}));
  CHECK(suite.over());
  CHECK(result_of(suite, "frame.text-1").seen == "it does not echo");
  CHECK(result_of(suite, "pmdx.plain").seen == "permessage-deflate is not agreed on");
}

TEST_CASE("a case that fails is run again; if it passes then it is flaky") {
  const Settings settings;
  Suite suite(selected({.only = {"hs.basic", "hs.name-case"}}), settings, 1);
  auto first = suite.next({});
  REQUIRE(first);
  suite.finished(*first, with(Verdict::fail), nothing, {});
  auto again = suite.next({});
  REQUIRE(again);
  CHECK(again->one == first->one);
  suite.finished(*again, with(Verdict::pass), nothing, {});
  CHECK(result_of(suite, "hs.basic").verdict == Verdict::warn);
  CHECK(result_of(suite, "hs.basic").flaky);
  auto second = suite.next({});
  suite.finished(*second, with(Verdict::fail), nothing, {});
  suite.finished(*suite.next({}), with(Verdict::fail), nothing, {});
  CHECK(result_of(suite, "hs.name-case").verdict == Verdict::fail);
  CHECK(suite.over());
}

TEST_CASE("behind a case that ends the connection it is asked whether the server lives") {
  const Settings settings;
  Suite suite(selected({.only = {"frame.opcode-3", "frame.opcode-4"}}), settings, 1);
  base::TimePoint now = base::TimePoint{} + std::chrono::hours(1);
  auto task = suite.next(now);
  REQUIRE(task);
  suite.finished(*task, with(Verdict::pass), nothing, now);
  CHECK(!suite.results().front());
  auto question = suite.next(now);
  REQUIRE(question);
  CHECK(question->asks_for_life);
  suite.finished(*question, with(Verdict::pass), nothing, now);
  CHECK(result_of(suite, "frame.opcode-3").verdict == Verdict::pass);

  suite.finished(*suite.next(now), with(Verdict::pass), nothing, now);
  for (int i = 0; i < 6; ++i) {
    CAPTURE(i);
    auto ask = suite.next(now);
    REQUIRE(ask);
    CHECK(ask->asks_for_life);
    suite.no_connection(*ask, {base::ErrorKind::connect, "refused"}, now);
    if (i == 5) break;
    CHECK(!suite.next(now));
    CHECK(suite.deadline() == now + milliseconds(200));
    now += milliseconds(200);
  }
  CHECK(suite.over());
  CHECK(suite.gone());
  CHECK(result_of(suite, "frame.opcode-4").verdict == Verdict::fail);
  CHECK(result_of(suite, "frame.opcode-4").seen == "the server is gone after this case");
}

TEST_CASE("when it is gone, all that is left is an error") {
  const Settings settings;
  Suite suite(selected({.only = {"frame.opcode-*"}}), settings, 0);
  const base::TimePoint now{};
  suite.finished(*suite.next(now), with(Verdict::pass), nothing, now);
  base::TimePoint later = now;
  for (int i = 0; i < 6; ++i) {
    std::optional<Suite::Task> task;
    while ((task = suite.next(later)) && !task->asks_for_life)
      suite.finished(*task, with(Verdict::pass), nothing, later);
    REQUIRE(task);
    suite.no_connection(*task, {base::ErrorKind::connect, "refused"}, later);
    later += milliseconds(200);
    if (suite.gone()) break;
  }
  CHECK(suite.over());
  for (const auto& result : suite.results()) CHECK(result.has_value());
}

TEST_CASE("two refusals of an application are enough") {
  Settings settings;
  Suite suite(selected({.only = {"frag.2", "frag.3", "frag.1-byte", "utf8.binary"}}), settings, 1);
  for (int i = 0; i < 2; ++i) {
    suite.finished(*suite.next({}), with(Verdict::skip, "it refuses such messages (4401): --say, --sample"), nothing,
                   {});
  }
  auto binary = suite.next({});
  REQUIRE(binary);
  CHECK(binary->one->id == "utf8.binary");
  suite.finished(*binary, with(Verdict::pass), nothing, {});
  CHECK(suite.over());
  CHECK(result_of(suite, "frag.1-byte").verdict == Verdict::skip);
}

TEST_CASE("the case that was torn is the one that the server is gone after") {
  const Settings settings;
  Suite suite(selected({.only = {"hs.basic", "hs.name-case", "hs.value-case", "frame.opcode-3"}}), settings, 1);
  base::TimePoint now = base::TimePoint{} + std::chrono::hours(1);
  Heard torn(Role::server);
  torn.receive_end(false, now);
  suite.finished(*suite.next(now), with(Verdict::pass), nothing, now);
  now += milliseconds(1);
  auto second = suite.next(now);
  auto third = suite.next(now);
  now += milliseconds(1);
  suite.finished(*second, with(Verdict::pass), nothing, now);
  suite.finished(*third, with(Verdict::warn), torn, now);
  while (!suite.over()) {
    const auto task = suite.next(now);
    if (task) suite.no_connection(*task, {base::ErrorKind::connect, "refused"}, now);
    now += milliseconds(200);
  }
  CHECK(result_of(suite, "hs.name-case").verdict == Verdict::pass);
  CHECK(result_of(suite, "hs.value-case").verdict == Verdict::fail);
  CHECK(result_of(suite, "frame.opcode-3").verdict == Verdict::error);
}

TEST_CASE("a server that has answered with an error of its own is gone after that, whatever was torn by it") {
  const Settings settings;
  Suite suite(selected({.only = {"hs.basic", "hs.name-case"}}), settings, 1);
  base::TimePoint now = base::TimePoint{} + std::chrono::hours(1);
  Heard torn(Role::server);
  torn.receive_end(false, now);
  auto first = suite.next(now);
  auto second = suite.next(now);
  Result erred = with(Verdict::warn);
  erred.status = 500;
  now += milliseconds(1);
  suite.finished(*second, erred, nothing, now);
  suite.finished(*first, with(Verdict::fail), torn, now);
  while (!suite.over()) {
    const auto task = suite.next(now);
    if (task) suite.no_connection(*task, {base::ErrorKind::connect, "refused"}, now);
    now += milliseconds(200);
  }
  CHECK(result_of(suite, "hs.name-case").seen == "the server is gone after this case");
}

TEST_CASE("a case without a connection is tried again, then an error") {
  const Settings settings;
  Suite suite(selected({.only = {"hs.basic"}}), settings, 1);
  base::TimePoint now{};
  for (int i = 0; i < 6; ++i) {
    CAPTURE(i);
    auto task = suite.next(now);
    REQUIRE(task);
    suite.no_connection(*task, {base::ErrorKind::connect, "refused"}, now);
    now += milliseconds(200);
    if (suite.over()) break;
  }
  CHECK(result_of(suite, "hs.basic").verdict == Verdict::error);
  CHECK(result_of(suite, "hs.basic").seen == "no connection: refused");
}

TEST_CASE("a client is not asked whether it lives, and may miss a case") {
  Settings settings;
  settings.role = Role::client;
  settings.deflate = true;
  auto cases = select_cases({.only = {"close.1000", "close.1001"}}, Role::client, false);
  REQUIRE(cases.ok());
  Suite suite(*cases, settings, 0);
  const base::TimePoint now = base::TimePoint{} + std::chrono::hours(1);
  CHECK(suite.connections() == 2);
  const auto first = suite.next(now);
  REQUIRE(first);
  suite.no_connection(*first, {base::ErrorKind::connect, "nobody came"}, now);
  const auto other = suite.next(now);
  REQUIRE(other);
  suite.finished(*other, with(Verdict::pass), nothing, now);
  CHECK(suite.over());
  CHECK(result_of(suite, "close.1000").seen == "no connection: nobody came");
  CHECK(result_of(suite, "close.1001").verdict == Verdict::pass);
}

TEST_CASE("a client that chooses itself may carry out a case again, and leave others out") {
  Settings settings;
  settings.role = Role::client;
  auto cases = select_cases({.only = {"close.1000", "close.1001", "inv.mask"}}, Role::client, false);
  REQUIRE(cases.ok());
  Suite suite(*cases, settings, 0);
  const base::TimePoint now = base::TimePoint{} + std::chrono::hours(1);
  suite.finished(suite.begin(1, now), with(Verdict::fail), nothing, now);
  CHECK(result_of(suite, "close.1001").verdict == Verdict::fail);
  suite.finished(suite.begin(1, now), with(Verdict::pass), nothing, now);
  suite.conclude("not asked for");
  CHECK(suite.over());
  CHECK(result_of(suite, "close.1001").verdict == Verdict::pass);
  CHECK(result_of(suite, "close.1000").verdict == Verdict::skip);
  CHECK(result_of(suite, "inv.mask").verdict == Verdict::pass);
}
