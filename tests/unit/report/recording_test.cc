#include "report/recording.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "unit/repl/folder.h"
#include "unit/report/reports.h"

using namespace wscope;
using namespace std::chrono_literals;
using report::Entry;
using report::Recording;
using wire::Direction;

namespace {

void add(Recording& recording, Entry entry, std::string_view payload) {
  entry.size = payload.size();
  CHECK(recording.add(entry, base::as_bytes(payload)).ok());
}

}  // namespace

TEST_CASE("a recording says what it is, and then what was said") {
  const test::Folder folder;
  const std::string path = folder.path_of("f");
  auto recording = Recording::begin(path, "ws://host/");
  REQUIRE(recording.ok());
  CHECK(recording->path() == path);
  add(*recording, {.connection = 1, .direction = Direction::out}, "hi");
  CHECK(test::outline(folder.content_of("f")) == std::vector<std::string>{"recording 0", "text 1 out"});
  add(*recording, {.connection = 2, .opcode = ws::Opcode::binary}, "\xff");
  add(*recording, {.connection = 1, .direction = Direction::out, .opcode = ws::Opcode::ping}, "p");
  add(*recording, {.connection = 1, .opcode = ws::Opcode::pong, .latency = 80us}, "p");
  add(*recording, {.connection = 1, .opcode = ws::Opcode::close, .code = ws::close_code::normal}, "bye");
  add(*recording, {.connection = 1, .direction = Direction::out, .opcode = ws::Opcode::close}, "");
  Entry cut{.connection = 1};
  cut.size = 1000;
  CHECK(recording->add(cut, base::as_bytes("beginning")).ok());
  const auto events = test::events_in(folder.content_of("f"));
  REQUIRE(events.size() == 8);
  CHECK(events[0].starts_with(R"({"event":"recording","conn":0,"version":1,"by":"wscope )"));
  CHECK(events[0].ends_with(R"(,"url":"ws://host/"})"));
  CHECK(events[1] == R"({"event":"text","conn":1,"dir":"out","data":"hi"})");
  CHECK(events[2] == R"({"event":"binary","conn":2,"dir":"in","base64":"/w=="})");
  CHECK(events[3] == R"({"event":"ping","conn":1,"dir":"out","data":"p"})");
  CHECK(events[4] == R"({"event":"pong","conn":1,"dir":"in","data":"p","rtt_ms":0.080})");
  CHECK(events[5].starts_with(R"({"event":"close","conn":1,"dir":"in","code":1000,)"));
  CHECK(events[6].starts_with(R"({"event":"close","conn":1,"dir":"out","code":1005,)"));
  CHECK(events[7] == R"({"event":"incomplete","conn":1,"dir":"in","type":"text","length":1000})");
}

TEST_CASE("a file that is there is left alone") {
  const test::Folder folder;
  const std::string path = folder.file("f", "kept");
  const auto recording = Recording::begin(path, "");
  REQUIRE_FALSE(recording.ok());
  CHECK(recording.error().message == path + ": file exists");
  CHECK(folder.content_of("f") == "kept");
}
