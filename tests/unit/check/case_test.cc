#include "check/case.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "check/measurement.h"
#include "check/step.h"

using namespace wscope;
using namespace wscope::check;

namespace {

const Case* find(const std::vector<Case>& cases, std::string_view id) {
  const auto found = std::find_if(cases.begin(), cases.end(), [id](const Case& one) { return one.id == id; });
  return found == cases.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("braces stand for several cases, each with its own part of the program") {
  const auto cases = all_cases();
  const Case* opcode = find(cases, "frame.opcode-b");
  REQUIRE(opcode != nullptr);
  CHECK(opcode->program == "frame b hello | failed 1002 1003");
  const Case* key = find(cases, "hs.key-17");
  REQUIRE(key != nullptr);
  CHECK(key->program == "set Sec-WebSocket-Key: d3Njb3BlLWNoZWNrLS0tMTc= | ask | refused");
  const Case* fragments = find(cases, "frag.empty-first");
  REQUIRE(fragments != nullptr);
  CHECK(fragments->program == "text fin=0 | frame 0 {sample} | handled");
}

TEST_CASE("every id is there once, belongs to its group, and has a program that can be read") {
  std::set<std::string> ids;
  for (const Case& one : all_cases()) {
    CAPTURE(one.id);
    CHECK(ids.insert(one.id).second);
    CHECK(one.id.starts_with(std::string(one.group->name) + "."));
    CHECK(one.row->marks.size() >= 3);
    CHECK(!one.row->sent.empty());
    CHECK(!one.row->passes.empty());
    if (Measurement::is_for(one)) continue;
    const auto steps = parse_program(one.program);
    CHECK_MESSAGE(steps.ok(), (steps ? "" : steps.error().message));
    CHECK(one.program.find('$') == std::string::npos);
  }
}

TEST_CASE("marks say level, role and what a case needs") {
  const auto cases = all_cases();
  const Case& echo = *find(cases, "frame.text-1");
  CHECK(echo.level() == Level::must);
  CHECK(echo.wants_echo());
  CHECK(echo.is_for(Role::client));
  CHECK(!echo.slow());
  const Case& server = *find(cases, "hs.slow-head");
  CHECK(server.level() == Level::info);
  CHECK(server.slow());
  CHECK(!server.is_for(Role::client));
  CHECK(!server.wants_echo());
  CHECK(find(cases, "ctl.ping-flood")->aggressive());
  CHECK(find(cases, "close.half")->wants_plain());
  CHECK(find(cases, "pmdx.plain")->wants_deflate());
  CHECK(find(cases, "frame.len-msb")->level() == Level::should);
}

TEST_CASE("patterns of ids have * and ?") {
  CHECK(fits("hs.key-15", "hs.key-*"));
  CHECK(fits("hs.key-15", "*"));
  CHECK(fits("hs.key-15", "*key*5"));
  CHECK(fits("hs.key-15", "hs.key-1?"));
  CHECK(!fits("hs.key-15", "hs.key"));
  CHECK(!fits("hs.key-15", "hs.key-1"));
  CHECK(!fits("hs.key", "hs.key-*"));
  CHECK(!fits("", "?"));
  CHECK(fits("", "*"));
}

TEST_CASE("a section has all that is below it") {
  const auto cases = all_cases();
  const Case& control = *find(cases, "ctl.ping-126");  // 5.5, 10.7
  CHECK(is_about(control, "6455/5.5"));
  CHECK(is_about(control, "5.5"));
  CHECK(is_about(control, "5"));
  CHECK(is_about(control, "6455"));
  CHECK(is_about(control, "10.7"));
  CHECK(!is_about(control, "6455/5.5.1"));
  CHECK(!is_about(control, "1"));
  CHECK(!is_about(control, "7692"));
  const Case& offer = *find(cases, "pmd.reply-subset");  // 7692 7, 7.1
  CHECK(is_about(offer, "7692"));
  CHECK(is_about(offer, "7692/7.1"));
  CHECK(!is_about(offer, "6455/7"));
  CHECK(is_about(*find(cases, "hs.upgrade-h2c"), "9110/7.8"));
}
