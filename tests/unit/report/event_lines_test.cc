#include "report/event_lines.h"

#include <doctest/doctest.h>

#include <string>

#include "ws/violation.h"

using namespace wscope;

namespace {

std::string line_of(const link::Happening& happening) {
  std::string line;
  report::append_event({view::WallTime(), 3}, happening, line);
  return line;
}

bool has(const std::string& line, const std::string& text) { return line.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("what comes, opens and ends is an event") {
  ws::Message message;
  message.data = base::as_bytes("hi");
  CHECK(has(line_of(link::Received{message}), R"("conn":3,"dir":"in","data":"hi")"));
  const ws::Event ping = ws::Ping{base::as_bytes("p")};
  CHECK(has(line_of(link::Heard{ping}), R"("event":"ping")"));
  const ws::Event close = ws::CloseReceived{ws::close_code::normal, "bye"};
  CHECK(has(line_of(link::Heard{close}), R"("code":1000)"));
  const view::OpenView open{};
  CHECK(has(line_of(link::Opened{open}), R"("event":"open")"));
  const ws::Incomplete cut{ws::Opcode::text, 5};
  CHECK(has(line_of(link::CutOff{wire::Direction::in, cut}), R"("length":5)"));
  const ws::CloseRecord record{};
  CHECK(has(line_of(link::Ended{record}), R"("event":"closed")"));
  const std::string url = "ws://h/";
  const std::string address = "127.0.0.1:1";
  CHECK(has(line_of(link::Connecting{url, address}), R"("address":"127.0.0.1:1")"));
}

TEST_CASE("what is for a person, or not for everybody, is none") {
  const std::string text = "text";
  CHECK(line_of(link::Noted{text}).empty());
  CHECK(line_of(link::Warned{text}).empty());
  CHECK(line_of(link::Sent{ws::Opcode::text, {}}).empty());
  const ws::Event opened = ws::Opened{};
  CHECK(line_of(link::Heard{opened}).empty());
}
