#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "view/json_events.h"

using namespace std::chrono_literals;
using namespace wscope;

namespace {

const view::Stamp stamp{view::WallTime(), 7};

// What is behind the beginning that all events have.
std::string behind_stamp(const std::string& line) {
  const std::string begin = R"("time":"1970-01-01T00:00:00.000000Z","conn":7,)";
  REQUIRE(line.find(begin) != std::string::npos);
  REQUIRE(line.ends_with("}\n"));
  return line.substr(0, line.find(begin)) + line.substr(line.find(begin) + begin.size());
}

std::string answer(const view::AnswerView& view) {
  std::string line;
  view::append_answer(stamp, view, line);
  return behind_stamp(line);
}

}  // namespace

TEST_CASE("pong: an answer has its number and its time") {
  CHECK(answer({.sequence = 3, .payload = base::as_bytes("\xff"), .round_trip = 81us}) ==
        R"({"event":"pong","dir":"in","base64":"/w==","seq":3,"rtt_ms":0.081})"
        "\n");
  CHECK(answer({.sequence = 3, .payload = base::as_bytes("a"), .duplicate = true}) ==
        R"({"event":"pong","dir":"in","data":"a","seq":3,"dup":true})"
        "\n");
  CHECK(answer({.sequence = 3, .payload = base::as_bytes("a"), .round_trip = 2s, .late = true}) ==
        R"({"event":"pong","dir":"in","data":"a","seq":3,"rtt_ms":2000.000,"late":true})"
        "\n");
  const view::Timing way{.tcp = 1ms};
  CHECK(answer({.sequence = 3, .payload = base::as_bytes("a"), .way = &way})
            .ends_with(R"("rtt_ms":0.000,"dns_ms":null,"tcp_ms":1.000,"proxy_ms":null,"tls_ms":null,"upgrade_ms":null})"
                       "\n"));
}

TEST_CASE("lost: why") {
  std::string line;
  view::append_lost(stamp, 4, "no \"answer\"", line);
  CHECK(behind_stamp(line) == R"({"event":"lost","seq":4,"message":"no \"answer\""})"
                              "\n");
}

TEST_CASE("summary: figures are null if there are none") {
  std::string line;
  view::append_summary(stamp, {.pings = 1, .lost = 1, .elapsed = 1500us}, line);
  CHECK(behind_stamp(line) ==
        R"({"event":"summary","pings":1,"pongs":0,"lost":1,"skipped":0,"open":0,"dup":0,"late":0,"unknown":0,)"
        R"("pings_in":0,"messages_in":0,"elapsed_ms":1.500,"min_ms":null,"avg_ms":null,"max_ms":null,"mdev_ms":null,)"
        R"("p50_ms":null,"p90_ms":null,"p99_ms":null})"
        "\n");
  line.clear();
  view::append_summary(stamp, {.round_trips = view::SummaryView::Figures{1ms, 2ms, 3ms, 4ms, {5ms, 6ms, 7ms}}}, line);
  CHECK(line.find(R"("min_ms":1.000,"avg_ms":2.000,"max_ms":3.000,"mdev_ms":4.000,"p50_ms":5.000,"p90_ms":6.000,)"
                  R"("p99_ms":7.000)") != std::string::npos);
}
