#include "serve/program_input.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "support/split.h"

using namespace std::chrono_literals;
using namespace wscope;
using serve::ExecFormat;
using serve::ProgramInput;

namespace {

const view::Stamp stamp{view::WallTime(1'795'165'921'123'456us), 7};

std::string in_words(const base::Result<ProgramInput::Given>& given) {
  if (!given) {
    CHECK(given.error().kind == base::ErrorKind::protocol);
    return "! " + given.error().message;
  }
  std::string bytes(base::as_text(given->body));
  bytes += given->end;
  if (!given->resize) return bytes;
  CHECK(bytes.empty());
  return "resize " + std::to_string(given->resize->rows) + "x" + std::to_string(given->resize->columns);
}

std::string give(ProgramInput& input, std::string_view data, ws::Opcode type = ws::Opcode::text) {
  return in_words(input.take({.type = type, .data = base::as_bytes(data)}, stamp));
}

/// What a message is, in any pieces.
std::string given(ProgramInput& input, std::string_view data, ws::Opcode type = ws::Opcode::text) {
  const std::string whole = give(input, data, type);
  test::for_each_split(data, [&](test::Pieces pieces, const std::string& name) {
    CAPTURE(name);
    std::string bytes;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      bytes += in_words(
          input.take({.type = type, .first = i == 0, .finished = i + 1 == pieces.size(), .data = pieces[i]}, stamp));
    }
    CHECK(bytes == whole);
  });
  return whole;
}

}  // namespace

TEST_CASE("a message is a line, or ends with a NUL, or is as it is") {
  ProgramInput lines({.format = ExecFormat::lines});
  CHECK(given(lines, "grüße") == "grüße\n");
  CHECK(given(lines, "") == "\n");
  CHECK(given(lines, "\xff\xfe", ws::Opcode::binary) == "\xff\xfe\n");
  ProgramInput nul({.format = ExecFormat::nul});
  CHECK(given(nul, "one\ntwo") == std::string("one\ntwo\0", 8));
  for (const ExecFormat format : {ExecFormat::raw, ExecFormat::whole}) {
    ProgramInput raw({.format = format});
    CHECK(given(raw, "one\ntwo") == "one\ntwo");
    CHECK(given(raw, "").empty());
    CHECK_FALSE(raw.take_ambiguity());
  }
}

TEST_CASE("any message is a line of base64") {
  ProgramInput input({.format = ExecFormat::base64});
  CHECK(given(input, "Hello, world", ws::Opcode::binary) == "SGVsbG8sIHdvcmxk\n");
  CHECK(given(input, "Hello") == "SGVsbG8=\n");
  CHECK(given(input, "Hell") == "SGVsbA==\n");
  CHECK(given(input, "") == "\n");
}

TEST_CASE("that a message looks like several is said once") {
  ProgramInput lines({.format = ExecFormat::lines});
  CHECK(give(lines, std::string_view("a\0b", 3)).size() == 4);
  CHECK_FALSE(lines.take_ambiguity());
  CHECK(give(lines, "a\nb") == "a\nb\n");
  CHECK(give(lines, "c") == "c\n");
  CHECK(lines.take_ambiguity());
  CHECK_FALSE(lines.take_ambiguity());
  CHECK(give(lines, "a\nb") == "a\nb\n");
  CHECK_FALSE(lines.take_ambiguity());
  ProgramInput nul({.format = ExecFormat::nul});
  static_cast<void>(give(nul, "a\nb"));
  CHECK_FALSE(nul.take_ambiguity());
  static_cast<void>(give(nul, std::string_view("a\0b", 3)));
  CHECK(nul.take_ambiguity());
}

TEST_CASE("a message is an object on a line, of one connection or of many") {
  ProgramInput input({.format = ExecFormat::json});
  CHECK(input.needs_whole());
  CHECK(give(input, "a\n\"b\"") == R"({"event":"text","time":"2026-11-20T09:12:01.123456Z","conn":7,"dir":"in",)"
                                   R"("data":"a\n\"b\""})"
                                   "\n");
  const ws::Message binary{.type = ws::Opcode::binary, .data = base::as_bytes(std::string_view("\0\xff", 2))};
  CHECK(in_words(input.take(binary, {.time = stamp.time, .connection = std::nullopt})) ==
        R"({"event":"binary","time":"2026-11-20T09:12:01.123456Z","dir":"in","base64":"AP8="})"
        "\n");
}

TEST_CASE("to a terminal any message is keys") {
  ProgramInput input({.format = ExecFormat::raw, .keys = true});
  CHECK_FALSE(input.needs_whole());
  CHECK(given(input, "ls\r") == "ls\r");
  CHECK(given(input, "\x1b[A", ws::Opcode::binary) == "\x1b[A");
  CHECK(given(input, R"({"type":"resize","cols":1,"rows":1})") == R"({"type":"resize","cols":1,"rows":1})");
}

TEST_CASE("a terminal's objects are keys and sizes, and binary messages keys") {
  ProgramInput input({.format = ExecFormat::json, .keys = true});
  CHECK(input.needs_whole());
  CHECK(give(input, R"( {"type":"text","data":"l\u0073\r"} )") == "ls\r");
  CHECK(give(input, R"({"data":"","type":"text"})").empty());
  CHECK(give(input, R"({"type":"resize","cols":132,"rows":50})") == "resize 50x132");
  CHECK(give(input, R"({"type":"resize","cols":1,"rows":9999})") == "resize 9999x1");
  CHECK(give(input, R"({"type":"text")", ws::Opcode::binary) == R"({"type":"text")");
}

TEST_CASE("a terminal's objects that are none say what they lack") {
  ProgramInput input({.format = ExecFormat::json, .keys = true});
  for (const char* const text : {"", "ls", "[]", "{", R"({"type":"text","data":"x"}x)"}) {
    CAPTURE(text);
    CHECK(give(input, text) == "! is not a JSON object");
  }
  for (const char* const text : {"{}", R"({"type":"binary"})", R"({"type":1})", R"({"event":"text","data":""})"}) {
    CAPTURE(text);
    CHECK(give(input, text) == "! has no \"type\" that is \"text\" or \"resize\"");
  }
  for (const char* const text :
       {R"({"type":"text"})", R"({"type":"text","data":1})", R"({"type":"text","data":"\ud800"})"}) {
    CAPTURE(text);
    CHECK(give(input, text) == "! has no \"data\" that is a string");
  }
  for (const char* const sides : {R"("cols":80)", R"("rows":24)", R"("cols":0,"rows":24)", R"("cols":80,"rows":10000)",
                                  R"("cols":-1,"rows":24)", R"("cols":80.5,"rows":24)", R"("cols":"80","rows":24)",
                                  R"("cols":65537,"rows":24)", R"("cols":null,"rows":24)"}) {
    CAPTURE(sides);
    CHECK(give(input, std::string(R"({"type":"resize",)") + sides + "}") ==
          "! has no \"cols\" and \"rows\" that are whole numbers from 1 to 9999");
  }
}
